'use strict'
// What metrics cost: loop objects with and without them, in one process, alternating; ns per operation, median (best) of
// several runs, and the ratios of both.
// Usage: node --expose-gc benchmark/metrics.js [--json] [--runs N]

const { EventLoop } = require('..')
const { median } = require('./statistics')
const { numberArgument } = require('./arguments')

const RUNS = numberArgument('--runs', 25)
const COUNT = 100_000

const noop = () => {}
const nanos = () => Number(process.hrtime.bigint())

/** Sets `COUNT` things, and waits until all have run. */
function untilAllRan(set) {
  return new Promise((resolve) => {
    let left = COUNT
    const callback = () => {
      if (--left === 0) resolve()
    }
    for (let i = 0; i < COUNT; i++) set(callback)
  })
}

const LOADS = {
  'set+clear a timer, one at a time': (loop) => {
    for (let i = 0; i < COUNT; i++) loop.clearTimeout(loop.setTimeout(noop, 1000))
  },
  'set 1,000 timers, then clear them': (loop) => {
    for (let left = COUNT; left > 0; left -= 1000) {
      const timers = Array.from({ length: 1000 }, () => loop.setTimeout(noop, 1000))
      for (const timer of timers) loop.clearTimeout(timer)
    }
  },
  'set and fire 100,000 timers of 1 ms': (loop) => untilAllRan((callback) => loop.setTimeout(callback, 1)),
  'setImmediate, burst of 100,000': (loop) => untilAllRan((callback) => loop.setImmediate(callback)),
  'submit, burst of 100,000': (loop) => untilAllRan((callback) => loop.submit(callback)),
  'queueMicrotask, burst of 100,000': (loop) => untilAllRan((callback) => loop.queueMicrotask(callback)),
}

async function measure(load, options) {
  const loop = new EventLoop(options)
  globalThis.gc?.()
  const start = nanos()
  await load(loop)
  const spent = (nanos() - start) / COUNT
  loop.close()
  return spent
}

async function compare(load) {
  const without = []
  const measured = []
  for (let run = 0; run < RUNS; run++) {
    without.push(await measure(load, {}))
    measured.push(await measure(load, { metrics: true }))
  }
  // The first runs are those in which V8 learns.
  const [a, b] = [without, measured].map((times) => times.slice(RUNS > 3 ? 3 : 0))
  return {
    without: median(a),
    measured: median(b),
    ratio: median(b) / median(a),
    best: Math.min(...b) / Math.min(...a),
  }
}

async function main() {
  const rows = {}
  for (const [name, load] of Object.entries(LOADS)) rows[name] = await compare(load)
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(rows))
    return
  }
  console.log(`${''.padEnd(36)}${'without'.padStart(9)}${'with'.padStart(9)}  ratio (of the best)`)
  for (const [name, { without, measured, ratio, best }] of Object.entries(rows)) {
    const columns = [without, measured].map((ns) => ns.toFixed(0).padStart(9)).join('')
    console.log(`${name.padEnd(36)}${columns}   ${ratio.toFixed(2)} (${best.toFixed(2)})`)
  }
}

main()
