'use strict'
// How fast are our functions beside Node's own? Same process, alternating, after a warm-up; median and best of several
// runs, in nanoseconds per operation, and the ratio of the medians. Both sides carry async context as they always do.
// Usage: node --expose-gc benchmark/speed.js [--json] [--case NAME] [--runs N]

const { node, ours } = require('./loops')
const { median } = require('./statistics')
const { argument, numberArgument } = require('./arguments')

const noop = () => {}

// The callbacks are made once, as a program's would be: V8 throws the code of both sides away when a new one turns up.
let left = 0
let done = noop
const fired = () => {
  if (--left === 0) done()
}
const ourLink = () => (--left === 0 ? done() : ours.setImmediate(ourLink))
const nodeLink = () => (--left === 0 ? done() : node.setImmediate(nodeLink))

/** Lets `start` begin something, and waits until `fired` or one of the links has been called `count` times. */
function countdown(count, start) {
  return new Promise((resolve) => {
    left = count
    done = resolve
    start()
  })
}

const RUNS = numberArgument('--runs', 9)

/** Lets everything that is pending finish. */
const settle = () => new Promise((resolve) => node.setTimeout(resolve, 5))

/** @type {{ name: string, count: number, must: number, aim: number, run(f: typeof node): unknown, needs?: string }[]} */
const CASES = [
  {
    name: 'set+clear, one at a time',
    count: 200_000,
    must: 0.5,
    aim: 0.25,
    run(f) {
      for (let i = 0; i < this.count; i++) f.clearTimeout(f.setTimeout(noop, 1000))
    },
  },
  {
    name: 'set 1,000, then clear them',
    count: 200_000,
    must: 1,
    aim: 0.6,
    run(f) {
      const timers = new Array(1000)
      for (let round = 0; round < this.count / 1000; round++) {
        for (let i = 0; i < 1000; i++) timers[i] = f.setTimeout(noop, 1000)
        for (let i = 0; i < 1000; i++) f.clearTimeout(timers[i])
      }
    },
  },
  {
    name: 'set 100,000 of 100 to 160 s, clear all',
    count: 100_000,
    must: 0.5,
    aim: 0.3,
    run(f) {
      const timers = []
      let seed = 1
      for (let i = 0; i < this.count; i++) {
        seed = (seed * 48271) % 2147483647
        timers.push(f.setTimeout(noop, 100_000 + (seed % 60_000)))
      }
      for (const timer of timers) f.clearTimeout(timer)
    },
  },
  {
    name: 'refresh over 1,000 timers',
    count: 200_000,
    must: 1,
    aim: 0.5,
    run(f) {
      const timers = (this.timers ??= new Map())
      if (!timers.has(f))
        timers.set(
          f,
          Array.from({ length: 1000 }, () => f.setTimeout(noop, 100_000).unref()),
        )
      const mine = timers.get(f)
      for (let round = 0; round < this.count / 1000; round++) for (let i = 0; i < 1000; i++) mine[i].refresh()
    },
  },
  ...[
    [1_000, 20, 1, 0.9],
    [100_000, 1, 0.75, 0.5],
    [1_000_000, 1, 0.65, 0.5],
  ].map(([timers, rounds, must, aim]) => ({
    name: `set and fire ${timers.toLocaleString('en')} of 1 ms`,
    count: timers * rounds,
    must,
    aim,
    async run(f) {
      for (let round = 0; round < rounds; round++) {
        await countdown(timers, () => {
          for (let i = 0; i < timers; i++) f.setTimeout(fired, 1)
        })
      }
    },
  })),
  {
    name: 'setImmediate, burst of 100,000',
    count: 100_000,
    must: 0.9,
    aim: 0.6,
    run(f) {
      return countdown(this.count, () => {
        for (let i = 0; i < this.count; i++) f.setImmediate(fired)
      })
    },
  },
  {
    name: 'setImmediate, chain of 20,000',
    count: 20_000,
    must: 0.3,
    aim: 0.15,
    run(f) {
      return countdown(this.count, () => {
        f.setImmediate(f === ours ? ourLink : nodeLink)
      })
    },
  },
  {
    name: 'queueMicrotask, bursts of 10,000',
    count: 200_000,
    must: 0.8,
    aim: 0.5,
    async run(f) {
      for (let burst = 0; burst < this.count / 10_000; burst++) {
        await countdown(10_000, () => {
          for (let i = 0; i < 10_000; i++) f.queueMicrotask(fired)
        })
      }
    },
  },
]

async function time(one, functions) {
  globalThis.gc?.()
  await settle()
  const start = process.hrtime.bigint()
  await one.run(functions)
  return Number(process.hrtime.bigint() - start) / one.count
}

async function measure(one) {
  const times = { node: [], ours: [] }
  const runs = one.count >= 1_000_000 ? Math.min(RUNS, 5) : RUNS
  for (let run = -2; run < runs; run++) {
    const sides = run % 2 ? ['node', 'ours'] : ['ours', 'node']
    for (const side of sides) {
      const took = await time(one, side === 'node' ? node : ours)
      if (run >= 0) times[side].push(took)
    }
  }
  const result = { name: one.name, must: one.must, aim: one.aim }
  for (const side of ['node', 'ours']) result[side] = { median: median(times[side]), best: Math.min(...times[side]) }
  result.ratio = result.ours.median / result.node.median
  result.best = result.ours.best / result.node.best
  return result
}

async function main() {
  const chosen = CASES.filter(({ name }) => name.includes(argument('--case') ?? ''))
  const json = process.argv.includes('--json')
  const results = []
  if (!json) console.log(`Node ${process.version}, ns per operation: median (best)\n`)
  for (const one of chosen) {
    const result = await measure(one)
    results.push(result)
    if (json) continue
    const side = ({ median, best }) => `${median.toFixed(0)} (${best.toFixed(0)})`.padStart(14)
    const { name, ratio, best, must, aim } = result
    const verdict = ratio <= aim ? 'aim reached' : ratio <= must ? 'reached' : 'MISSED'
    console.log(
      `${name.padEnd(40)} node ${side(result.node)}   ours ${side(result.ours)}   ratio ${ratio.toFixed(2)} (${best.toFixed(2)})   must ${must} aim ${aim}: ${verdict}`,
    )
  }
  if (json) console.log(JSON.stringify({ node: process.version, arch: process.arch, results }, null, 2))
  process.exit(0)
}

main()
