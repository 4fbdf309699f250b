'use strict'
// What metrics tell of what is alive without having counted it: promises, and all of the default loop.

const { test } = require('node:test')
const assert = require('node:assert')
const ours = require('..')
const { readExposition } = require('./metrics/exposition')
const { measured, nothing, turn } = require('./metrics/loops')

test('promises that are pending, of each loop object its own', async () => {
  const loop = measured()
  const other = measured()
  const counts = () => [loop.metrics().promises, other.metrics().promises]
  assert.deepStrictEqual(counts(), [0, 0])
  const { promise, resolve } = loop.Promise.withResolvers()
  const child = promise.then(nothing)
  const kept = [other.delay(1e6), ours.ChainedPromise.withResolvers()]
  loop.Promise.reject().catch(nothing)
  assert.deepStrictEqual(counts(), [3, 1])
  await turn()
  assert.deepStrictEqual(counts(), [2, 1])
  resolve()
  await child
  assert.deepStrictEqual(counts(), [0, 1])
  other.close()
  await assert.rejects(kept[0])
  assert.deepStrictEqual(counts(), [0, 0])
})

test('a rejection that nobody has handled yet is not pending', async () => {
  const loop = measured({ onUnhandledRejection: nothing })
  const rejected = loop.Promise.reject(1)
  assert.strictEqual(loop.metrics().promises, 0)
  await turn()
  assert.strictEqual(loop.metrics().promises, 0)
  await assert.rejects(rejected)
})

test('the default loop tells what it need not have counted', { timeout: 60_000 }, async () => {
  const { defaultLoop } = ours
  const before = defaultLoop.metrics()
  const held = [
    ours.setTimeout(nothing, 1e6),
    ours.setInterval(nothing, 1e6),
    ours.setImmediate(nothing),
    defaultLoop.submit(nothing),
    defaultLoop.doorbell(nothing),
  ]
  const kept = [ours.ChainedPromise.withResolvers(), defaultLoop.Promise.withResolvers()]
  const metrics = defaultLoop.metrics()
  for (const kind of ['timeout', 'interval', 'immediate', 'task', 'doorbell']) {
    assert.strictEqual(metrics.kinds[kind].active, before.kinds[kind].active + 1, kind)
    assert.ok(Number.isNaN(metrics.kinds[kind].set))
  }
  assert.strictEqual(metrics.promises, before.promises + kept.length)
  assert.deepStrictEqual([metrics.lateness.count, metrics.loop, metrics.fds], [0, 'default', 0])
  const shape = (value) =>
    typeof value === 'object' && value ? Object.entries(value).map(([k, v]) => [k, shape(v)]) : 0
  assert.deepStrictEqual(shape(metrics), shape(measured().metrics()), 'it has what those of others have')
  await turn()
  // For a timer that is due before the loop sleeps nobody is woken.
  do await new Promise((resolve) => ours.setTimeout(resolve, 5))
  while (defaultLoop.metrics().wakes === metrics.wakes)
  const later = defaultLoop.metrics()
  assert.ok(later.turns > metrics.turns)
  assert.match(later.prometheus(), /^rs_eventloop_active\{loop="default",kind="timeout"\} \d+$/m)
  readExposition(later.prometheus(measured().metrics()))
  for (const handle of held) handle.close()
})
