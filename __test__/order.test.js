'use strict'
// Each scenario runs on Node's own functions and on ours, in two processes, and the traces must be the same.

const { test } = require('node:test')
const assert = require('node:assert')
const { fixed, varies } = require('./order/scenarios')
const { runScenario } = require('./order/trace')

/** Deliberate differences, each with its reason. */
const DIFFERENT = {
  D19: 'has a delay of 2^31, which is honoured',
  D48: 'delays above 2^31 - 1 are honoured, so there is no overflow and no warning',
  D89: 'compares with require("timers"), which stays as it is',
}
/** What differs between versions of Node: ours follows Node 24, so these are compared there. */
const FOLLOWS_24 = new Set(['V02', 'V04', 'V05'])

test('the order of scenarios is that of Node', { concurrency: 4 }, async (t) => {
  const major = Number.parseInt(process.versions.node, 10)
  const compared = [...fixed, ...(major === 24 ? varies.filter(({ id }) => FOLLOWS_24.has(id)) : [])]
  await Promise.all(
    compared
      .filter(({ id }) => !(id in DIFFERENT))
      .map(({ id, title }) =>
        t.test(`${id}: ${title}`, async () => {
          const [node, ours] = [await runScenario('node', id), await runScenario('ours', id)]
          assert.strictEqual(ours.trace, node.trace, ours.stderr)
          assert.strictEqual(ours.code, node.code)
        }),
      ),
  )
})
