'use strict'
// What metrics cost: loop objects without them, with all durations and with one in 16, in one process, alternating; ns per
// operation, median of several runs, and the ratios of the medians (of the best).
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

const SIDES = { without: {}, 'metrics: true': { metrics: true }, 'every: 16': { metrics: { every: 16 } } }

async function compare(load) {
  const times = Object.fromEntries(Object.keys(SIDES).map((side) => [side, []]))
  for (let run = 0; run < RUNS; run++) {
    for (const [side, options] of Object.entries(SIDES)) times[side].push(await measure(load, options))
  }
  // The first runs are those in which V8 learns.
  const counting = (side) => times[side].slice(RUNS > 3 ? 3 : 0)
  const base = counting('without')
  return Object.keys(SIDES).map((side) => {
    const counted = counting(side)
    return {
      side,
      median: median(counted),
      ratio: median(counted) / median(base),
      best: Math.min(...counted) / Math.min(...base),
    }
  })
}

function line(name, columns) {
  return name.padEnd(36) + columns.map((column) => column.padStart(22)).join('')
}

async function main() {
  const rows = {}
  for (const [name, load] of Object.entries(LOADS)) rows[name] = await compare(load)
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(rows))
    return
  }
  console.log(line('', Object.keys(SIDES)))
  for (const [name, sides] of Object.entries(rows)) {
    const told = sides.map(
      ({ median, ratio, best }) => `${median.toFixed(0)}  ${ratio.toFixed(2)} (${best.toFixed(2)})`,
    )
    console.log(line(name, told))
  }
}

main()
