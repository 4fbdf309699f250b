'use strict'
// Calls everything there is with garbage, in bursts, and lets a health program run after each:
//   node public.js SEED BURSTS
// Prints what was wrong, and a line of figures at its end.

const assert = require('node:assert')
const ours = require('../..')
const { Marked, garbage, random } = require('./values')
const { instancesFrom, targets } = require('./targets')

const seed = Number(process.argv[2])
const bursts = Number(process.argv[3])
const CALLS = 400

const next = random(seed)
const all = targets(ours)
const own = instancesFrom(ours)
const pick = (list) => list[Math.floor(next() * list.length)]

let depth = 0
/** What a conversion does in the middle of a call: another call. */
function reenter() {
  if (depth > 2) return
  depth++
  try {
    callOne()
  } finally {
    depth--
  }
}

const value = garbage(next, own, reenter)
const figures = { calls: 0, threw: 0, uncaught: 0, rejected: 0 }
const wrong = new Set()

/**
 * An error of ours has a code, a marked one is the garbage's own, and the language and Node have theirs for whoever calls a
 * method on what it is not for: a TypeError. Anything else has come about inside.
 */
function judge(error, where) {
  if (error instanceof Marked || error instanceof TypeError || error?.code !== undefined) return
  if (error instanceof Error && error.stack.includes('/lib/')) wrong.add(`${where}: ${error.stack}`)
}

function callOne() {
  const { name, call, receiver } = pick(all)
  const args = Array.from({ length: Math.floor(next() * 4) }, value)
  const self = next() < 0.7 ? receiver() : value()
  figures.calls++
  try {
    const result = next() < 0.9 ? Reflect.apply(call, self, args) : Reflect.construct(call, args)
    if (result instanceof Promise) result.catch(() => {})
    else if (result instanceof ours.ChainedPromise) result.catch(() => {})
    // An iterator that nobody asks does nothing: ask once.
    else if (typeof result?.next === 'function') Promise.resolve(result.next()).catch(() => {})
  } catch (error) {
    figures.threw++
    judge(error, name)
  }
}

process.on('uncaughtException', (error) => {
  figures.uncaught++
  judge(error, 'uncaught')
})
process.on('unhandledRejection', (error) => {
  figures.rejected++
  judge(error, 'rejected')
})
process.removeAllListeners('warning')

/** A small program whose order is fixed: the loop is well if it does what Node does. */
async function health() {
  const trace = []
  await new Promise((resolve) => {
    ours.setTimeout(() => {
      trace.push('timer')
      ours.queueMicrotask(() => trace.push('microtask'))
      ours.ChainedPromise.resolve().then(() => trace.push('reaction'))
      ours.setImmediate((word) => trace.push(word), 'immediate')
      ours.clearImmediate(ours.setImmediate(() => trace.push('never')))
      process.nextTick(() => trace.push('tick'))
    }, 2)
    ours.clearTimeout(ours.setTimeout(() => trace.push('never'), 2))
    let times = 0
    const interval = ours.setInterval(() => {
      trace.push('interval')
      if (++times === 2) {
        ours.clearInterval(interval)
        const loop = new ours.EventLoop()
        loop.setTimeout(() => trace.push('never'), 1)
        loop.close()
        ours.setTimeout(resolve, 3)
      }
    }, 2)
    // All are due by now, and run in one timers phase.
    const due = performance.now() + 4
    while (performance.now() < due);
  })
  assert.deepStrictEqual(
    trace.join(),
    'timer,tick,microtask,reaction,interval,immediate,interval',
    'the loop is not well any more',
  )
}

/** Ends all that the burst has left. */
function tidy() {
  for (const { handle } of ours.defaultLoop.handles()) handle.close()
}

async function main() {
  await health()
  for (let burst = 0; burst < bursts; burst++) {
    for (let i = 0; i < CALLS; i++) callOne()
    await new Promise((resolve) => setImmediate(resolve))
    tidy()
    await health()
  }
  assert.deepStrictEqual([...wrong], [])
  console.log(JSON.stringify(figures))
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
