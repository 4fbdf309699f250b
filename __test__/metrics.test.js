'use strict'
// What loop objects measure. Times are held against clocks read before and after, so that they hold on a busy machine.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const ours = require('..')
const { EventLoop } = ours

/** How far the clock of timers may be ahead of the system's. */
const AHEAD = 0.003

const measured = (options) => new EventLoop({ metrics: true, ...options })
const after = (ms) => new Promise((resolve) => ours.setTimeout(resolve, ms))
/** Until the immediates have run that are pending now. */
const turn = () => new Promise((resolve) => ours.setImmediate(resolve))
const nothing = () => {}

function block(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
  return performance.now()
}

/** Calls `set` and tells the time before and after. */
function timed(set) {
  const before = performance.now()
  const result = set()
  return { before, after: performance.now(), result }
}

function assertBetween(value, least, most) {
  assert.ok(value >= least - AHEAD && value <= most + AHEAD, `${value} is not from ${least} to ${most}`)
}

/** Counters as [active, set, fired, cleared]. */
const counted = (loop, kind) => {
  const { active, set, fired, cleared } = loop.metrics().kinds[kind]
  return [active, set, fired, cleared]
}

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

test('callbacks count for the second in which they ran, also those that were not timed', async () => {
  const loop = measured({ metrics: { every: 1000 } })
  for (let i = 0; i < 900; i++) loop.setImmediate(nothing)
  await turn()
  await after(1001)
  for (let i = 0; i < 300; i++) loop.setImmediate(nothing)
  await turn()
  assert.strictEqual(loop.metrics().callbacks.peakPerSecond, 900)
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
