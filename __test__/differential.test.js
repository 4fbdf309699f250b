'use strict'
// Random programs on Node's loop and on ours: the same trace, which is the one that the model of Node's rules gives.
// RS_EVENTLOOP_SEED=7 gives the programs of a run again; `npm run differential` goes on for longer.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { promisify } = require('node:util')
const { compare, judge } = require('./differential/compare')
const { generate } = require('./differential/generate')
const { predict, predictIfFixed } = require('./differential/model')
const mutants = require('./differential/mutants/list')
const { stepsOf } = require('./differential/program')
const { isRight, labelsOf, playOn, wasDisturbed } = require('./differential/run')
const { readCorpus, searchForDifferences } = require('./differential/search')
const { sideBySide, sourceOf } = require('./differential/show')

const PROGRAMS = 300
const seed = Number(process.env.RS_EVENTLOOP_SEED ?? Math.floor(Math.random() * 1e9))

/** Puts the time before each line that a program prints. */
const STAMPED = `
const { log } = console
console.log = (line) => log(performance.now() + ' ' + line)
`

/** In a folder of its own, next to which the package is found. Gives the trace. */
async function runSource(source, loop) {
  const folder = fs.mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  const root = join(__dirname, '..')
  const file = join(folder, 'program.js')
  const stamped = join(folder, 'stamped.js')
  fs.writeFileSync(file, source.replaceAll("'rs-eventloop'", JSON.stringify(root)))
  fs.writeFileSync(stamped, STAMPED)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--require', stamped, file, loop])
    const entries = stdout.trim().split('\n')
    return entries.map((line) => [line.slice(line.indexOf(' ') + 1), Number.parseFloat(line)])
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

test('programs that once differed are the same', async (t) => {
  const corpus = readCorpus()
  assert.ok(corpus.length > 0)
  const programs = corpus.map(({ name, program }) => ({ ...program, name }))
  await compare(programs, {
    onResult: ({ program, same, node, ours, expected }) => {
      const traces = sideBySide(['model', 'Node', 'ours'], [expected, node.trace, ours.trace])
      assert.ok(same, `${program.name}\n${sourceOf(program)}\n${traces}`)
      t.diagnostic(program.name)
    },
  })
})

test('random programs are the same', { timeout: 300_000 }, async (t) => {
  const said = []
  const say = (line) => {
    said.push(line)
    t.diagnostic(line)
  }
  assert.strictEqual(await searchForDifferences({ count: PROGRAMS, seed, keep: true, say }), undefined, said.join('\n'))
})

test('a package that differs is found out, and the program made small', async () => {
  const root = join(__dirname, 'differential', 'defective')
  const said = []
  // One after the other: the same program is found first, whatever else the machine does.
  const options = { count: 200, seed: 1, jobs: 1, keep: false, root, say: (line) => said.push(line) }
  const { least, text } = await searchForDifferences(options)
  const steps = [...stepsOf(least)].map((step) => step.do)
  assert.match(said.join('\n'), /, [1-9]\d* different$/m)
  assert.ok(steps.includes('microtask'), steps.join())
  assert.ok(steps.length <= 5, `${steps.length} steps: ${steps}`)
  assert.match(text, /^> \S/m)
})

test('the same seed gives the same program, and only one whose order is fixed', () => {
  for (let i = 0; i < 20; i++) {
    const program = generate(i, true)
    assert.deepStrictEqual(generate(i, true), program)
    assert.notDeepStrictEqual(generate(i + 1, true), program)
    assert.ok(predictIfFixed(program))
  }
})

/** An unref'd timer whose list Node keeps, and time that passes. */
const LEAVES_A_LIST = [
  { do: 'timeout', delay: 30 },
  { do: 'unref', of: 0 },
  { do: 'clear', of: 0, as: 'clearTimeout' },
  { do: 'busy', ms: 22 },
  { do: 'immediate' },
]
const WOULD_JOIN_IT = [
  { do: 'timeout', delay: 30 },
  { do: 'timeout', delay: 15 },
  { do: 'busy', ms: 46 },
]

test('a program does not depend on the one before it', async () => {
  const [before, program] = [LEAVES_A_LIST, WOULD_JOIN_IT].map((steps) => ({
    body: steps.map((step, id) => ({ id, ...step })),
  }))
  const expected = predict(program)
  for (const loop of ['node', 'ours']) {
    let trace
    do [, trace] = await playOn(loop, [before, program])
    while (wasDisturbed(trace, expected))
    assert.ok(isRight(trace, expected), `${loop}: ${labelsOf(trace)}`)
  }
})

/** Its times as if it had begun when the other one did. */
function fromTheSameMoment(trace, other) {
  const ahead = trace[0][1] - other[0][1]
  return trace.map(([label, time]) => [label, time - ahead])
}

test('a trace is disturbed where time passed that should not have, also at its end', () => {
  const expected = [
    ['a', 0],
    ['b', 30],
  ]
  const disturbed = (...trace) => wasDisturbed(trace, expected)
  assert.ok(!disturbed(['a', 0], ['c', 31]))
  assert.ok(disturbed(['a', 0], ['c', 40]))
  assert.ok(!disturbed(['a', 0], ['b', 30], ['c', 31]))
  assert.ok(disturbed(['a', 0], ['b', 30], ['c', 45]))
})

test('a program printed as a file plays as it did', async () => {
  for (const program of [1, 2, 3, 4].map((i) => generate(i, true))) {
    const expected = predict(program).filter(([label]) => label !== '')
    for (const loop of ['node', 'ours']) {
      const playAgain = async () => fromTheSameMoment(await runSource(sourceOf(program), loop), expected)
      const { trace } = await judge(playAgain, expected)
      assert.deepStrictEqual(labelsOf(trace), labelsOf(expected))
    }
  }
})

test('what each mutant changes stands there once', () => {
  for (const { name, file, from } of mutants) {
    const source = fs.readFileSync(join(__dirname, '..', file), 'utf8')
    assert.strictEqual(source.split(from).length, 2, name)
  }
})

test('two traces stand side by side, the first difference marked', () => {
  const traces = [
    ['a', 'b', 'd'],
    ['a', 'c'],
  ].map((labels) => labels.map((label) => [label, 0]))
  assert.strictEqual(sideBySide(['Node', 'ours'], traces), '  Node  ours\n  a     a\n> b     c\n  d     -')
})

const UNREFED_IMMEDIATE = [
  { do: 'immediate', id: 10, body: [] },
  { do: 'unref', id: 11, of: 10 },
]

const BLOCK = { do: 'busy', id: 12, ms: 8 }
const THROW = { do: 'throw', id: 13 }
const THROWING_TICK = { do: 'tick', id: 15, body: [{ do: 'refresh', id: 16, of: 14 }, THROW] }

const REFUSED = {
  'a timer of 0 against an immediate': [{ do: 'timeout', delay: 0 }, { do: 'immediate' }],
  'two lists that are due together': [
    { do: 'timeout', delay: 30 },
    { do: 'busy', ms: 15 },
    { do: 'timeout', delay: 15 },
    { do: 'busy', ms: 60 },
  ],
  'I/O beside a timer': [
    { do: 'io', source: 'stat' },
    { do: 'timeout', delay: 1 },
  ],
  'nothing to keep the loop alive': [{ do: 'tick' }],
  'a tick that throws before a timer that is about due': [
    { do: 'tick', body: [{ do: 'timeout', id: 10, delay: 1 }, BLOCK] },
    { do: 'timeout', delay: 1, body: [THROWING_TICK, { do: 'timeout', id: 14, delay: 1 }, BLOCK, THROW] },
  ],
  'an unref’d immediate of a timer that is about due when the loop begins': [
    { do: 'timeout', delay: 1, body: UNREFED_IMMEDIATE },
    { do: 'busy', ms: 8 },
    { do: 'refresh', of: 0 },
  ],
  'an unref’d timer that is due after one that is about due when the loop begins': [
    { do: 'timeout', delay: 1, body: [{ do: 'busy', id: 10, ms: 22 }] },
    { do: 'busy', ms: 8 },
    { do: 'interval', delay: 15, times: 1 },
    { do: 'refresh', of: 0 },
    { do: 'unref', of: 2 },
  ],
}

test('programs are refused whose order is an accident', () => {
  for (const [name, steps] of Object.entries(REFUSED)) {
    const body = steps.map((step, i) => ({ id: i, ...step }))
    assert.strictEqual(predictIfFixed({ body }), undefined, name)
  }
})
