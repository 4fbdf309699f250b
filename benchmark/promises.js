'use strict'
// How fast is ChainedPromise beside native promises and bluebird's? Same process, taking turns, each run drained and after
// a collection; median and best of the runs in nanoseconds per operation, and the ratios of the medians. Then the bytes of
// a pending promise with one handler, in V8's heap and in Rust, in a process of its own for each class.
// Usage: node --expose-gc benchmark/promises.js [--runs N]

const { execFileSync } = require('node:child_process')
const { setImmediate: turn } = require('node:timers/promises')

const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined)
const RUNS = Number(argument('--runs') ?? 21)
const PROMISES = 200_000

const CLASSES = {
  native: () => Promise,
  bluebird: () => require('bluebird'),
  ours: () => require('..').ChainedPromise,
}

const same = (value) => value

const CASES = [
  {
    name: 'chain of 100,000 thens',
    count: 100_000,
    must: { bluebird: 1 },
    aim: { native: 1 },
    run(P, done) {
      let resolve
      let promise = new P((resolvePromise) => (resolve = resolvePromise))
      for (let i = 0; i < 100_000; i++) promise = promise.then(same)
      promise.then(done)
      resolve(1)
    },
  },
  {
    name: 'chains of 100, over and over',
    count: 100_000,
    must: { bluebird: 0.8, native: 3 },
    aim: { native: 1.5 },
    run(P, done) {
      let left = 1000
      const next = () => {
        if (left-- === 0) return done()
        let promise = P.resolve(1)
        for (let i = 0; i < 99; i++) promise = promise.then(same)
        promise.then(next)
      }
      next()
    },
  },
  {
    name: 'new P(r => r()).then(step)',
    count: 100_000,
    must: { bluebird: 1.2 },
    aim: { native: 1.5 },
    run(P, done) {
      let left = 100_000
      const step = () => {
        if (left-- === 0) return done()
        new P((resolve) => resolve()).then(step)
      }
      step()
    },
  },
  {
    name: 'all of 100 settled, per input',
    count: 200_000,
    must: { bluebird: 1 },
    aim: { native: 2 },
    run(P, done) {
      const inputs = Array.from({ length: 100 }, (_, i) => P.resolve(i))
      let left = 2000
      const step = () => (left-- === 0 ? done() : P.all(inputs).then(step))
      step()
    },
  },
]

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

async function time({ run, count }, P) {
  globalThis.gc?.()
  await turn()
  await turn()
  const start = process.hrtime.bigint()
  await new Promise((resolve) => run(P, resolve))
  return Number(process.hrtime.bigint() - start) / count
}

/** Which of the goals is missed, and by which ratio. */
function verdict({ must, aim }, ratio) {
  const met = (goals) => Object.entries(goals).every(([side, most]) => ratio(side) <= most)
  const said = (goals) => Object.entries(goals).map(([side, most]) => `${most} × ${side}`)
  return `${met(aim) ? 'aim reached' : met(must) ? 'reached' : 'MISSED'} (must ${said(must).join(', ')}, aim ${said(aim).join(', ')})`
}

async function measureSpeed() {
  const classes = Object.entries(CLASSES).map(([name, load]) => [name, load()])
  for (const one of CASES) {
    const times = { native: [], bluebird: [], ours: [] }
    for (let run = -3; run < RUNS; run++) {
      for (const [name, P] of classes) {
        const took = await time(one, P)
        if (run >= 0) times[name].push(took)
      }
    }
    const ratio = (side) => median(times.ours) / median(times[side])
    const shown = Object.entries(times).map(([name, all]) =>
      `${name} ${median(all).toFixed(0)} (${Math.min(...all).toFixed(0)})`.padEnd(20),
    )
    const ratios = `${ratio('bluebird').toFixed(2)} × bluebird, ${ratio('native').toFixed(2)} × native`
    console.log(one.name.padEnd(30), ...shown, ratios.padEnd(34), verdict(one, ratio))
  }
}

/** How many bytes a pending promise with a handler takes if it, or what settles it, is held. */
async function measureMemory(name, held, age) {
  const P = CLASSES[name]()
  const kept = new Array(PROMISES).fill(undefined)
  const make = (i) => {
    let settle
    const promise = new P((resolve) => (settle = resolve))
    promise.then(same)
    kept[i] = held === 'settler' ? settle : promise
  }
  const { bytesInRust } = require('../lib/promise/slots')
  const bytes = () => process.memoryUsage().heapUsed + bytesInRust()
  for (let i = 0; i < 1000; i++) make(i)
  const collect = async () => {
    for (let i = 0; i < 4; i++) globalThis.gc()
    await turn()
  }
  await collect()
  const before = bytes()
  for (let i = 0; i < PROMISES; i++) make(i)
  await collect()
  // Each time they are looked after they grow older: old ones are held weakly.
  if (name === 'ours' && age === 'old') for (let i = 0; i < 3; i++) require('..').pendingPromises()
  await turn()
  await collect()
  console.log((bytes() - before) / kept.length)
}

function reportMemory() {
  for (const [title, held, age] of [
    ['bytes, young', 'promise', 'young'],
    ['bytes, old', 'promise', 'old'],
    ['bytes, young, can be settled', 'settler', 'young'],
    ['bytes, old, can be settled', 'settler', 'old'],
  ]) {
    const grown = {}
    for (const name of Object.keys(CLASSES)) {
      const args = ['--expose-gc', __filename, '--memory', name, held, age]
      grown[name] = median([1, 2, 3].map(() => Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))))
    }
    const ratio = (side) => grown.ours / grown[side]
    const shown = Object.entries(grown).map(([name, each]) => `${name} ${each.toFixed(0)}`.padEnd(20))
    const goals = { must: { native: 1.5 }, aim: { native: 1 } }
    console.log(title.padEnd(30), ...shown, `${ratio('native').toFixed(2)} × native`.padEnd(34), verdict(goals, ratio))
  }
}

async function main() {
  if (process.argv.includes('--memory')) {
    return measureMemory(...process.argv.slice(process.argv.indexOf('--memory') + 1))
  }
  console.log(`Node ${process.version}, ns per operation: median (best)\n`)
  await measureSpeed()
  reportMemory()
}

main()
