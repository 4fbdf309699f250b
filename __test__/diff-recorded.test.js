'use strict'
// `rs-eventloop diff`: what is recorded of a script.

const { test } = require('node:test')
const assert = require('node:assert')
const { symlinkSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { nodesSide, rs, write } = require('./diff/run')

async function recorded(...lines) {
  const result = await rs('diff', write('script.js', ...lines))
  assert.strictEqual(result.code, 0, result.stdout + result.stderr)
  return nodesSide(result.stdout)
}

test('what runs, in which phase, and what set it', async () => {
  const rows = await recorded(
    'setImmediate(() => {',
    '  process.nextTick(() => {})',
    '  queueMicrotask(() => {})',
    '  setTimeout(() => {',
    "    const reaction = Promise.reject('reason').catch(() => {})",
    '    reaction.then(() => {}).finally(() => {})',
    '    let left = 2',
    '    const interval = setInterval(() => --left || clearInterval(interval), 5)',
    '  }, 5)',
    '})',
  )
  assert.deepStrictEqual(rows, [
    'main main script',
    'check immediate, line 1 ← 0',
    'ticks tick, line 2 ← 1',
    'microtasks microtask, line 3 ← 1',
    'timers timeout, line 4 ← 1',
    'microtasks catch, line 5 ← 4',
    'microtasks then, line 6 ← 4',
    'microtasks finally, line 6 ← 4',
    'timers interval, line 8 ← 4',
    'timers interval, line 8, run 2 ← 4',
    'exit code 0',
  ])
})

test('what runs after an await, in a callback of I/O, and what is printed there', async () => {
  const rows = await recorded(
    "require('node:fs').readFile(__filename, () => {",
    '  setImmediate(async () => {',
    '    await null',
    "    console.log('%d times', 2)",
    '    process.nextTick(() => {})',
    '  })',
    '})',
  )
  assert.deepStrictEqual(rows, [
    'main main script',
    'poll I/O, line 1 ← 0',
    'check immediate, line 2 ← 1',
    'microtasks await, line 3 ← 2',
    'print print, line 4: 2 times ← 3',
    'ticks tick, line 5 ← 3',
    'exit code 0',
  ])
})

test('what packages and modules set has the name of their file', async () => {
  write('other.mjs', 'export const set = () => {', '  setImmediate(() => {})', '}')
  const script = write('script.mjs', "import { set } from './other.mjs'", 'set()', 'process.nextTick(() => {})')
  const { code, stdout, stderr } = await rs('diff', script)
  assert.strictEqual(code, 0, stderr)
  assert.deepStrictEqual(nodesSide(stdout), [
    'main main script',
    'ticks tick, line 3 ← 0',
    'check immediate, other.mjs:2 ← 0',
    'exit code 0',
  ])
})

test('what V8 and Node do inside is not recorded', async () => {
  const rows = await recorded(
    'Promise.all([1, Promise.resolve(2)])',
    'new Promise((resolve) => resolve(Promise.resolve(1)))',
    "require('node:fs').stat(__filename, () => {})",
    "require('node:stream').Readable.from([1, 2]).resume()",
  )
  assert.deepStrictEqual(rows, ['main main script', 'exit code 0'])
})

test('awaiting the promise forms: one entry for each await of the script', async () => {
  const rows = await recorded(
    "const { setInterval: every, setTimeout: sleep } = require('node:timers/promises')",
    'async function main() {',
    '  await sleep(1)',
    '  for await (const _ of every(1)) break',
    '  setImmediate(() => {})',
    '}',
    'main()',
  )
  assert.deepStrictEqual(rows, [
    'main main script',
    'microtasks await, line 3 ← 0',
    'microtasks await, line 4 ← 1',
    'microtasks await, line 4 ← 2',
    'check immediate, line 5 ← 3',
    'exit code 0',
  ])
})

test('the script finds everything as it is without a recorder', async () => {
  const rows = await recorded(
    "const { promisify } = require('node:util')",
    "const timers = require('node:timers')",
    'console.log(setTimeout.name, setTimeout.length, timers.setTimeout === setTimeout)',
    "console.log(promisify(setTimeout) === require('node:timers/promises').setTimeout)",
    'console.log(Object.keys(process.env).filter((name) => /DIFF/.test(name)).length)',
    "console.log(process.argv.length, require.main === module, Object.keys(globalThis).includes('setTimeout'))",
    'try { setTimeout() } catch (error) { console.log(error.code) }',
    'setTimeout((...args) => console.log(args.length), 1, 1, 2)',
  )
  assert.deepStrictEqual(
    rows.filter((row) => row.startsWith('print')).map((row) => row.replace(/^.*?: (.*) ← \d+$/, '$1')),
    [`setTimeout ${setTimeout.length} true`, 'true', '0', '2 true true', 'ERR_INVALID_ARG_TYPE', '2'],
  )
})

test('workers and forks of the script are not recorded, and the script gets its arguments', async () => {
  const script = write(
    'forks.js',
    "const { isMainThread, Worker } = require('node:worker_threads')",
    "if (!isMainThread || process.argv[2] === 'fork') setImmediate(() => {})",
    "else new Worker(__filename).on('exit', () => {",
    "  require('node:child_process').fork(__filename, ['fork']).on('exit', () => console.log(process.argv.slice(2)))",
    '})',
  )
  const { code, stdout } = await rs('diff', script, '--', 'one', '--two')
  assert.strictEqual(code, 0, stdout)
  const rows = nodesSide(stdout).filter((row) => !row.startsWith('poll'))
  assert.deepStrictEqual(rows.slice(0, 1), ['main main script'])
  assert.match(rows[1], /^print print, line 4: \[ 'one', '--two' \] /)
  assert.strictEqual(rows.length, 3)
})

test('what is set by way of code without a file has the line that called it', async () => {
  const rows = await recorded(
    "new Function('callback', 'setTimeout(callback, 30)')(() => {});",
    "eval('setImmediate(() => {})');",
    '[() => {}].forEach(queueMicrotask)',
  )
  assert.deepStrictEqual(rows, [
    'main main script',
    'microtasks microtask, line 3 ← 0',
    'check immediate, line 2 ← 0',
    'timers timeout, line 1 ← 0',
    'exit code 0',
  ])
})

test('Node’s side is Node’s, whoever has put our functions in their place', async () => {
  const script = write('who.js', "console.log('_idlePrev' in setTimeout(() => {}, 1))")
  const register = join(__dirname, '..', 'register.js')
  for (const options of [`--require ${register}`, `--import ${pathToFileURL(register)}`]) {
    process.env.NODE_OPTIONS = options
    const { stdout } = await rs('diff', script)
    delete process.env.NODE_OPTIONS
    assert.match(stdout, /print, line 1: true.*print, line 1: false/)
  }
})

test('a script behind a link is the script', {
  skip: process.platform === 'win32' && 'links need rights there',
}, async () => {
  const script = write('real.js', 'setImmediate(() => {})')
  const link = join(dirname(script), 'link.js')
  symlinkSync(script, link)
  const { stdout } = await rs('diff', link)
  assert.deepStrictEqual(nodesSide(stdout), ['main main script', 'check immediate, line 1 ← 0', 'exit code 0'])
})

test('a script may break what the recorder could need', async () => {
  const rows = await recorded(
    "const fs = require('node:fs')",
    "for (const name of ['writeFileSync', 'appendFileSync']) fs[name] = () => { throw new Error(name) }",
    'Object.freeze(Error)',
    'Object.freeze(Promise.prototype)',
    "process.on('uncaughtException', () => console.log('caught'))",
    'process.nextTick(() => { throw Object.create(null) })',
  )
  assert.deepStrictEqual(rows.at(-1), 'exit code 0')
  assert.ok(rows.some((row) => row.includes('something without a text')))
  assert.ok(rows.some((row) => row.includes('caught')))
})

test('a stack that is full leaves the script its stacks', async () => {
  const rows = await recorded(
    'const fill = () => { clearTimeout(setTimeout(() => {}, 1000)); fill() }',
    'try { fill() } catch {}',
    "console.log(typeof new Error('own').stack)",
  )
  assert.ok(
    rows.some((row) => row.includes('line 3: string')),
    rows.join('\n'),
  )
})
