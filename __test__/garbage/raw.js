'use strict'
// Calls the raw functions of the binding in any order, with whatever in the words they read, with wrong receivers and
// arguments, outside and inside of a turn, and while the environment ends:
//   node raw.js SEED CALLS
// The loop may be of no use afterwards, and may say so in errors. The process must live, and be of a decent size.

const { execArgv } = process
const { Worker, isMainThread, workerData } = require('node:worker_threads')
const binding = require('../../lib/binding')
const ours = require('../..')
const { garbage, random } = require('./values')
const { instancesFrom } = require('./targets')

const [seed, calls] = workerData ?? process.argv.slice(2).map(Number)
/** It ends the loop's thread and says so, in whatever comes next. */
const LEFT_OUT = ['panicThreadForTest']

const next = random(seed)
const pick = (list) => list[Math.floor(next() * list.length)]
const value = garbage(next, instancesFrom(ours), () => callOne())
const raw = Object.entries(binding).filter(([name, what]) => typeof what === 'function' && !LEFT_OUT.includes(name))
const buffers = [binding.memory, binding.promiseMemory]
const codes = new Set()

/** Numbers that mean something to somebody, and others. */
function word() {
  const kind = next()
  if (kind < 0.5) return Math.floor(next() * 8)
  if (kind < 0.7) return Math.floor(next() * 2048)
  if (kind < 0.8) return 2 ** Math.floor(next() * 32)
  return pick([0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, Math.floor(next() * 2 ** 32)])
}

function disturb() {
  const buffer = pick(buffers)
  const words = new Uint32Array(buffer)
  const many = next() < 0.1 ? words.length : 3
  for (let i = 0; i < many; i++) words[Math.floor(next() * (next() < 0.7 ? 16 : words.length))] = word()
  if (next() < 0.3) new Float64Array(binding.memory)[4] = pick([NaN, -1, 0, 1, 1.5, 1e9, 1e300, Infinity, -Infinity])
}

let depth = 0
function callOne() {
  if (depth > 3) return
  depth++
  if (next() < 0.5) disturb()
  const [name, call] = pick(raw)
  try {
    Reflect.apply(call, value(), Array.from({ length: Math.floor(next() * 4) }, value))
  } catch (error) {
    codes.add(`${name} ${error.code}`)
  }
  depth--
}

function callSome(count) {
  for (let i = 0; i < count; i++) callOne()
}

// Whatever the words have led to is no news; that the process goes on is.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})
process.removeAllListeners('warning')
process.on('exit', () => callSome(50))

/** The end of a run that has not crashed. */
function leave() {
  const rss = process.memoryUsage.rss()
  if (rss > 600e6) console.error(`${rss} bytes`)
  process.exit(rss > 600e6 ? 3 : 0)
}

/** Words that are wrong may well make a turn go on for ever. That is no crash. */
let callbacks = 0
function inTurn() {
  if (++callbacks > calls) leave()
  callSome(3)
}

// The turns of a real loop, which find the words as they are.
ours.setInterval(inTurn, 1)
ours.setImmediate(function again() {
  inTurn()
  ours.setImmediate(again)
})
for (let i = 0; i < 100; i++) new ours.ChainedPromise(() => {})

let made = 0
setInterval(() => {
  callSome(calls / 10)
  if (++made === 10 && isMainThread) leave()
}, 1)

if (isMainThread) {
  // The same in a worker that is ended from outside.
  const worker = new Worker(__filename, { workerData: [seed + 1e6, calls], execArgv, stderr: true, stdout: true })
  worker.on('online', () => setTimeout(() => worker.terminate(), 20 + next() * 20))
}
