'use strict'
// How far from its time does a timer fire? Timers of 1 and of 5 ms on an idle loop, beside a loop that never sleeps, and
// while JavaScript is blocked for 50 ms now and then. A timer is early if its delay has not passed on the monotonic clock.

const nodeTimers = require('node:timers')
const { percentile } = require('../statistics')

const AT_ONCE = 8
const TIMERS = 2000
const QUICK_TIMERS = 400
/** Which quantiles of the lateness are kept, in percent. */
const QUANTILES = [...Array.from({ length: 100 }, (_, percent) => percent), 99.5, 100]

function block(ms) {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** What else the loop does, on Node's functions for each side. `beside()` returns what ends it. */
const LOADS = {
  idle: () => () => {},
  'busy loop'() {
    let on = true
    const step = () => {
      block(0.1)
      if (on) nodeTimers.setImmediate(step)
    }
    step()
    return () => (on = false)
  },
  'blocked 50 ms now and then'() {
    const blocking = nodeTimers.setInterval(block, 200, 50)
    return () => nodeTimers.clearInterval(blocking)
  },
}

/** Lets some timers wait at a time, each one that fires setting the next. Resolves with the µs by which each was late. */
function latenessOf(setTimeout, delay, timers) {
  const late = []
  let left = timers
  return new Promise((resolve) => {
    function next() {
      if (left-- <= 0) {
        if (late.length === timers) resolve(late)
        return
      }
      const start = process.hrtime.bigint()
      setTimeout(() => {
        late.push(Number(process.hrtime.bigint() - start) / 1e3 - delay * 1e3)
        next()
      }, delay)
    }
    for (let i = 0; i < AT_ONCE; i++) next()
  })
}

module.exports = {
  title: 'Lateness of timers',
  shape: 'lateness',
  slow: true,
  unit: 'µs',
  cases: Object.entries(LOADS).flatMap(([load, beside]) =>
    [1, 5].map((delay) => ({
      name: `${delay} ms, ${load}`,
      sides: ['node', 'ours', 'nanotimer'],
      async measure({ setTimeout }, { quick }) {
        const timers = quick ? QUICK_TIMERS : TIMERS
        await latenessOf(setTimeout, delay, timers / 10) // Warms up.
        const end = beside()
        const before = process.cpuUsage()
        const late = await latenessOf(setTimeout, delay, timers)
        const { user, system } = process.cpuUsage(before)
        end()
        return {
          value: percentile(late, 50),
          cpu: (user + system) / timers,
          p99: percentile(late, 99),
          early: late.filter((micros) => micros < 0).length / timers,
          quantiles: QUANTILES.map((percent) => Math.round(percentile(late, percent))),
        }
      },
    })),
  ),
}
