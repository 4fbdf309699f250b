'use strict'
// One cell of the matrix, as a process: node program.js SIDE WHERE STATE HOW
// It says on its standard output what happens, synchronously, so that nothing is lost in whatever end it finds.

const cluster = require('node:cluster')
const { randomUUID } = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const { join } = require('node:path')
const timers = require('node:timers')
const vm = require('node:vm')
const { MessageChannel, Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const { connect, connectToNobody, nodeSide, ourSide } = require('./sides')

const [side, where, state, how] = workerData?.cell ?? process.argv.slice(2)
const { ENDS_WORKERS: workers, ENDS_COPY: copy } = process.env
const root = join(__dirname, '..', '..')

const IN_WORKERS = ['worker', 'workers', 'worker, twice']
const TWICE = ['twice', 'worker, twice']
/** Another thread brings these about. */
const BY_ANOTHER = ['watched, data', 'rung']
/** These ends come from outside of the thread that is in the state. */
const FROM_OUTSIDE = ['terminate', 'SIGTERM', 'SIGTERM caught', 'parent dies']
const stays = FROM_OUTSIDE.includes(how)

let quiet = false
const log = (...words) => {
  if (!quiet) fs.writeSync(1, `${words.join(' ')}\n`)
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

/** Puts this thread into the state. What it needs of another one is at `path`, and on `line`. */
function enter({ path, line } = {}) {
  process.on('exit', (code) => log('exit', code, isMainThread ? tooMany() : ''))
  const file = join(__dirname, 'states.js')
  const source = fs.readFileSync(file, 'utf8')
  const statesOf = (folder) => {
    const inContext = where === 'vm' || (where === 'worker, twice' && folder === copy)
    return inContext ? vm.runInNewContext(source, {}, file) : vm.runInThisContext(source, file)
  }
  const load = (folder) => (side === 'node' ? nodeSide(line) : ourSide(folder, line))
  const kit = {
    node: timers,
    log,
    stays,
    returns: how === 'returns',
    connect: (told) => connect(path, told),
    connectToNobody: (told) => connectToNobody(copy, told),
    limited: (source, names, timeout) => vm.runInNewContext(source, names, { timeout }),
  }
  if (TWICE.includes(where)) {
    // The second copy of the addon is in the same state, says nothing and brings nothing about.
    statesOf(copy)[state]({ ...kit, loop: load(copy), log() {}, act() {} })
  }
  const loop = load(root)
  statesOf(root)[state]({ ...kit, loop, act: () => act(loop) })
}

const isOnLinux = process.platform === 'linux'
const threads = () =>
  fs
    .readdirSync('/proc/self/task')
    .filter((id) => fs.readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() === 'rs-eventloop').length
const files = () => fs.readdirSync('/proc/self/fd').length

/** How many threads there are beside one for each copy of the addon. */
const tooMany = () => (isOnLinux ? Math.max(0, threads() - (TWICE.includes(where) ? 2 : 1)) : 0)

/** Starts the other thread where the state needs one; then `go`, with what one gives to `enter`. */
function startOther(go) {
  if (!BY_ANOTHER.includes(state)) {
    go()
    return
  }
  const path = join(copy, randomUUID())
  const other = new Worker(join(__dirname, 'other.js'), { workerData: path })
  other.once('message', () => {
    other.unref()
    go({ path, line: other })
  })
}

/** Starts worker threads and says how each has ended; and, when all have, what they have left in the process. */
function startWorkers(count, before, other) {
  const said = []
  let ready = 0
  let ended = 0
  const end = async () => {
    if (other) {
      other.line.ref()
      other.line.postMessage({ end: true })
      await once(other.line, 'exit')
    }
    for (const one of said.sort()) log(one)
    if (isOnLinux) setImmediate(() => log('left', threads(), files() - before))
  }
  for (let i = 0; i < count; i++) {
    const worker = startWorker(other)
    worker.on('message', () => {
      if (how === 'terminate') worker.terminate()
      else if (++ready === count) tell()
    })
    worker.on('error', (error) => said.push(`error ${error.message}`))
    worker.on('exit', (code) => {
      said.push(`worker ${code}`)
      if (++ended === count) end()
    })
  }
}

function startWorker(other) {
  const cell = [side, where, state, how]
  if (!other) return new Worker(__filename, { workerData: { cell } })
  const { port1: line, port2: another } = new MessageChannel()
  other.line.postMessage({ another }, [another])
  const given = { path: other.path, line }
  return new Worker(__filename, { workerData: { cell, given }, transferList: [line] })
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
  enter(workerData.given)
} else if (where === 'cluster' && cluster.isPrimary) {
  startCluster()
} else {
  listen()
  const before = isOnLinux ? files() : 0
  startOther((other) => {
    if (IN_WORKERS.includes(where)) startWorkers(where === 'workers' ? Number(workers) : 1, before, other)
    else enter(other)
  })
}
