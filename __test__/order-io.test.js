'use strict'
// The order of timers and immediates against I/O of every kind, in an ES module as the entry file, and of programs that use
// Node's own timers beside ours: each program runs on Node's functions and on ours, and the traces must be the same.

const { test } = require('node:test')
const assert = require('node:assert')
const io = require('./differential/catalogue/io')
const { LATE } = require('./differential/catalogue/late')
const mixed = require('./differential/catalogue/mixed')
const { run, runScenario } = require('./differential/catalogue/trace')

/** `compare` is given the two traces, as arrays. A program that says it is late, for the machine had no time, runs again. */
async function sameTrace(runOn, compare = (node, ours) => assert.deepStrictEqual(ours, node)) {
  let node
  let ours
  do {
    node = await runOn('node')
    ours = await runOn('ours')
  } while ([node, ours].some(({ trace }) => trace.includes(LATE)))
  assert.strictEqual(node.code, 0, node.stderr)
  assert.strictEqual(ours.code, 0, ours.stderr)
  const [nodeTrace, oursTrace] = [node, ours].map(({ trace }) => trace.split(' | '))
  assert.ok(nodeTrace.length > 1, `a trace of nothing: ${node.trace}`)
  compare(nodeTrace, oursTrace)
}

const all = (t, cases, body) => Promise.all(cases.map((one) => t.test(one.id ?? one, () => body(one))))

test('the order around I/O is that of Node', { concurrency: 4 }, (t) =>
  all(t, io.fixed, ({ id }) => sameTrace((loop) => runScenario(loop, id, './io'))),
)

test('the order of random programs around I/O is that of Node', () =>
  sameTrace((loop) => run('random-io.js', loop, 1, 100)))

test('the order in an ES module is that of Node', { concurrency: 4 }, (t) =>
  all(t, ['body', 'first', 'import', 'later'], (program) => sameTrace((loop) => run('entry.mjs', loop, program))),
)

test('the order beside Node’s own timers is that of Node', { concurrency: 4 }, (t) =>
  all(t, mixed.fixed, ({ id, whole }) =>
    sameTrace(
      (loop) => runScenario(loop, id, './mixed'),
      (node, ours) => {
        if (whole) return assert.deepStrictEqual(ours, node)
        const isOwn = (entry) => /^(UE\()?own/.test(entry)
        assert.deepStrictEqual(ours.filter(isOwn), node.filter(isOwn))
        assert.deepStrictEqual(
          ours.filter((entry) => !isOwn(entry)),
          node.filter((entry) => !isOwn(entry)),
        )
        assertPhases(ours)
      },
    ),
  ),
)

/** Neither kind's timers run before all immediates have, and a tick and a microtask directly after what queued them. */
function assertPhases(trace) {
  const kinds = trace.map((entry) => (entry.includes('immediate') ? 'immediate' : 'timeout'))
  if (kinds.includes('immediate'))
    assert.ok(kinds.lastIndexOf('immediate') < kinds.indexOf('timeout'), trace.join(' | '))
  for (const [i, entry] of trace.entries()) {
    if (entry.endsWith('.tick')) assert.strictEqual(trace[i - 1], entry.slice(0, -'.tick'.length))
    if (entry.endsWith('.microtask')) assert.strictEqual(trace[i - 1], entry.replace('.microtask', '.tick'))
  }
}
