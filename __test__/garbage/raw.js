'use strict'
// Calls the raw functions of the binding in any order, with whatever in the words they read, with wrong receivers and
// arguments, outside and inside of a turn, and while the environment ends, gives those words away to new owners and lets
// another thread write into them:
//   node raw.js SEED WORKERS CALLS
// The loop may be of no use afterwards, and may say so in errors. The process must live, be of a decent size, and each of
// its workers must end when it is told to. The main thread's own loop must be well when they all are gone, and after calls
// that have nothing but wrong receivers and arguments. Prints how many calls there were, how many of them threw, how often
// the words were to be given away, and how often they were.

const { setTimeout: later } = require('node:timers/promises')
const { Worker, isMainThread, workerData } = require('node:worker_threads')
const binding = require('../../lib/binding')
const ours = require('../..')
const { health } = require('./health')
const { garbage, random } = require('./values')
const { instancesFrom } = require('./targets')

/** It ends the loop's thread and says so, in whatever comes next. */
const LEFT_OUT = ['panicThreadForTest']
const MOST_BYTES = 600e6
/** A worker is not ended before it has made so many calls, or has had so much time: its turn may be an endless one. */
const LEAST_CALLS = 50
const MOST_TIME = 10_000

const [seed, workers, calls] = workerData?.args ?? process.argv.slice(2).map(Number)
const figures = new Uint32Array(workerData?.figures ?? new SharedArrayBuffer(20))
const CALLED = 0
const THREW = 1
const OFFERED = 2
const GIVEN = 3
const SCRIBBLED = 4

const next = random(seed)
const pick = (list) => list[Math.floor(next() * list.length)]
const value = garbage(next, instancesFrom(ours), () => callOne())
const raw = Object.entries(binding).filter(([name, what]) => typeof what === 'function' && !LEFT_OUT.includes(name))
const buffers = workerData?.buffers ?? [binding.memory, binding.promiseMemory]
/** All that takes a buffer away from who has it. Node 20 has only the first. */
const takers = [
  (buffer) => structuredClone(buffer, { transfer: [buffer] }),
  ...['transfer', 'transferToFixedLength'].flatMap((name) => {
    const taker = ArrayBuffer.prototype[name]
    return taker ? [(buffer) => Reflect.apply(taker, buffer, [])] : []
  }),
]

/** Numbers that mean something to somebody, and others. */
function word() {
  const kind = next()
  if (kind < 0.5) return Math.floor(next() * 8)
  if (kind < 0.7) return Math.floor(next() * 2048)
  if (kind < 0.8) return 2 ** Math.floor(next() * 32)
  return pick([0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, Math.floor(next() * 2 ** 32)])
}

/** Rust keeps the address of the words: whoever got them could free them. */
function giveAway() {
  const buffer = pick(buffers)
  const size = buffer.byteLength
  Atomics.add(figures, OFFERED, 1)
  try {
    pick(takers)(buffer)
  } catch {}
  if (buffer.byteLength !== size) Atomics.add(figures, GIVEN, 1)
}

function disturb() {
  const words = new Uint32Array(pick(buffers))
  const many = next() < 0.1 ? words.length : 3
  for (let i = 0; i < many; i++) words[Math.floor(next() * (next() < 0.7 ? 16 : words.length))] = word()
  if (next() < 0.3) new Float64Array(buffers[0])[4] = pick([NaN, -1, 0, 1, 1.5, 1e9, 1e300, Infinity, -Infinity])
}

let depth = 0
function callOne() {
  if (depth > 3) return
  depth++
  if (next() < 0.5) disturb()
  if (next() < 0.05) giveAway()
  attempt(pick(raw), value)
  depth--
}

function attempt([, call], valueOf) {
  Atomics.add(figures, CALLED, 1)
  try {
    Reflect.apply(call, valueOf(), Array.from({ length: Math.floor(next() * 4) }, valueOf))
  } catch {
    Atomics.add(figures, THREW, 1)
  }
}

function callSome(count) {
  for (let i = 0; i < count; i++) callOne()
}

/** What they call puts something into the loop, or takes it out, that JavaScript has to know of: no garbage is needed. */
const CHANGES =
  /^(set|repeat|tellOf|next$|take|open|clear|postpone|refresh|mark|watch$|(lock|fulfill|reject|release)Promise|lookAfterPromises)/

/** Wrong arguments and receivers alone change nothing. */
function callWithoutWords() {
  const others = raw.filter(([name]) => !CHANGES.test(name))
  const valueOf = garbage(next, instancesFrom(ours), () => {})
  for (let i = 0; i < calls; i++) attempt(pick(others), valueOf)
}

// Whatever the words have led to is no news; that the process goes on is.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})
process.removeAllListeners('warning')

/** The turns of a real loop find the words as they are. Such a turn may well go on for ever: see `endOneByOne`. */
function disturbTurns() {
  process.on('exit', () => callSome(50))
  ours.setInterval(callSome, 1, 3)
  ours.setImmediate(function again() {
    callSome(3)
    ours.setImmediate(again)
  })
  for (let i = 0; i < 100; i++) new ours.ChainedPromise(() => {})
  let left = 10
  setInterval(() => {
    callSome(calls / 10)
    // Some leave by themselves, unless they are ended before.
    if (--left === 0 && next() < 0.5) process.exit()
  }, 1)
}

/** Whoever the words are shown to writes into them while Rust reads them. */
function scribble() {
  for (;;) {
    disturb()
    if (Atomics.add(figures, SCRIBBLED, 1) === 0) Atomics.notify(new Int32Array(figures.buffer), SCRIBBLED)
  }
}

/** Does not return to the loop, which could not go on with such words. */
function callWhileAnotherThreadWrites() {
  new Worker(__filename, { workerData: { args: [seed, 0, 0], figures: figures.buffer, buffers } })
  Atomics.wait(new Int32Array(figures.buffer), SCRIBBLED, 0)
  callSome(calls)
}

/** The main thread has no garbage in its words until all workers are gone, so its own turns go on as they should. */
async function endOneByOne() {
  for (let i = 1; i <= workers; i++) {
    const worker = new Worker(__filename, {
      workerData: { args: [seed + i * 1e6, workers, calls], figures: figures.buffer },
      stderr: true,
      stdout: true,
    })
    const gone = new Promise((resolve) => worker.on('exit', resolve))
    worker.on('error', () => {})
    let isGone = false
    gone.then(() => {
      isGone = true
    })
    const enough = figures[CALLED] + LEAST_CALLS
    const end = performance.now() + MOST_TIME
    while (figures[CALLED] < enough && !isGone && performance.now() < end) await later(1)
    setTimeout(() => worker.terminate(), next() * 30)
    await gone
  }
  await health(ours)
  callWithoutWords()
  await health(ours)
  callSome(calls)
  callWhileAnotherThreadWrites()
  process.on('exit', () => callSome(50))
  const rss = process.memoryUsage.rss()
  const [called, threw, offered, given] = figures
  console.log(JSON.stringify({ calls: called, threw, offered, given, rss }))
  process.exit(rss > MOST_BYTES ? 3 : 0)
}

if (isMainThread) endOneByOne()
else if (workerData.buffers) scribble()
else disturbTurns()
