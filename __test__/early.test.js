'use strict'
// No timer of ours fires before its delay has passed on the clocks a program can read. Every program also runs on
// Node's own functions, and how often those were early is reported beside it: Node may be lucky, so that is no assertion.

const { test } = require('node:test')
const assert = require('node:assert')
const { promisify } = require('node:util')

const loops = {
  node: { ...require('node:timers'), promises: require('node:timers/promises') },
  ours: { ...require('..'), promises: require('../promises') },
}
const { setImmediate } = loops.node

/** Both clocks. A point in time, and what has passed since, in ms. */
const clocks = {
  read: () => ({ millis: performance.now(), nanos: process.hrtime.bigint() }),
  since: ({ millis, nanos }) => Math.min(performance.now() - millis, Number(process.hrtime.bigint() - nanos) / 1e6),
}

/** Keeps the loop from sleeping with short steps. Returns what ends that. */
function keepBusy(step) {
  let on = true
  function again() {
    const end = performance.now() + 0.05
    while (performance.now() < end);
    step?.()
    if (on) setImmediate(again)
  }
  again()
  return () => {
    on = false
  }
}

/** A tally of moments that came too soon. */
class Tally {
  total = 0
  early = []

  /** `delay` ms were to pass since `start`. */
  note(start, delay) {
    const passed = clocks.since(start)
    this.total++
    if (passed < delay) this.early.push(`${passed} of ${delay} ms`)
  }
}

/** Runs `count` steps, eight at a time. */
async function eightAtATime(count, step) {
  let begun = 0
  const worker = async () => {
    while (begun < count) await step(begun++)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

const delayOf = (i) => 1 + (i % 10)

const timeouts = (loop, tally) =>
  eightAtATime(
    400,
    (i) =>
      new Promise((resolve) => {
        const start = clocks.read()
        loop.setTimeout(() => {
          tally.note(start, delayOf(i))
          resolve()
        }, delayOf(i))
      }),
  )

/** Each timer is refreshed up to four times, by timers of Node's own, and counts from the last time. */
const refreshed = (loop, tally) =>
  eightAtATime(
    200,
    (i) =>
      new Promise((resolve) => {
        const delay = 3 + (i % 8)
        let start = clocks.read()
        const timer = loop.setTimeout(() => {
          loops.node.clearInterval(refreshing)
          tally.note(start, delay)
          resolve()
        }, delay)
        let times = 0
        const refreshing = loops.node.setInterval(() => {
          start = clocks.read()
          timer.refresh()
          if (++times === 1 + (i % 4)) loops.node.clearInterval(refreshing)
        }, 1)
      }),
  )

/** A timer that its own callback revives. */
const revived = (loop, tally) =>
  eightAtATime(
    80,
    (i) =>
      new Promise((resolve) => {
        let lives = 5
        let start = clocks.read()
        const timer = loop.setTimeout(() => {
          tally.note(start, delayOf(i))
          if (--lives === 0) return resolve()
          start = clocks.read()
          timer.refresh()
        }, delayOf(i))
      }),
  )

const promised = (loop, tally) =>
  eightAtATime(300, async (i) => {
    const start = clocks.read()
    if (i % 3 === 0) await loop.promises.setTimeout(delayOf(i))
    else if (i % 3 === 1) await loop.promises.scheduler.wait(delayOf(i))
    else await promisify(loop.setTimeout)(delayOf(i))
    tally.note(start, delayOf(i))
  })

/** Repetition n of an interval comes n delays after the call or later. */
const intervals = (loop, tally) =>
  eightAtATime(
    40,
    (i) =>
      new Promise((resolve) => {
        const start = clocks.read()
        let times = 0
        const interval = loop.setInterval(() => {
          tally.note(start, ++times * delayOf(i))
          if (times < 10) return
          loop.clearInterval(interval)
          resolve()
        }, delayOf(i))
      }),
  )

const promisedIntervals = (loop, tally) =>
  eightAtATime(24, async (i) => {
    const start = clocks.read()
    let times = 0
    for await (const _ of loop.promises.setInterval(delayOf(i))) {
      tally.note(start, ++times * delayOf(i))
      if (times === 10) break
    }
  })

/**
 * After a late repetition the next one counts from when that one began, not from when it should have. The loop's clock at
 * its beginning is not to be had, only one just before: the last step of what keeps the loop busy.
 */
function lateIntervals(loop, tally) {
  let before
  const end = keepBusy(() => {
    before = clocks.read()
  })
  return eightAtATime(
    16,
    (i) =>
      new Promise((resolve) => {
        let last
        let times = 0
        const interval = loop.setInterval(() => {
          if (last) tally.note(last, delayOf(i))
          last = before
          if (++times === 10) {
            loop.clearInterval(interval)
            resolve()
          }
          const until = performance.now() + (times % 3 === 0 ? delayOf(i) * 1.7 : 0)
          while (performance.now() < until);
        }, delayOf(i))
      }),
  ).then(end)
}

const CASES = {
  timeouts,
  'refreshed timers': refreshed,
  'revived timers': revived,
  'promised timeouts': promised,
  intervals,
  'promised intervals': promisedIntervals,
}

async function compare(t, program, beside) {
  const tallies = {}
  for (const side of ['node', 'ours']) {
    const end = beside()
    await program(loops[side], (tallies[side] = new Tally()))
    end()
  }
  const { node, ours } = tallies
  t.diagnostic(`early: node ${node.early.length}, ours ${ours.early.length}, of ${ours.total}`)
  assert.strictEqual(ours.total, node.total)
  assert.deepStrictEqual(ours.early, [])
}

for (const [name, program] of Object.entries(CASES)) {
  test(`${name} are never early on an idle loop`, (t) => compare(t, program, () => () => {}))
  test(`${name} are never early beside a busy loop`, (t) => compare(t, program, keepBusy))
}

test('intervals count from the start of a late callback', (t) => compare(t, lateIntervals, () => () => {}))
