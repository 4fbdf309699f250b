'use strict'
// Everything at once, for a long time: node --expose-gc scripts/soak.js [SECONDS] [SEED]
// Every ten seconds, or ten times if that is more often, it lets all work come to its end and prints a line. Fails when, after
// the first third of the time, the least of what is in use still grows: memory of the process, heap, slots, what is
// pending, files, threads.

const { AsyncLocalStorage } = require('node:async_hooks')
const { readdirSync, openSync, writeSync, readSync, closeSync, constants, mkdtempSync, rmSync } = require('node:fs')
const { execFileSync } = require('node:child_process')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')
const ours = require('..')
const { counts } = require('../lib/promise/slots')
const { pending } = require('../lib/timeout')
const { random } = require('../__test__/garbage/values')

const seconds = Number(process.argv[2] ?? 600)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
/** How long work may take to be over. */
const PATIENCE = 60_000
const LINE = Math.min(10_000, seconds * 100)

const next = random(seed)
const below = (limit) => Math.floor(next() * limit)
const never = () => {}
const done = {
  fired: 0,
  cleared: 0,
  threw: 0,
  promises: 0,
  loops: 0,
  events: 0,
  rings: 0,
  workers: 0,
  aborted: 0,
  unhandled: 0,
  handled: 0,
  installed: 0,
  iterated: 0,
}
const store = new AsyncLocalStorage()

process.on('unhandledRejection', (reason) => {
  if (reason.message !== 'soak') throw reason
  done.unhandled++
})
process.on('rejectionHandled', () => done.handled++)
process.on('uncaughtException', (error) => {
  if (error.message !== 'soak') throw error
  done.threw++
})

const fire = () => done.fired++
function fail() {
  throw new Error('soak')
}

const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-soak-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
/** Those that nobody uses at the moment. */
const FIFOS = 20
const fifos = Array.from({ length: FIFOS }, (_, i) => join(folder, String(i)))
execFileSync('mkfifo', fifos)

/** One of them, open, with a loop object to watch it. Nothing if all are in use. */
function takeFifo() {
  const fifo = fifos.pop()
  if (!fifo) return undefined
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
  const loop = new ours.EventLoop()
  const giveBack = () => {
    loop.close()
    closeSync(fd)
    fifos.push(fifo)
  }
  return { fd, loop, bytes: Buffer.alloc(64), giveBack }
}

const workerSource = `
  const { parentPort, workerData } = require('node:worker_threads')
  const ours = require(workerData.ours)
  ours.setInterval(() => {}, 1)
  new ours.EventLoop().doorbell(() => {})
  for (let i = 0; i < 100; i++) ours.ring(workerData.bell)
  ours.setTimeout(() => process.exit(), workerData.lives)`

let workers = 0

/** Each sets up some work of its kind, which is over within a second. */
const work = {
  timeouts() {
    for (let i = 0; i < 1000; i++) ours.setTimeout(fire, below(300), i)
  },
  cleared() {
    const timers = Array.from({ length: 1000 }, () => ours.setTimeout(never, below(1e9)))
    for (const timer of timers) ours.clearTimeout(next() < 0.1 ? Number(timer) : timer)
    done.cleared += timers.length
  },
  refreshed() {
    const timer = ours.setTimeout(fire, 10 + below(50))
    for (let i = 0; i < 10; i++) ours.setTimeout(() => timer.refresh(), below(100)).unref()
  },
  intervals() {
    for (let i = 0; i < 100; i++) {
      let left = below(10)
      const interval = ours.setInterval(() => {
        fire()
        if (left-- <= 0) ours.clearInterval(interval)
      }, below(20))
    }
  },
  immediates() {
    const all = Array.from({ length: 1000 }, () => ours.setImmediate(fire))
    for (const one of all) if (next() < 0.3) ours.clearImmediate(one)
  },
  errors() {
    for (let i = 0; i < 20; i++) ours[['setTimeout', 'setImmediate'][below(2)]](fail)
    ours.queueMicrotask(fail)
  },
  promises() {
    for (let i = 0; i < 300; i++) {
      new ours.ChainedPromise(never).then(never)
      ours.ChainedPromise.resolve(i).then(fire).finally(never)
      ours.ChainedPromise.reject(i).catch(never)
      ours.queueMicrotask(never)
    }
    ours.ChainedPromise.race([ours.delay(below(50)), new ours.ChainedPromise(never)]).then(fire)
    done.promises += 900
  },
  async aborted() {
    const controller = new AbortController()
    const { signal } = controller
    ours.setTimeout(() => controller.abort(), below(50))
    try {
      for await (const _ of ours.promises.setInterval(5, undefined, { signal })) fire()
    } catch {
      done.aborted++
    }
  },
  contexts() {
    for (let i = 0; i < 50; i++) {
      store.run({ i }, () =>
        ours.setTimeout(() => ours.setImmediate(() => store.getStore().i === i && fire()), below(20)),
      )
    }
  },
  loops() {
    const options = [
      { onError: never, microtasks: 'batched' },
      ...['burst', 'delay', 'skip'].map((missed) => ({ onError: never, order: 'deadline', metrics: true, missed })),
      { onError: never, nestedClamp: true, asyncContext: false },
    ]
    const loop = new ours.EventLoop(options[below(options.length)])
    for (let i = 0; i < 50; i++) {
      loop.setTimeout(fire, below(100))
      loop.setInterval(fire, 1 + below(50))
      loop.submit(fire)
      loop.queueMicrotask(i % 10 ? never : fail)
    }
    if (next() < 0.5) loop.close()
    else ours.setTimeout(() => loop.shutdown(), below(200))
    done.loops++
  },
  watchers() {
    const watched = takeFifo()
    if (!watched) return
    const { fd, loop, bytes } = watched
    let left = 5
    loop.watch(fd, { readable: true, mode: ['level', 'edge'][below(2)] }, () => {
      done.events++
      readSync(fd, bytes)
      if (--left > 0) writeSync(fd, 'x')
      else watched.giveBack()
    })
    writeSync(fd, 'x')
  },
  async iterated() {
    const watched = takeFifo()
    if (!watched) return
    const { fd, loop, bytes } = watched
    let left = 5
    writeSync(fd, 'x')
    for await (const { readable } of loop.watch(fd, { readable: true })) {
      if (readable) readSync(fd, bytes)
      done.iterated++
      if (--left === 0) break
      writeSync(fd, 'x')
    }
    watched.giveBack()
  },
  rejections() {
    for (let i = 0; i < 20; i++) {
      const promise = ours.ChainedPromise.reject(new Error('soak'))
      if (i % 2) ours.setTimeout(() => promise.catch(never), below(20))
    }
  },
  async scheduled() {
    const { scheduler } = ours.promises
    for (let i = 0; i < 10; i++) {
      await scheduler.yield()
      await scheduler.wait(below(10))
      fire()
    }
  },
  /** What the globals set goes on whoever they are. */
  installed() {
    ours.install()
    const interval = globalThis.setInterval(fire, 5)
    globalThis.setTimeout(() => globalThis.clearInterval(interval), below(50))
    globalThis.setImmediate(() => {
      ours.uninstall()
      done.installed++
    })
  },
  doorbells() {
    const loop = new ours.EventLoop()
    const bell = loop.doorbell((rings) => {
      done.rings += rings
      loop.close()
    })
    for (let i = 0; i < 10; i++) ours.ring(bell.id)
  },
  workers() {
    if (next() > 0.1) return
    const loop = new ours.EventLoop()
    const bell = loop.doorbell((rings) => {
      done.rings += rings
    })
    const workerData = { ours: require.resolve('..'), bell: bell.id, lives: below(100) }
    workers++
    const worker = new Worker(workerSource, { eval: true, workerData })
    if (next() < 0.3) ours.setTimeout(() => worker.terminate(), below(100))
    worker.on('exit', () => {
      done.workers++
      workers--
      loop.close()
    })
    // Its doorbell may be gone before it rings.
    worker.on('error', never)
  },
}
const kinds = Object.values(work)

const entries = (path) => (process.platform === 'linux' ? readdirSync(path).length : 0)

/** Node's own, whatever is installed meanwhile. */
const { setTimeout } = globalThis
const turn = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms))
const isAtWork = () => ours.defaultLoop.handles().length > 0 || workers > 0 || fifos.length < FIFOS

/** What still waits though all that was set should be over. */
function refuse() {
  const kinds = ours.defaultLoop.handles().map(({ kind, delay }) => `${kind} ${delay}`)
  console.error(`seed ${seed}: not over after ${PATIENCE} ms: ${workers} workers, ${kinds.slice(0, 20).join(', ')}`)
  process.exit(1)
}

/** What is in use when all work that was set is over. Promises that nobody settles are gone after three collections. */
async function measure() {
  const began = performance.now()
  while (isAtWork() && performance.now() - began < PATIENCE) await turn(50)
  if (isAtWork()) refuse()
  for (let i = 0; i < 4; i++) {
    ours.pendingPromises()
    await turn(10)
    globalThis.gc()
  }
  const { rss, heapUsed } = process.memoryUsage()
  const { pending: promises, unhandled, reactions } = counts()
  return {
    'rss MB': rss / 1e6,
    'heap MB': heapUsed / 1e6,
    slots: pending.length,
    handles: ours.defaultLoop.handles().length,
    promises: promises + unhandled + reactions,
    fds: entries('/proc/self/fd'),
    threads: entries('/proc/self/task'),
  }
}

/** By how much the least of the last third may be above the least of the middle one. The table of slots only ever grows, and in
 * the first minute the process has not seen all of its work. */
const MAY_GROW = {
  'rss MB': seconds < 60 ? 40 : 8,
  'heap MB': 1,
  slots: 10_000,
  handles: 0,
  promises: 200,
  fds: 0,
  threads: 1,
}

function judge(lines) {
  const third = Math.floor(lines.length / 3)
  const least = (from, to, name) => Math.min(...lines.slice(from, to).map((line) => line[name]))
  const grown = Object.keys(MAY_GROW).filter((name) => {
    const growth = least(2 * third, lines.length, name) - least(third, 2 * third, name)
    return growth > MAY_GROW[name]
  })
  const idle = Object.keys(done).filter((name) => done[name] === 0)
  const verdict =
    grown.length > 0 ? `grown: ${grown.join(', ')}` : idle.length > 0 ? `idle: ${idle.join(', ')}` : 'flat'
  console.log(`seed ${seed}, Node ${process.versions.node}: ${verdict}`, JSON.stringify(done))
  process.exit(verdict === 'flat' ? 0 : 1)
}

async function main() {
  const lines = []
  const started = performance.now()
  const passed = () => performance.now() - started
  while (passed() < seconds * 1000) {
    const until = passed() + LINE
    while (passed() < until) {
      for (let i = 0; i < 3; i++) kinds[below(kinds.length)]()
      await turn(5)
    }
    const line = await measure()
    lines.push(line)
    const shown = Object.entries(line).map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`)
    console.log(`${Math.round(passed() / 1000)} s`, shown.join(', '))
  }
  judge(lines)
}

main()
