'use strict'
// One cell of the matrix, as a process: node program.js SIDE WHERE STATE HOW
// It says on its standard output what happens, synchronously, so that nothing is lost in whatever end it finds.

const cluster = require('node:cluster')
const fs = require('node:fs')
const { join } = require('node:path')
const timers = require('node:timers')
const vm = require('node:vm')
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')

const [side, where, state, how] = workerData ?? process.argv.slice(2)
const { ENDS_WORKERS: workers, ENDS_COPY: copy } = process.env

/** These ends come from outside of the thread that is in the state. */
const FROM_OUTSIDE = ['terminate', 'SIGTERM', 'SIGTERM caught', 'parent dies']
const stays = FROM_OUTSIDE.includes(how)

let quiet = false
const log = (...words) => {
  if (!quiet) fs.writeSync(1, `${words.join(' ')}\n`)
}

function load(folder) {
  if (side === 'node') return { ...timers, queueMicrotask, Promise, component: nodeComponent }
  const ours = require(folder)
  return { ...ours, Promise: ours.ChainedPromise, component: () => new ours.EventLoop() }
}

/** What of a loop object the states use, with Node's functions. */
function nodeComponent() {
  let open = true
  const ends = []
  const add = (clear, handle) => ends.push(() => clear(handle))
  return {
    setTimeout: (callback, ms) => add(clearTimeout, timers.setTimeout(callback, ms)),
    setInterval: (callback, ms) => add(clearInterval, timers.setInterval(callback, ms)),
    setImmediate: (callback) => add(clearImmediate, timers.setImmediate(callback)),
    queueMicrotask: (callback) => queueMicrotask(() => open && callback()),
    close() {
      open = false
      for (const end of ends) end()
    },
  }
}

/** From now on the end may come at any time, and what is said depends on when. */
function tell() {
  if (isMainThread) {
    log('ready', process.pid)
    // A parent that is to die may be dead by now.
    if (how !== 'parent dies') process.send?.('ready')
  } else {
    parentPort.postMessage('ready')
  }
  quiet = true
}

function wait(ms) {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** Each brings one end about. */
const act = {
  /** A process of a cluster has a channel that keeps it alive. */
  returns() {
    cluster.worker?.disconnect()
  },
  'process.exit': () => process.exit(5),
  throws() {
    throw new Error('mine')
  },
  rejects: (loop) => void loop.Promise.reject(new Error('mine')),
  terminate() {
    tell()
    if (state.startsWith('in ')) for (;;);
  },
  SIGTERM() {
    tell()
    if (state.startsWith('in ')) for (;;);
  },
  'SIGTERM caught'() {
    tell()
    wait(10)
  },
  'parent dies'() {
    tell()
    wait(10)
  },
}[how]

/** Puts this thread into the state. */
function enter() {
  process.on('exit', (code) => log('exit', code))
  const file = join(__dirname, 'states.js')
  const source = fs.readFileSync(file, 'utf8')
  const states = where === 'vm' ? vm.runInNewContext(source, {}, file) : vm.runInThisContext(source, file)
  const loop = load(join(__dirname, '..', '..'))
  const kit = { node: timers, log, stays, returns: how === 'returns' }
  if (where === 'twice') {
    // The second copy of the addon is in the same state, says nothing and brings nothing about.
    states[state]({ ...kit, loop: load(copy), log() {}, act() {} })
  }
  states[state]({ ...kit, loop, act: () => act(loop) })
}

const threads = () =>
  fs
    .readdirSync('/proc/self/task')
    .filter((id) => fs.readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() === 'rs-eventloop').length
const files = () => fs.readdirSync('/proc/self/fd').length

/** Starts worker threads and says how each has ended; and, when all have, what they have left in the process. */
function startWorkers(count) {
  const before = files()
  const said = []
  let ready = 0
  let ended = 0
  for (let i = 0; i < count; i++) {
    const worker = new Worker(__filename, { workerData: [side, where, state, how] })
    worker.on('message', () => {
      if (how === 'terminate') worker.terminate()
      else if (++ready === count) tell()
    })
    worker.on('error', (error) => said.push(`error ${error.message}`))
    worker.on('exit', (code) => {
      said.push(`worker ${code}`)
      if (++ended === count) {
        for (const one of said.sort()) log(one)
        if (process.platform === 'linux') setImmediate(() => log('left', threads(), files() - before))
      }
    })
  }
}

function startCluster() {
  cluster.setupPrimary({ exec: __filename, args: [side, where, state, how] })
  const child = cluster.fork()
  child.on('message', () => child.process.kill('SIGTERM'))
  child.on('exit', (code, signal) => log('child', code, signal))
}

/** The thread that speaks for the process: it is told of signals and of the parent's death. */
function listen() {
  if (how === 'SIGTERM caught') process.on('SIGTERM', () => leave(7))
  if (how === 'parent dies') process.on('disconnect', () => leave(8))
}

function leave(code) {
  quiet = false
  process.exit(code)
}

if (!isMainThread) {
  enter()
} else if (where === 'cluster' && cluster.isPrimary) {
  startCluster()
} else {
  listen()
  if (where === 'worker') startWorkers(1)
  else if (where === 'workers') startWorkers(Number(workers))
  else enter()
}
