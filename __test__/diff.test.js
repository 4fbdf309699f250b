'use strict'
// `rs-eventloop diff`: how it is called, what it says of two recordings, and its exit codes.

const { test } = require('node:test')
const assert = require('node:assert')
const { arrowsOf } = require('../lib/diff/layout')
const { pageOf } = require('../lib/diff/page')
const { play } = require('../lib/diff/play')
const { firstDifference } = require('../lib/diff/trace')
const { nodesSide, rs, write } = require('./diff/run')

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

/** For what a script does first on a busy machine, in seconds. */
const LONG_ENOUGH = '3'

test('a script that never ends is ended', async () => {
  const waits = await rs('diff', write('waits.js', 'setTimeout(() => {}, 1e9)'), '--seconds', LONG_ENOUGH)
  assert.strictEqual(waits.code, 0)
  assert.deepStrictEqual(nodesSide(waits.stdout), ['main main script', `ended after ${LONG_ENOUGH} s`])
  const blocks = await rs(
    'diff',
    write('blocks.js', 'process.nextTick(() => {', '  for (;;);', '})'),
    '--seconds',
    LONG_ENOUGH,
  )
  assert.strictEqual(blocks.code, 0)
  assert.deepStrictEqual(nodesSide(blocks.stdout), [
    'main main script',
    'ticks tick, line 1 ← 0',
    `ended after ${LONG_ENOUGH} s`,
  ])
})

test('how long a process takes to begin does not count', async () => {
  const seconds = Number(LONG_ENOUGH)
  const slow = write('slow.js', `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${seconds * 1000})`)
  const { NODE_OPTIONS = '' } = process.env
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --require ${JSON.stringify(slow)}`
  try {
    const { end } = await play('node', write('empty.js'), [], { seconds, events: 10 })
    assert.strictEqual(end, 'exit code 0')
  } finally {
    process.env.NODE_OPTIONS = NODE_OPTIONS
  }
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
