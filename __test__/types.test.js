'use strict'
// The declarations: the compiler accepts right use and refuses wrong use, and what is declared is what is there.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { mkdtemp, rm, writeFile } = require('node:fs/promises')
const { readFileSync, readdirSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const ours = require('..')

const root = join(__dirname, '..')

/** Runs the compiler. Resolves with what it complains about. */
function compile(...args) {
  return new Promise((resolve) => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    execFile(process.execPath, [tsc, '--noEmit', ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, complaints: stdout + stderr })
    })
  })
}

/** Compiles one CommonJS module by itself. */
async function compileSource(source) {
  const folder = await mkdtemp(join(tmpdir(), 'rs-eventloop-'))
  try {
    const file = join(folder, 'generated.cts')
    await writeFile(file, source)
    const typeRoots = join(root, 'node_modules', '@types')
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
    return await compile(...options, '--typeRoots', typeRoots, file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('programs that use every public item compile, and wrong ones do not', async () => {
  assert.deepStrictEqual(await compile('-p', join(__dirname, 'types')), { failed: false, complaints: '' })
})

/** Symbols as TypeScript writes them. What else a handle has under a symbol is not for its users. */
const SYMBOLS = new Map([
  [Symbol.toPrimitive, 'Symbol.toPrimitive'],
  [Symbol.dispose, 'Symbol.dispose'],
  [Symbol.asyncDispose, 'Symbol.asyncDispose'],
])

/** An object type with exactly these keys, as an expression of TypeScript. */
function keysAsObject(keys) {
  const shown = keys.map((key) => (typeof key === 'symbol' ? `[${SYMBOLS.get(key)}]` : JSON.stringify(key)))
  return `{ ${shown.map((key) => `${key}: true`).join(', ')} }`
}

/** What an object of a class has for its users, and the callback where Node's types expect it. */
function publicKeys({ prototype }, ...callback) {
  const isPublic = (key) => (typeof key === 'symbol' ? SYMBOLS.has(key) : key !== 'constructor' && key[0] !== '_')
  return [...Reflect.ownKeys(prototype).filter(isPublic), ...callback]
}

function comparison(names) {
  const { EventLoop, promises, Timeout, Immediate } = ours
  return `
    import loop = require(${JSON.stringify(join(root, 'index'))})
    import promises = require(${JSON.stringify(join(root, 'promises'))})
    export const a: Record<keyof typeof loop, true> = ${keysAsObject(names)}
    export const b: Record<keyof typeof promises, true> = ${keysAsObject(Object.keys(promises))}
    export const c: Record<keyof typeof promises.scheduler, true> = ${keysAsObject(['wait', 'yield'])}
    export const d: Record<keyof loop.Timeout, true> = ${keysAsObject(publicKeys(Timeout, '_onTimeout'))}
    export const e: Record<keyof loop.Immediate, true> = ${keysAsObject(publicKeys(Immediate, '_onImmediate'))}
    export const f: Record<keyof loop.EventLoop, true> = ${keysAsObject(publicKeys(EventLoop))}
    export const g: typeof promises = loop.promises`
}

test('what is declared is what is there', async () => {
  const names = Object.keys(ours)
  assert.deepStrictEqual(await compileSource(comparison(names)), { failed: false, complaints: '' })
  const missing = await compileSource(comparison(names.slice(1)))
  assert.match(missing.complaints, /Property 'setTimeout' is missing/, 'a declared name that is not there is seen')
  const more = await compileSource(comparison([...names, 'undeclared']))
  assert.match(more.complaints, /undeclared.* does not exist/, 'an undeclared one is seen')
})

test('an ES module has the names of the CommonJS one', async () => {
  for (const file of ['index', 'promises']) {
    const module = await import(join(root, `${file}.mjs`))
    const exported = require(join(root, file))
    assert.deepStrictEqual(Object.keys(module).toSorted(), [...Object.keys(exported), 'default'].toSorted())
    assert.strictEqual(module.default, exported)
    for (const name of Object.keys(exported)) assert.strictEqual(module[name], exported[name])
  }
})

/** The files of a folder, those below it included, whose names end like this. */
const filesIn = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'))

test('the table of errors in index.d.ts has each code there is, and no other', () => {
  const code = /\b(ERR_[A-Z_]+|ABORT_ERR)\b/g
  const used = [...filesIn('lib', '.js'), ...filesIn('src', '.rs')].flatMap((source) => source.match(code) ?? [])
  const [comment] = readFileSync(join(root, 'index.d.ts'), 'utf8').split('*/')
  const rows = comment.split('\n').filter((line) => line.startsWith(' * | `'))
  const told = rows.flatMap((row) => row.split('|')[1].match(code))
  assert.deepStrictEqual(told.toSorted(), [...new Set(used)].toSorted())
})

for (const file of ['index.d.ts', 'event-loop.d.ts', 'metrics.d.ts', 'promises.d.ts']) {
  test(`every item of ${file} is explained`, () => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n')
    const begins = /^export (?!\*)|^ {2}(private |const |readonly )?[\w[][\w.\]]*[?]?[(:]/
    let items = 0
    let depth = 0
    lines.forEach((line, i) => {
      // Parameters on lines of their own are no items.
      if (depth === 0 && begins.test(line)) {
        items++
        assert.match(lines[i - 1], /\*\/$/, `${file}:${i + 1}: ${line}`)
      }
      depth += (line.match(/[(<]/g) ?? []).length - (line.replaceAll('=>', '').match(/[)>]/g) ?? []).length
    })
    assert.ok(items > 5, `${items} items`)
  })
}
