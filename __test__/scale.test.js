'use strict'
// Many at once: immediates of one batch, and timers set, refreshed and cleared in random order, held against a model of
// Node's lists. Node's own functions run the same programs, so that the model is known to be Node's.

const { test } = require('node:test')
const assert = require('node:assert')
const fs = require('node:fs')
const loops = require('../benchmark/loops')

const MANY = 100_000

/** Whole numbers below `limit`, the same ones in each run. */
function randomFrom(seed) {
  let state = seed
  return (limit) => {
    state = (state * 48271) % 2147483647
    return state % limit
  }
}

const busyUntil = (end) => {
  while (performance.now() < end);
}

/**
 * Node's lists, one for each delay. Lists run by their expiry, which is set when a list is made: the start of its first
 * timer and the delay. The clock of the loop is not to be had, so an expiry is known as a span: `soonest` to `latest`.
 */
class Lists {
  byDelay = new Map()

  add(timer) {
    const { delay, before, after } = timer
    if (!this.byDelay.has(delay)) {
      this.byDelay.set(delay, { soonest: before + delay - 1, latest: after + delay + 1, timers: new Set() })
    }
    this.byDelay.get(delay).timers.add(timer.id)
  }

  /** To the back, in the same list. */
  refresh({ delay, id }) {
    const { timers } = this.byDelay.get(delay)
    timers.delete(id)
    timers.add(id)
  }

  clear({ delay, id }) {
    const { timers } = this.byDelay.get(delay)
    timers.delete(id)
    if (timers.size === 0) this.byDelay.delete(delay)
  }

  get pending() {
    return [...this.byDelay.values()].flatMap(({ timers }) => [...timers])
  }
}

/**
 * Sets many timers with random delays of `delayOf`, and in between clears and refreshes random ones. At the end those that
 * do not `stay` are cleared too, in random order.
 */
function setRefreshAndClear(loop, seed, delayOf, stays) {
  const random = randomFrom(seed)
  const lists = new Lists()
  const fired = []
  const pending = []
  const takeRandom = () => {
    const i = random(pending.length)
    const last = pending.pop()
    if (i === pending.length) return last
    const timer = pending[i]
    pending[i] = last
    return timer
  }
  const clear = (timer) => {
    loop.clearTimeout(timer.handle)
    lists.clear(timer)
  }
  const onFired = (timer) => fired.push({ ...timer, at: performance.now() })

  for (let id = 0; id < MANY; id++) {
    const timer = { id, delay: delayOf(random) }
    timer.before = performance.now()
    timer.handle = loop.setTimeout(onFired, timer.delay, timer)
    timer.after = performance.now()
    lists.add(timer)
    pending.push(timer)
    const what = random(10)
    if (what < 4) clear(takeRandom())
    else if (what === 4) {
      const refreshed = pending[random(pending.length)]
      refreshed.before = performance.now()
      refreshed.handle.refresh()
      lists.refresh(refreshed)
    }
  }
  const leaving = pending.filter((timer) => !stays(timer))
  for (let left = leaving.length; left > 0; left--) {
    const i = random(left)
    clear(leaving[i])
    leaving[i] = leaving[left - 1]
  }
  return { fired, lists }
}

const ascending = (ids) => ids.toSorted((a, b) => a - b)
const ids = (timers) => timers.map(({ id }) => id)

/** The timers of one phase: whole lists, each in its order, by expiry. */
function assertListByList(fired, lists) {
  let soonest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < fired.length; ) {
    const { delay } = fired[i]
    const list = lists.byDelay.get(delay)
    const run = fired.slice(i, i + list.timers.size)
    assert.deepStrictEqual(ids(run), [...list.timers], `the list of ${delay} ms`)
    assert.ok(list.latest >= soonest, `the list of ${delay} ms is too late by ${soonest - list.latest} ms`)
    soonest = Math.max(soonest, list.soonest)
    i += run.length
  }
}

/** The timers of a delay in the order of their list, each once. */
function assertEachInOrder(fired, lists) {
  const order = new Map([...lists.byDelay.keys()].map((delay) => [delay, []]))
  for (const { delay, id } of fired) order.get(delay).push(id)
  for (const [delay, { timers }] of lists.byDelay) {
    assert.deepStrictEqual(order.get(delay), [...timers], `the list of ${delay} ms`)
  }
}

/** For a timer that is lost, and waited for. */
const LIMIT = { timeout: 30_000 }

for (const side of ['node', 'ours']) {
  const loop = loops[side]
  const later = (ms) => loops.node.promises.setTimeout(ms)

  test(`${side}: 2,000 immediates are one batch, in order, and what they set is the next`, LIMIT, async () => {
    const ran = []
    const { port1, port2 } = new MessageChannel()
    port1.on('message', () => ran.push('poll phase'))
    await new Promise((resolve) => {
      fs.stat(__filename, () => {
        for (let i = 0; i < 2000; i++) {
          loop.setImmediate(() => {
            ran.push(i)
            if (i === 0) port2.postMessage('arrives in the next poll phase')
            loop.setImmediate(() => {
              ran.push(2000 + i)
              if (i === 1999) resolve()
            })
          })
        }
      })
    })
    port1.close()
    const numbers = Array.from({ length: 4000 }, (_, i) => i)
    assert.deepStrictEqual(ran, [...numbers.slice(0, 2000), 'poll phase', ...numbers.slice(2000)])
  })

  test(`${side}: 100,000 timers of one delay, some cleared and refreshed, fire in order, once`, LIMIT, async () => {
    const { fired, lists } = setRefreshAndClear(
      loop,
      7,
      () => 50,
      () => true,
    )
    while (fired.length < lists.pending.length) await later(5)
    await later(60)
    assert.deepStrictEqual(ids(fired), lists.pending)
  })

  test(`${side}: 100,000 timers of 10,000 delays, all due at once, fire list by list`, LIMIT, async () => {
    const { fired, lists } = setRefreshAndClear(
      loop,
      11,
      (random) => 1 + random(10_000),
      ({ delay }) => delay < 400,
    )
    busyUntil(performance.now() + 402)
    while (fired.length < lists.pending.length) await later(5)
    assertListByList(fired, lists)
    assert.deepStrictEqual(ascending(ids(fired)), ascending(lists.pending))
  })

  test(`${side}: 100,000 timers of 10,000 delays, fired as they become due, each once`, LIMIT, async (t) => {
    const { fired, lists } = setRefreshAndClear(
      loop,
      13,
      (random) => 1 + random(10_000),
      ({ delay }) => delay < 1500,
    )
    while (fired.length < lists.pending.length) await later(20)
    await later(60)
    assertEachInOrder(fired, lists)
    const early = fired.filter(({ at, before, delay }) => at - before < delay).length
    if (side === 'ours') assert.strictEqual(early, 0)
    else t.diagnostic(`early: ${early} of ${fired.length}`)
  })
}
