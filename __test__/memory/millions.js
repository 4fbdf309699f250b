'use strict'
// So many of each kind, set and cleared, fired, thrown in: node --expose-gc millions.js COUNT
//
// The first round of each kind makes the tables as long as they have to be, which they then stay; after the second one all
// must be as it was after the first. A process may need a few more until the allocators have what they want: what is kept
// grows in each of them. Prints a line for each kind, and ends with 1 if something was kept.

const { AsyncLocalStorage } = require('node:async_hooks')
const { setMaxListeners } = require('node:events')
const { openSync, closeSync } = require('node:fs')
const ours = require('../..')
const { bytesInRust, counts } = require('../../lib/promise/slots')
const { pending } = require('../../lib/timeout')

const count = Number(process.argv[2])
/** What the collector and the heap's own pages make of it, whatever the count. */
const HEAP_MAY_GROW = 300_000
/** The allocator of C keeps pages that are free for others, and never the same ones. What is kept of each is far more. */
const rssMayGrow = 16e6 + count * 16
/** The table of promises stays as long as it was; a few more may have been young at once. */
const RUST_MAY_GROW = 20_000
const LOOKS = 10
const ROUNDS = 3
const never = () => {}
const turn = () => new Promise((resolve) => setImmediate(resolve))

let left = 0
let finished = never
function one() {
  if (--left === 0) finished()
}
function oneThatThrows() {
  one()
  throw THROWN
}
const THROWN = new Error('thrown by each')

process.on('uncaughtException', (error) => {
  if (error !== THROWN) throw error
})

const store = new AsyncLocalStorage()

/** Calls `make` so often, and waits until each has called `one`. */
async function untilAllHaveRun(make) {
  left = count
  const all = new Promise((resolve) => {
    finished = resolve
  })
  for (let i = 0; i < count; i++) make(i)
  await all
}

/** Sets so many, then clears them. */
function setAndClear(set, clear) {
  const all = Array.from({ length: count }, (_, i) => set(i))
  for (const handle of all) clear(handle)
}

const DELAYS = 50
/** Their signals have fifty listeners each: to take one away takes longer the more there are. */
function controllers() {
  return Array.from({ length: Math.ceil(count / 50) }, () => {
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    return controller
  })
}

const withLoop = (options, body) => async () => {
  const loop = new ours.EventLoop(options)
  await body(loop)
  loop.close()
}

const kinds = {
  'timeouts cleared': () => setAndClear((i) => ours.setTimeout(never, 1e6 + (i % DELAYS), i), ours.clearTimeout),
  'timeouts cleared by number': () => setAndClear((i) => Number(ours.setTimeout(never, 1e6 + i)), ours.clearTimeout),
  'timeouts fired by number': () => untilAllHaveRun(() => Number(ours.setTimeout(one, 1))),
  'immediates fired by number': () => untilAllHaveRun(() => Number(ours.setImmediate(one))),
  'timeouts fired': () => untilAllHaveRun((i) => ours.setTimeout(one, 1 + (i % DELAYS), i)),
  'timeouts that throw': () => untilAllHaveRun(() => ours.setTimeout(oneThatThrows, 1)),
  'intervals cleared': () => setAndClear((i) => ours.setInterval(never, 1e6 + (i % DELAYS)), ours.clearInterval),
  'intervals cleared by themselves': () =>
    untilAllHaveRun(() => {
      const interval = ours.setInterval(() => one(ours.clearInterval(interval)), 1)
    }),
  'intervals that throw': () =>
    untilAllHaveRun(() => {
      const interval = ours.setInterval(() => oneThatThrows(ours.clearInterval(interval)), 1)
    }),
  'timeouts refreshed': () =>
    untilAllHaveRun(() => {
      const timer = ours.setTimeout(() => {
        // It has a life after its first one.
        if (timer.hasRun) return one()
        timer.hasRun = true
        timer.refresh()
      }, 1)
      timer.refresh()
    }),
  'timeouts with a store': () => untilAllHaveRun((i) => store.run({ i }, () => ours.setTimeout(one, 1))),
  'immediates cleared': () => setAndClear((i) => ours.setImmediate(never, i), ours.clearImmediate),
  'immediates fired': () => untilAllHaveRun((i) => ours.setImmediate(one, i)),
  'immediates that throw': () => untilAllHaveRun(() => ours.setImmediate(oneThatThrows)),
  microtasks: () => untilAllHaveRun(() => ours.queueMicrotask(one)),
  'microtasks that throw': () => untilAllHaveRun(() => ours.queueMicrotask(oneThatThrows)),
  'promises settled': () => untilAllHaveRun((i) => ours.ChainedPromise.resolve(i).then(one)),
  'promises rejected': () => untilAllHaveRun((i) => ours.ChainedPromise.reject(i).then(never).catch(one)),
  'promises that nobody settles': async () => {
    for (let i = 0; i < count; i++) new ours.ChainedPromise(never).then(never)
    // Whoever asks for them keeps them for the rest of his turn. The last ones may stand in a register for a while.
    for (let tries = 0; tries < 30 && ours.pendingPromises() > 10; tries++) {
      await turn()
      globalThis.gc()
    }
  },
  'promises of timers': () => untilAllHaveRun((i) => ours.delay(1, i).then(one)),
  'promises with a signal': async () => {
    const signals = controllers()
    await untilAllHaveRun((i) => ours.delay(1, i, signals[i % signals.length]).then(one))
    await untilAllHaveRun((i) => ours.promises.setTimeout(1, i, signals[i % signals.length]).then(one))
  },
  'promises that a signal ends': () => {
    const signals = controllers()
    ours.setImmediate(() => {
      for (const controller of signals) controller.abort()
    })
    return untilAllHaveRun((i) => ours.promises.setTimeout(1e6, i, signals[i % signals.length]).catch(one))
  },
  'deadlines cleared': withLoop({ order: 'deadline' }, (loop) =>
    setAndClear((i) => loop.setTimeout(never, 1e6 + i), loop.clearTimeout),
  ),
  'deadlines fired': withLoop({ order: 'deadline' }, (loop) =>
    untilAllHaveRun((i) => loop.setTimeout(one, 1 + (i % DELAYS))),
  ),
  'tasks closed': withLoop({}, (loop) =>
    setAndClear(
      () => loop.submit(never),
      (task) => task.close(),
    ),
  ),
  'deadlines that throw': withLoop({ order: 'deadline' }, (loop) =>
    untilAllHaveRun((i) => loop.setTimeout(oneThatThrows, 1 + (i % DELAYS))),
  ),
  'intervals in deadline order': withLoop({ order: 'deadline', missed: 'skip' }, (loop) =>
    untilAllHaveRun(() => {
      const interval = loop.setInterval(() => one(loop.clearInterval(interval)), 1)
    }),
  ),
  'immediates of a loop object': withLoop({}, (loop) => untilAllHaveRun((i) => loop.setImmediate(one, i))),
  'microtasks of a loop object': withLoop({}, (loop) => untilAllHaveRun(() => loop.queueMicrotask(one))),
  'microtasks in batches': withLoop({ microtasks: 'batched' }, (loop) =>
    untilAllHaveRun(() => loop.queueMicrotask(one)),
  ),
  'tasks that throw': withLoop({}, (loop) => untilAllHaveRun(() => loop.submit(oneThatThrows))),
  'doorbells rung': withLoop({}, (loop) =>
    untilAllHaveRun(() => {
      const bell = loop.doorbell(() => one(bell.close()))
      ours.ring(bell.id)
    }),
  ),
  // One after the other: a file descriptor is watched once at a time.
  ...(process.platform !== 'win32' && {
    watchers: withLoop({}, (loop) => {
      const fd = openSync('/dev/ptmx', 'r+')
      for (let i = 0; i < count; i++) loop.watch(fd, { writable: true }, never).close()
      closeSync(fd)
    }),
  }),
  'tasks run': withLoop({}, (loop) => untilAllHaveRun(() => loop.submit(one))),
  'doorbells closed': withLoop({}, (loop) =>
    setAndClear(
      () => loop.doorbell(never),
      (doorbell) => doorbell.close(),
    ),
  ),
  'ended with their loop': withLoop({ metrics: true }, (loop) => {
    for (let i = 0; i < count; i++) loop.setTimeout(never, 1e6)
  }),
}

async function inUse() {
  for (let i = 0; i < 3; i++) {
    await turn()
    globalThis.gc()
  }
  const promises = counts()
  return {
    heap: process.memoryUsage().heapUsed,
    timers: pending.filter((timer) => timer !== undefined).length,
    handles: ours.defaultLoop.handles().length,
    promises: promises.unhandled + promises.reactions + promises.pending,
    rss: process.memoryUsage.rss(),
    rust: bytesInRust(),
  }
}

function hasNotGrown(before, after) {
  return (
    after.heap - before.heap < HEAP_MAY_GROW &&
    after.rss - before.rss < rssMayGrow &&
    after.rust - before.rust < RUST_MAY_GROW &&
    after.timers + after.handles + after.promises === 0
  )
}

async function main() {
  let kept = false
  // What is loaded with the first look does not count.
  await inUse()
  for (const [name, run] of Object.entries(kinds)) {
    const started = performance.now()
    await run()
    let before = await inUse()
    let after
    let isFlat = false
    for (let round = 0; round < ROUNDS && !isFlat; round++) {
      if (after) before = after
      await run()
      // The collector and the compiler take their time on a busy machine. What is kept is there however often one looks.
      for (let looks = 0; looks < LOOKS && !isFlat; looks++) {
        after = await inUse()
        isFlat = hasNotGrown(before, after)
      }
    }
    kept ||= !isFlat
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const grew = ['heap', 'rss', 'rust'].map((what) => ((after[what] - before[what]) / 1e3).toFixed(1))
    console.log(
      `${name.padEnd(32)} kB more: heap ${grew[0]}, process ${grew[1]}, Rust ${grew[2]}; ${seconds} s`,
      isFlat ? '' : JSON.stringify(after),
    )
  }
  console.log(`${Object.keys(kinds).length} kinds, ${count} times each: ${kept ? 'something' : 'nothing'} was kept`)
  process.exit(kept ? 1 : 0)
}

main()
