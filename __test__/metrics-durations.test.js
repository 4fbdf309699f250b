'use strict'
// What loop objects time: how late timers are, how long other things wait, how long callbacks run. Times are held against
// clocks read before and after, so that they hold on a busy machine.

const { test } = require('node:test')
const assert = require('node:assert')
const { EventLoop } = require('..')
const { after, block, counted, measured, nothing, turn } = require('./metrics/loops')

/** How far the clock of timers may be ahead of the system's. */
const AHEAD = 0.003

/** Calls `set` and tells the time before and after. */
function timed(set) {
  const before = performance.now()
  const result = set()
  return { before, after: performance.now(), result }
}

function assertBetween(value, least, most) {
  assert.ok(value >= least - AHEAD && value <= most + AHEAD, `${value} is not from ${least} to ${most}`)
}

// The part of a delay below a millisecond does not count in Node's order.
for (const [order, delay] of Object.entries({ node: 5, deadline: 5.9 })) {
  test(`lateness is from the deadline to the callback, in the order ${order}`, async () => {
    const loop = measured({ order })
    const called = []
    const note = () => called.push(performance.now())
    let end
    new EventLoop({ order }).setTimeout(() => {
      end = block(20)
    }, 5)
    const set = timed(() => loop.setTimeout(note, 5.9))
    while (called.length < 1) await after(1)
    assertBetween(loop.metrics().lateness.max, end - set.after - delay, called[0] - set.before - delay)

    const other = measured({ order })
    const timer = other.setTimeout(note, 20)
    block(15)
    const refreshed = timed(() => timer.refresh())
    const start = block(25)
    while (called.length < 2) await after(1)
    assertBetween(other.metrics().lateness.max, start - refreshed.after - 20, called[1] - refreshed.before - 20)
  })
}

test('an interval in deadline order is late from its grid', async () => {
  const loop = measured({ order: 'deadline' })
  const ends = []
  let set
  let begins
  await new Promise((resolve) => {
    set = timed(() => {
      const interval = loop.setInterval(() => {
        ends.push(block(ends.length === 0 ? 40 : 0))
        if (ends.length < 3) return
        loop.clearInterval(interval)
        resolve()
      }, 10)
    })
    begins = block(30)
  })
  const { count, sum } = loop.metrics().lateness
  const late = (times, set) => times.reduce((all, time, i) => all + time - set - 10 * (i + 1), 0)
  assert.strictEqual(count, 3)
  assertBetween(sum, late([begins, ends[0], ends[0]], set.after), late(ends, set.before))
})

test('an interval is late from when it last ran', async () => {
  const loop = measured()
  const runs = []
  const start = performance.now()
  await new Promise((resolve) => {
    const interval = loop.setInterval(() => {
      runs.push({ begin: performance.now(), end: block(runs.length === 0 ? 40 : 0) })
      if (runs.length < 2) return
      loop.clearInterval(interval)
      resolve()
    }, 10)
  })
  assert.deepStrictEqual(counted(loop, 'interval'), [0, 1, 2, 1])
  const [first, second] = runs
  const { count, sum, min, max } = loop.metrics().lateness
  assert.strictEqual(count, 2)
  assert.ok(min >= 0 && Math.abs(sum - min - max) < 1e-9)
  // The period counts from when the first call began, which is before its first line and 10 ms after the start or later.
  assert.ok(sum >= first.end - first.begin - 10, `${sum} ms late`)
  assert.ok(max <= second.begin - start - 20 + AHEAD, `${max} ms late`)
})

test('waiting is from the call that sets something to the callback', async () => {
  const sets = {
    immediate: (loop, run) => loop.setImmediate(run),
    task: (loop, run) => loop.submit(run),
    microtask: (loop, run) => loop.queueMicrotask(run),
  }
  for (const [kind, set] of Object.entries(sets)) {
    const loop = measured()
    const { begun, ...times } = await new Promise((resolve) => {
      const { before, after } = timed(() => set(loop, () => resolve({ before, after, end, begun: performance.now() })))
      const end = block(10)
    })
    const { waiting } = loop.metrics()
    assert.strictEqual(waiting.count, 1)
    assertBetween(waiting.max, times.end - times.after, begun - times.before, kind)
    assert.strictEqual(loop.metrics().lateness.count, 0)
  }
})

test('run time is that of the callback alone, also of one that throws', async () => {
  const loop = measured({ onError: nothing })
  const inside = []
  const outside = await new Promise((resolve) => {
    const start = performance.now()
    loop.setImmediate(() => {
      const { before, after } = timed(() => block(10))
      inside.push(after - before)
      queueMicrotask(() => resolve(block(20) - start - 20))
      throw new Error('of the callback')
    })
  })
  const { runTime, errors } = loop.metrics()
  assertBetween(runTime.max, inside[0], outside)
  assert.deepStrictEqual([runTime.count, errors], [1, 1])
})

test('with every, all are counted and one in so many is timed, which stands for the others', async () => {
  for (const every of [1, 4, 1000]) {
    const made = performance.now()
    const loop = measured({ metrics: { every } })
    for (let i = 0; i < 100; i++) loop.queueMicrotask(nothing)
    await turn()
    const { kinds, waiting, runTime, callbacks } = loop.metrics()
    assert.deepStrictEqual([kinds.microtask.fired, waiting.count, runTime.count], [100, 100, 100])
    if (every === 1000) assert.strictEqual(waiting.min, waiting.max)
    else assert.notStrictEqual(waiting.min, waiting.max)
    const seconds = Math.max(1, (performance.now() - made) / 1000)
    assert.ok(callbacks.perSecond * seconds >= 100 && callbacks.perSecond <= 100, `${callbacks.perSecond} in a second`)
    for (let i = 0; i < 50; i++) loop.setTimeout(nothing, 1)
    for (let i = 0; i < 50; i++) loop.setImmediate(nothing)
    while (loop.handles().length > 0) await turn()
    const then = loop.metrics()
    assert.deepStrictEqual([then.kinds.timeout.fired, then.kinds.immediate.fired], [50, 50])
    assert.deepStrictEqual([then.lateness.count, then.waiting.count, then.runTime.count], [50, 150, 200])
  }
})

test('each kind is sampled by itself, so none stands for another', async () => {
  for (const every of [undefined, 2, 50]) {
    const loop = measured({ metrics: { every } })
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 70; i++) loop.setTimeout(nothing, 1)
      loop.setImmediate(nothing)
      while (loop.handles().length > 0) await turn()
    }
    const { lateness, waiting, runTime } = loop.metrics()
    assert.deepStrictEqual([lateness.count, waiting.count, runTime.count], [1400, 20, 1420])
  }
})

test('what runs alone in its turn is timed, whatever came in the turn before', async () => {
  const loop = measured()
  for (let round = 1; round <= 3; round++) {
    loop.setImmediate(() => {
      for (let i = 0; i < 200; i++) loop.queueMicrotask(nothing)
    })
    await turn()
    await after(1)
    loop.queueMicrotask(() => block(3 * round))
    await after(1)
    const { max } = loop.metrics().runTime
    assert.ok(max >= 3 * round, `${max}`)
  }
})

test('a callback inside another is counted, and the other one is measured', async () => {
  const loop = measured()
  loop.setTimeout(() => {
    block(20)
    loop.queueMicrotask(nothing)
    process._tickCallback()
  }, 1)
  while (loop.handles().length > 0) await turn()
  assert.strictEqual(loop.metrics().kinds.microtask.fired, 1)
  assert.ok(loop.metrics().runTime.max >= 20)
})

test('with lateAfter each timer is timed', async () => {
  const loop = measured({ metrics: { lateAfter: 0 } })
  for (let i = 0; i < 500; i++) loop.setTimeout(nothing, 1)
  while (loop.handles().length > 0) await turn()
  assert.strictEqual(loop.metrics().lateness.count, 500)
})

test('with every, an interval is as late as it is, also after those that were not timed', async () => {
  const loop = measured({ metrics: { every: 4 } })
  let ticks = 0
  const began = performance.now()
  const lasted = await new Promise((resolve) => {
    const interval = loop.setInterval(() => {
      if (++ticks < 10) return
      loop.clearInterval(interval)
      resolve(performance.now() - began)
    }, 10)
  })
  const { lateness } = loop.metrics()
  assert.strictEqual(lateness.count, 10)
  // All that ten ticks took beyond ten times 10 ms is what they were late.
  assert.ok(lateness.min >= -AHEAD && lateness.max <= lasted - 100 + AHEAD, `${lateness.max} of ${lasted - 100}`)
})
