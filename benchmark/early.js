'use strict'
// Does a timer ever fire before its delay has passed, and how late is it? 10,000 timers of 1 to 10 ms on each side, on an
// idle loop and beside a loop that never sleeps. A timer is early if performance.now() or process.hrtime.bigint() says so.
// Usage: node benchmark/early.js [--json] [--timers N]

const loops = require('./loops')
const { percentile } = require('./statistics')
const { numberArgument } = require('./arguments')

const TIMERS = numberArgument('--timers', 10_000)
const AT_ONCE = 8

/** What else the loop does. `beside()` returns what ends it; it is Node's immediates for both sides. */
const LOADS = [
  { name: 'idle', beside: () => () => {} },
  {
    name: 'busy loop',
    beside() {
      let on = true
      const step = () => {
        const until = performance.now() + 0.1
        while (performance.now() < until);
        if (on) loops.node.setImmediate(step)
      }
      step()
      return () => {
        on = false
      }
    },
  },
]

/** Lets `AT_ONCE` timers wait at a time, each one that fires setting the next, until all have fired. */
function fireAll(loop) {
  let set = 0
  let early = 0
  const late = []
  return new Promise((resolve) => {
    function next() {
      if (set === TIMERS) {
        if (late.length === TIMERS) resolve({ early, late })
        return
      }
      const delay = 1 + (set++ % 10)
      const start = performance.now()
      const startNanos = process.hrtime.bigint()
      loop.setTimeout(() => {
        const nanos = process.hrtime.bigint() - startNanos
        const millis = performance.now() - start
        if (nanos < delay * 1e6 || millis < delay) early++
        late.push((Number(nanos) - delay * 1e6) / 1e3)
        next()
      }, delay)
    }
    for (let i = 0; i < AT_ONCE; i++) next()
  })
}

async function main() {
  const json = process.argv.includes('--json')
  const results = []
  if (!json) console.log(`Node ${process.version}, ${TIMERS.toLocaleString('en')} timers of 1 to 10 ms\n`)
  for (const { name, beside } of LOADS) {
    for (const side of ['node', 'ours']) {
      const end = beside()
      const { early, late } = await fireAll(loops[side])
      end()
      const result = { load: name, side, early, p50: percentile(late, 50), p99: percentile(late, 99) }
      results.push(result)
      if (json) continue
      const micros = (value) => `${value.toFixed(0)} µs`.padStart(9)
      console.log(
        `${name.padEnd(12)}${side.padEnd(6)}early ${String(early).padStart(6)}   late: p50${micros(result.p50)}   p99${micros(result.p99)}`,
      )
    }
  }
  if (json) console.log(JSON.stringify({ node: process.version, timers: TIMERS, results }, null, 2))
  if (results.some(({ side, early }) => side === 'ours' && early > 0)) process.exitCode = 1
}

main()
