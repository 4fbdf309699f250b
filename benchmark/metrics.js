'use strict'
// What metrics cost: a loop object without them, with, and with each callback timed. Each in processes of its own, taking
// turns; ns per operation, and the ratio to the loop object without metrics, with its 95 % interval.
// Usage: node benchmark/metrics.js [--json] [--runs N] [--only PART]

const { execFileSync } = require('node:child_process')
const { argument, numberArgument } = require('./arguments')
const { median, ratioInterval } = require('./statistics')

const RUNS = numberArgument('--runs', 11)
const COUNT = 100_000
/** In each process: in the first ones V8 learns. */
const WARM_UP = 5
const REPETITIONS = 11

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

const SIDES = { without: {}, metrics: { metrics: true }, 'every: 1': { metrics: { every: 1 } } }

/** In a process of its own: the median of some repetitions. */
async function measure(load, options) {
  const { EventLoop } = require('..')
  const times = []
  for (let i = 0; i < WARM_UP + REPETITIONS; i++) {
    const loop = new EventLoop(options)
    const start = nanos()
    await load(loop)
    times.push((nanos() - start) / COUNT)
    loop.close()
  }
  return median(times.slice(WARM_UP))
}

function compare(load) {
  const sides = Object.keys(SIDES)
  const times = Object.fromEntries(sides.map((side) => [side, []]))
  for (let run = 0; run < RUNS; run++) {
    // Each goes first every third time.
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(run + turn) % sides.length]
      times[side].push(Number(execFileSync(process.execPath, [__filename, '--one', load, '--side', side])))
    }
  }
  return sides.map((side) => ({
    side,
    median: median(times[side]),
    ratio: median(times[side]) / median(times.without),
    interval: ratioInterval(times[side], times.without),
  }))
}

function line(name, columns) {
  return name.padEnd(36) + columns.map((column) => column.padStart(24)).join('')
}

async function main() {
  const one = argument('--one')
  if (one !== undefined) {
    console.log(await measure(LOADS[one], SIDES[argument('--side')]))
    return
  }
  const rows = {}
  for (const load of Object.keys(LOADS).filter((name) => name.includes(argument('--only') ?? ''))) {
    rows[load] = compare(load)
  }
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(rows))
    return
  }
  console.log(line('', Object.keys(SIDES)))
  for (const [name, sides] of Object.entries(rows)) {
    const told = sides.map(({ side, median, ratio, interval }) =>
      side === 'without'
        ? median.toFixed(0)
        : `${median.toFixed(0)}  ${ratio.toFixed(2)} (${interval.map((end) => end.toFixed(2)).join('–')})`,
    )
    console.log(line(name, told))
  }
}

main()
