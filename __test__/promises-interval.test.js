'use strict'
// The async iterator of `rs-eventloop/promises` beside Node's: its backlog, and its end by an abort, a return or a throw
// in each of its states.

const { test } = require('node:test')
const assert = require('node:assert')
const { getEventListeners } = require('node:events')
const { outcome } = require('./promises/outcome')
const { same } = require('./promises/same')

const FAR = 1_000_000

/** Waits until the interval, which nobody asks for ticks, has ticked `count` times more. */
async function ticks(count, { setInterval, clearInterval }) {
  // One of the same delay, set later, runs after the other.
  await new Promise((resolve) => {
    const other = setInterval(() => {
      if (--count === 0) {
        clearInterval(other)
        resolve()
      }
    }, 5)
  })
}

/** An interval in each state it can be in when something ends it. */
const STATES = {
  'not begun': async (interval) => ({ interval, asked: [] }),
  'waited for': async (interval) => ({ interval, asked: [interval.next()] }),
  'waited for twice': async (interval) => ({ interval, asked: [interval.next(), interval.next()] }),
  'had a tick': async (interval) => {
    await interval.next()
    return { interval, asked: [] }
  },
  'had a tick and waited for': async (interval) => {
    await interval.next()
    return { interval, asked: [interval.next()] }
  },
  'with a backlog': async (interval, timers) => {
    await interval.next()
    await ticks(3, timers)
    return { interval, asked: [] }
  },
  'at its end': async (interval) => {
    await interval.return('over')
    return { interval, asked: [] }
  },
}

const ENDS = {
  'an abort': async ({ controller }) => controller.abort('reason'),
  'a return': ({ interval }) => interval.return('left'),
  'a throw': ({ interval }) => interval.throw(new Error('mine')),
  'an abort and a return': ({ interval, controller }) => {
    controller.abort('reason')
    return interval.return('left')
  },
}

for (const [state, bring] of Object.entries(STATES)) {
  for (const [end, finish] of Object.entries(ENDS)) {
    test(`an interval that is ${state}, ended by ${end}`, async () => {
      const { after } = await same(async (promises, timers) => {
        const controller = new AbortController()
        const { signal } = controller
        const { interval, asked } = await bring(promises.setInterval(5, 'tick', { signal }), timers)
        const ended = outcome(() => finish({ interval, controller }))
        const waited = []
        for (const promise of asked) waited.push(await outcome(() => promise))
        const seen = { waited, ended: await ended, after: [] }
        // What is left of a backlog, and then the end for good.
        for (let left = 0; left < 6; left++) seen.after.push(await outcome(() => interval.next()))
        seen.listening = getEventListeners(signal, 'abort').length
        return seen
      })
      assert.deepStrictEqual(after.at(-1), { isNative: true, fulfilled: { value: undefined, done: true } })
    })
  }
}

test('ticks that nobody waited for are not lost, and come at once', async () => {
  const taken = await same(async (promises, timers) => {
    const interval = promises.setInterval(5, 'tick')
    await interval.next()
    await ticks(4, timers)
    let between = 0
    const immediate = timers.setImmediate(() => between++)
    const taken = []
    for (let i = 0; i < 4; i++) taken.push(await interval.next())
    assert.strictEqual(between, 0, 'no loop turn was needed')
    timers.clearImmediate(immediate)
    await interval.return()
    return taken
  })
  assert.strictEqual(taken.length, 4)
})

test('nothing begins before the first next', async () => {
  await same(async (promises, timers) => {
    const idle = promises.setInterval(5, 'tick')
    await ticks(3, timers)
    let waited = false
    timers.setImmediate(() => (waited = true))
    await idle.next()
    assert.ok(waited, 'no tick was there already')
    return idle.return('left')
  })
})

const WAYS_OUT = {
  break: async (promises) => {
    for await (const value of promises.setInterval(1, 'tick')) {
      if (value) break
    }
  },
  return: async (promises) => {
    for await (const value of promises.setInterval(1, 'tick')) return value
  },
  throw: async (promises) => {
    for await (const value of promises.setInterval(1, 'tick')) throw new Error(value)
  },
}

for (const [name, leave] of Object.entries(WAYS_OUT)) {
  test(`leaving a loop by ${name} comes to the same`, async () => {
    await same((promises) => outcome(() => leave(promises)))
  })
}

test('a consumer that aborts in its own loop gets no further tick', async () => {
  const seen = await same(async (promises) => {
    const controller = new AbortController()
    const seen = []
    const { rejected } = await outcome(async () => {
      for await (const value of promises.setInterval(1, 'tick', { signal: controller.signal })) {
        seen.push(value)
        if (seen.length === 3) controller.abort('enough')
      }
    })
    return [...seen, rejected.name, rejected.cause]
  })
  assert.deepStrictEqual(seen, ['tick', 'tick', 'tick', 'AbortError', 'enough'])
})

test('its iterator is a native async generator', async () => {
  await same(async (promises) => {
    const interval = promises.setInterval(FAR)
    return [
      Object.prototype.toString.call(interval),
      interval[Symbol.asyncIterator]() === interval,
      Object.getPrototypeOf(promises.setInterval) === Object.getPrototypeOf(async function* () {}),
      await interval.return('left'),
      await interval.next(),
    ]
  })
})
