'use strict'
// Each scenario of the catalogue runs on Node's own functions and on ours, in two processes, and the traces must be the
// same; where Node fixes an order only in part, that part.

const { test } = require('node:test')
const assert = require('node:assert')
const { fixed, open, varies } = require('./differential/catalogue')
const { LATE } = require('./differential/catalogue/late')
const { runScenario } = require('./differential/catalogue/trace')

/** Deliberate differences, each with its reason. */
const DIFFERENT = {
  D48: 'delays above 2^31 - 1 are honoured, so there is no overflow and no warning',
}
/** What differs between versions of Node: ours follows Node 24, so these are compared there. */
const FOLLOWS_24 = new Set(['V02', 'V04', 'V05'])

async function bothTraces(id) {
  let node
  let ours
  do {
    node = await runScenario('node', id)
    ours = await runScenario('ours', id)
  } while ([node, ours].some(({ trace }) => trace.includes(LATE)))
  assert.strictEqual(ours.code, node.code, ours.stderr)
  return { node: node.trace, ours: ours.trace }
}

const all = (t, scenarios, body) =>
  Promise.all(scenarios.map((scenario) => t.test(`${scenario.id}: ${scenario.title}`, () => body(scenario))))

test('the order of scenarios is that of Node', { concurrency: 4 }, (t) => {
  const major = Number.parseInt(process.versions.node, 10)
  const compared = [...fixed, ...(major === 24 ? varies.filter(({ id }) => FOLLOWS_24.has(id)) : [])]
  return all(
    t,
    compared.filter(({ id }) => !(id in DIFFERENT)),
    async ({ id }) => {
      const { node, ours } = await bothTraces(id)
      assert.strictEqual(ours, node)
    },
  )
})

/** What an open order fixes: the entries of each lane, and their order in it. */
function lanes(trace, unordered) {
  const byName = {}
  for (const entry of trace.split(' | ')) {
    const [name] = /^[^\d\s=]*/.exec(entry)
    const lane = (byName[name] ??= [])
    lane.push(entry.startsWith('n=') ? 'n' : entry)
  }
  if (unordered) for (const lane of Object.values(byName)) lane.sort()
  return byName
}

test('what Node fixes of an open order is the same', { concurrency: 4 }, (t) =>
  all(t, open, async ({ id, traces, unordered }) => {
    const { node, ours } = await bothTraces(id)
    if (traces) for (const trace of [node, ours]) assert.ok(traces.includes(trace), trace)
    assert.deepStrictEqual(lanes(ours, unordered), lanes(node, unordered))
  }),
)
