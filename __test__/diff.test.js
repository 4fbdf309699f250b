'use strict'
// `rs-eventloop diff`: what it records of a script, what it says of two recordings, and its exit codes.

const { test, before, after } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { arrowsOf } = require('../lib/diff/layout')
const { pageOf } = require('../lib/diff/page')
const { firstDifference } = require('../lib/diff/trace')

const command = join(__dirname, '..', 'bin', 'rs-eventloop.js')
let folder

before(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
})
after(() => fs.rmSync(folder, { recursive: true }))

function write(name, ...lines) {
  const file = join(folder, name)
  fs.writeFileSync(file, lines.join('\n'))
  return file
}

function rs(...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr })
    })
  })
}

/** Node's side of the output, without the numbers in front: `phase what ← by`. */
function nodesSide(stdout) {
  const [head, ...rows] = stdout.split('\n\n')[0].split('\n')
  const width = head.indexOf('rs-eventloop') - 4
  return rows.map((row) => row.slice(1, width).trim().replace(/^\d+ /, '').replaceAll(/ +/g, ' '))
}

async function recorded(...lines) {
  const result = await rs('diff', write('script.js', ...lines))
  assert.strictEqual(result.code, 0, result.stdout + result.stderr)
  return nodesSide(result.stdout)
}

const MISUSES = {
  'which command?': [],
  'no such command: compare': ['compare', 'script.js'],
  'which script?': ['diff'],
  'no such file: nowhere.js': ['diff', 'nowhere.js'],
  'no such file: .': ['diff', '.'],
  "Unknown option '--htm'": ['diff', 'nowhere.js', '--htm', 'out.html'],
  "Option '--html <value>' argument missing": ['diff', 'nowhere.js', '--html'],
  '--seconds must be a number above 0': ['diff', 'nowhere.js', '--seconds', 'ten'],
  '--events must be a number above 0': ['diff', 'nowhere.js', '--events', '0'],
}

for (const [message, args] of Object.entries(MISUSES)) {
  test(`misuse: ${message}`, async () => {
    const { code, stdout, stderr } = await rs(...args)
    assert.deepStrictEqual({ code, stdout }, { code: 2, stdout: '' })
    assert.ok(stderr.startsWith(`rs-eventloop: ${message}`), stderr)
    assert.match(stderr, /^Usage: rs-eventloop diff /m)
  })
}

test('a page that cannot be written is a misuse', async () => {
  const { code, stderr } = await rs('diff', write('empty.js'), '--html', 'nowhere/out.html')
  assert.strictEqual(code, 2)
  assert.match(stderr, /^rs-eventloop: ENOENT/)
})

test('--help says how it is used', async () => {
  const { code, stdout, stderr } = await rs('--help')
  assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.match(stdout, /^Usage: /)
})

test('what runs, in which phase, and what set it', async () => {
  const rows = await recorded(
    'setImmediate(() => {',
    '  process.nextTick(() => {})',
    '  queueMicrotask(() => {})',
    '  setTimeout(() => {',
    "    const reaction = Promise.reject('reason').catch(() => {})",
    '    reaction.then(() => {}).finally(() => {})',
    '  }, 5)',
    '})',
    'let left = 2',
    'const interval = setInterval(() => --left || clearInterval(interval), 50)',
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
    'timers interval, line 10 ← 0',
    'timers interval, line 10, run 2 ← 0',
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

const PLANTED = [
  "const isOurs = process.execArgv.some((argument) => argument.endsWith('register.js'))",
  'const two = [',
  '  () => setImmediate(() => {}),',
  '  () => setImmediate(() => {}),',
  ']',
  'for (const set of isOurs ? two.toReversed() : two) set()',
]

test('a difference is marked, and the exit code is 1', async () => {
  const { code, stdout } = await rs('diff', write('planted.js', ...PLANTED))
  assert.strictEqual(code, 1)
  const marked = stdout.split('\n').filter((line) => line.startsWith('>'))
  assert.strictEqual(marked.length, 1)
  assert.match(marked[0], /^> +1 check +immediate, line 3 {2}← 0 +1 check +immediate, line 4 {2}← 0$/)
  assert.match(stdout, /^Different from event 1 on\.$/m)
})

test('a script that Node itself plays in more than one way is said to be one', async () => {
  const counter = JSON.stringify(write('counter', '0'))
  const script = write(
    'varies.js',
    "const fs = require('node:fs')",
    `const runs = Number(fs.readFileSync(${counter}, 'utf8'))`,
    `fs.writeFileSync(${counter}, String(runs + 1))`,
    'runs === 0 ? setImmediate(() => {}) : process.nextTick(() => {})',
  )
  const { code, stdout } = await rs('diff', script)
  assert.strictEqual(code, 1)
  assert.match(stdout, /^Different from event 1 on\. Node itself plays this script in more than one way/m)
})

test('a script that throws: the error is shown, and both loops end alike', async () => {
  const script = write('throws.js', "setImmediate(() => { throw new Error('mine') })", 'setTimeout(() => {}, 1000)')
  const { code, stdout, stderr } = await rs('diff', script)
  assert.strictEqual(code, 0, stdout)
  assert.deepStrictEqual(nodesSide(stdout).slice(-2), ['error uncaught: mine ← 1', 'exit code 1'])
  assert.match(stderr, /Error: mine/)
  const rejects = await rs('diff', write('rejects.js', "Promise.reject(new Error('mine'))"))
  assert.strictEqual(rejects.code, 0)
  assert.deepStrictEqual(nodesSide(rejects.stdout).slice(-2), ['error unhandled: mine ← 0', 'exit code 1'])
  assert.strictEqual((await rs('diff', write('broken.js', 'const = 1'))).code, 0)
})

test('a script that never ends is ended', async () => {
  const waits = await rs('diff', write('waits.js', 'setTimeout(() => {}, 1e9)'), '--seconds', '0.5')
  assert.strictEqual(waits.code, 0)
  assert.deepStrictEqual(nodesSide(waits.stdout), ['main main script', 'ended after 0.5 s'])
  const blocks = await rs(
    'diff',
    write('blocks.js', 'process.nextTick(() => {', '  for (;;);', '})'),
    '--seconds',
    '0.5',
  )
  assert.strictEqual(blocks.code, 0)
  assert.deepStrictEqual(nodesSide(blocks.stdout), ['main main script', 'ticks tick, line 1 ← 0', 'ended after 0.5 s'])
})

test('a script of endless events is ended, and nothing of it runs any more', async () => {
  const script = write('endless.js', 'const again = () => setImmediate(again)', 'again()', "process.on('exit', again)")
  const { code, stdout } = await rs('diff', script, '--events', '20')
  assert.strictEqual(code, 0)
  assert.strictEqual(nodesSide(stdout).length, 21)
  assert.match(stdout, /ended after 20 events/)
})

const entry = (where, by = 0) => ({ kind: 'tick', where, by, times: 1 })
const side = (entries, { end = 'exit code 0', cut = false } = {}) => ({ entries, end, cut })

test('where two recordings part', () => {
  const [a, b] = [entry('1'), entry('2')]
  assert.strictEqual(firstDifference(side([a, b]), side([a, b])), undefined)
  assert.strictEqual(firstDifference(side([a, a]), side([a, b])), 1)
  assert.strictEqual(firstDifference(side([a]), side([a, b])), 1)
  assert.strictEqual(firstDifference(side([a, b]), side([a])), 1)
  assert.strictEqual(firstDifference(side([a, entry('1', 1)]), side([a, entry('1', 0)])), 1, 'set by another')
  assert.strictEqual(firstDifference(side([a]), side([a], { end: 'exit code 1' })), 1, 'another end')
  const cut = { cut: true, end: 'ended after 1 s' }
  assert.strictEqual(firstDifference(side([a], cut), side([a, b])), undefined, 'cut off')
  assert.strictEqual(firstDifference(side([a, b], cut), side([a])), 1, 'it has ended, and the other goes on')
  assert.strictEqual(firstDifference(side([b], cut), side([a, b])), 0)
})

test('every entry but the first has an arrow, and those that meet have tracks of their own', () => {
  const entries = [{ number: 0 }, ...[0, 0, 1, 0, 3, 4].map((by, i) => ({ number: i + 1, by }))]
  const arrows = arrowsOf(entries)
  assert.deepStrictEqual(
    arrows.map(({ from, to }) => [from, to]),
    [
      [0, 1],
      [0, 2],
      [1, 3],
      [0, 4],
      [3, 5],
      [4, 6],
    ],
  )
  for (const one of arrows) {
    for (const other of arrows) {
      const apart = one.to <= other.from || other.to <= one.from || one.track !== other.track
      assert.ok(one === other || apart, JSON.stringify([one, other]))
    }
  }
})

test('nothing a script prints becomes a part of the page', () => {
  const text = '</script><img src=x onerror=alert(1)>"\'&'
  const entries = [
    { kind: 'main', phase: 'main', where: '', number: 0, at: 0 },
    { kind: 'print', phase: 'print', where: '1', by: 0, number: 1, at: 1, text },
  ]
  const sides = [side(entries, { end: text }), side(entries)]
  const page = pageOf({ title: text, names: [text, 'ours'], sides, difference: undefined, verdict: text })
  assert.ok(!page.includes('<img'))
  assert.strictEqual(page.match(/<script>/g).length, 1)
  assert.strictEqual(page.match(/<\/script>/g).length, 1)
  assert.ok(page.includes('title="print, line 1: &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;'))
})
