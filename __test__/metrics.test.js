'use strict'
// What loop objects count: handles and callbacks of each kind, turns, wakes, errors, callbacks per second.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { EventLoop } = require('..')
const { after, counted, measured, nothing, turn } = require('./metrics/loops')

test('of each kind it counts what is active, was set, fired and was cleared', async () => {
  const loop = measured()
  const timers = [1, 1, 1e6, 1e6].map((ms) => loop.setTimeout(nothing, ms))
  const interval = loop.setInterval(nothing, 1)
  const immediates = [1, 2, 3].map(() => loop.setImmediate(nothing))
  const tasks = [1, 2, 3].map(() => loop.submit(nothing))
  loop.queueMicrotask(nothing)
  loop.delay(1)
  assert.deepStrictEqual(counted(loop, 'timeout'), [4, 4, 0, 0])
  assert.deepStrictEqual(counted(loop, 'immediate'), [3, 3, 0, 0])
  assert.deepStrictEqual(counted(loop, 'microtask'), [1, 1, 0, 0])
  loop.clearTimeout(timers[2])
  loop.clearImmediate(immediates[0])
  tasks[1].close()
  while (counted(loop, 'interval')[2] < 3 || counted(loop, 'delay')[2] < 1) await after(1)
  const [, , ticks] = counted(loop, 'interval')
  loop.clearInterval(interval)
  assert.deepStrictEqual(counted(loop, 'timeout'), [1, 4, 2, 1])
  assert.deepStrictEqual(counted(loop, 'interval'), [0, 1, ticks, 1])
  assert.deepStrictEqual(counted(loop, 'immediate'), [0, 3, 2, 1])
  assert.deepStrictEqual(counted(loop, 'task'), [0, 3, 2, 1])
  assert.deepStrictEqual(counted(loop, 'microtask'), [0, 1, 1, 0])
  assert.deepStrictEqual(counted(loop, 'delay'), [0, 1, 1, 0])
  assert.strictEqual(loop.metrics().runTime.count, 2 + ticks + 2 + 2 + 1 + 1)
  assert.strictEqual(loop.metrics().lateness.count, 2 + ticks + 1)
  assert.strictEqual(loop.metrics().waiting.count, 2 + 2 + 1)
  loop.close()
  assert.deepStrictEqual(counted(loop, 'timeout'), [0, 4, 2, 2])
})

test('what a close drops is cleared, microtasks included', () => {
  for (const options of [{}, { microtasks: 'batched' }, { microtaskBudget: 1 }]) {
    const loop = measured(options)
    const kinds = { timeout: 2, interval: 1, immediate: 2, task: 2, microtask: 3 }
    loop.setTimeout(nothing, 1)
    loop.setTimeout(nothing, 1)
    loop.setInterval(nothing, 1)
    for (let i = 0; i < 2; i++) loop.setImmediate(nothing)
    for (let i = 0; i < 2; i++) loop.submit(nothing)
    for (let i = 0; i < 3; i++) loop.queueMicrotask(nothing)
    loop.close()
    for (const [kind, set] of Object.entries(kinds)) assert.deepStrictEqual(counted(loop, kind), [0, set, 0, set], kind)
  }
})

test('a close inside a callback: what runs has fired, the rest is cleared', async () => {
  const sets = {
    timeout: (loop, run) => loop.setTimeout(run, 1),
    immediate: (loop, run) => loop.setImmediate(run),
    task: (loop, run) => loop.submit(run),
    microtask: (loop, run) => loop.queueMicrotask(run),
  }
  for (const [kind, set] of Object.entries(sets)) {
    const loop = measured()
    await new Promise((resolve) => {
      const end = () => {
        loop.close()
        setImmediate(resolve)
      }
      set(loop, end)
      set(loop, nothing)
      set(loop, nothing)
    })
    assert.deepStrictEqual(counted(loop, kind), [0, 3, 1, 2], kind)
  }
})

test('a timer that is refreshed was set once, and once more when it had ended', async () => {
  const loop = measured()
  let calls = 0
  const timer = loop.setTimeout(() => {
    if (++calls === 1) timer.refresh()
  }, 1)
  while (calls < 2) await after(1)
  assert.deepStrictEqual(counted(loop, 'timeout'), [0, 1, 2, 0])
  timer.refresh()
  assert.deepStrictEqual(counted(loop, 'timeout'), [1, 2, 2, 0])
  timer.refresh()
  loop.clearTimeout(timer)
  assert.deepStrictEqual(counted(loop, 'timeout'), [0, 2, 2, 1])
})

test('errors are callbacks that throw, and rejections of which onError is told', async () => {
  const loop = measured({ onError: nothing })
  loop.setImmediate(() => {
    throw new Error('thrown')
  })
  loop.setImmediate(async () => {
    throw new Error('rejected')
  })
  loop.setImmediate(nothing)
  await turn()
  assert.strictEqual(loop.metrics().errors, 2)
})

test('the average moves by a tenth of what each turn finds', async () => {
  const loop = measured()
  const averages = []
  const note = () => averages.push(loop.metrics().kinds.task.activeAverage)
  await new Promise((resolve) => {
    const late = () => loop.submit(() => [note(), resolve()])
    for (let i = 0; i < 100; i++) loop.submit(i === 99 ? () => [note(), late()] : note)
  })
  assert.deepStrictEqual(averages, [...Array(100).fill(10), 10 + 0.1 * (1 - 10)])
  const { active, activeMax } = loop.metrics().kinds.task
  assert.deepStrictEqual([active, activeMax], [0, 100])
  assert.strictEqual(loop.metrics().turns, 2)
  // The first is in the check phase of the same turn.
  await turn()
  await turn()
  loop.queueMicrotask(nothing)
  await turn()
  assert.strictEqual(loop.metrics().kinds.microtask.activeAverage, 0.1)
})

test('turns are those in which something of it ran, wakes those of everybody', { timeout: 60_000 }, async () => {
  const [loop, other] = [measured(), measured()]
  const before = loop.metrics()
  assert.deepStrictEqual([before.turns, before.wakes], [0, 0])
  await new Promise((resolve) => {
    const again = (left) => (left > 0 ? loop.setImmediate(again, left - 1) : resolve())
    loop.setImmediate(again, 4)
    loop.setImmediate(nothing)
  })
  assert.strictEqual(loop.metrics().turns, 5)
  // For a timer that is due before the loop sleeps nobody is woken.
  do await new Promise((resolve) => other.setTimeout(resolve, 20))
  while (loop.metrics().wakes === 0)
  assert.strictEqual(loop.metrics().turns, 5)
  assert.strictEqual(loop.metrics().wakes, other.metrics().wakes)
})

test('callbacks per second', async () => {
  const loop = measured()
  for (let i = 0; i < 50; i++) loop.setImmediate(nothing)
  await turn()
  const { perSecond, peakPerSecond } = loop.metrics().callbacks
  for (const rate of [perSecond, peakPerSecond]) assert.ok(rate > 0 && rate <= 50, `${rate} a second`)
})

test('callbacks count for the second in which they ran, also those that were not timed', async () => {
  const loop = measured({ metrics: { every: 1000 } })
  for (let i = 0; i < 900; i++) loop.setImmediate(nothing)
  await turn()
  await after(1001)
  for (let i = 0; i < 300; i++) loop.setImmediate(nothing)
  await turn()
  assert.strictEqual(loop.metrics().callbacks.peakPerSecond, 900)
})

test('turns are counted without a timer or immediate of ours', () => {
  const script = `
    const { EventLoop, ring } = require(${JSON.stringify(require.resolve('..'))})
    const set = {
      microtask: (loop, callback) => loop.queueMicrotask(callback),
      doorbell: (loop, callback) => ring(loop.doorbell(callback).id),
    }[process.argv[1]]
    const loop = new EventLoop({ metrics: true })
    let left = 10
    const next = () => {
      if (left-- > 0) set(loop, () => setImmediate(next))
      else {
        console.log(loop.metrics().turns)
        loop.close()
      }
    }
    next()`
  for (const kind of ['microtask', 'doorbell']) {
    const { stdout } = spawnSync(process.execPath, ['-e', script, kind], { encoding: 'utf8' })
    assert.strictEqual(stdout, '10\n', kind)
  }
})

test('metrics keep no callback alive', async () => {
  const loop = measured({ metrics: { lateAfter: 0 } })
  const references = []
  for (const set of ['setTimeout', 'setImmediate', 'submit', 'queueMicrotask']) {
    await new Promise((resolve) => {
      const callback = () => resolve()
      references.push(new WeakRef(callback))
      loop[set](callback)
    })
  }
  await after(5)
  globalThis.gc()
  assert.deepStrictEqual(
    references.map((reference) => reference.deref()),
    [undefined, undefined, undefined, undefined],
  )
  assert.strictEqual(loop.metrics().runTime.count, 4)
})

test('without the option there is nothing to tell; wrong options are refused', () => {
  const refused = {
    code: 'ERR_LOOP_NO_METRICS',
    message: "The event loop 'mute' was made without the option 'metrics'",
  }
  assert.throws(() => new EventLoop({ name: 'mute' }).metrics(), refused)
  assert.throws(() => new EventLoop({ name: 'mute', metrics: false }).metrics(), refused)
  assert.throws(() => new EventLoop({ metrics: 'yes' }), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => new EventLoop({ metrics: { lateAfter: -1 } }), { code: 'ERR_OUT_OF_RANGE' })
  for (const every of [0, -1, 1.5]) {
    assert.throws(() => new EventLoop({ metrics: { every } }), { code: 'ERR_OUT_OF_RANGE' })
  }
  assert.throws(() => new EventLoop({ metrics: { every: '4' } }), { code: 'ERR_INVALID_ARG_TYPE' })
})
