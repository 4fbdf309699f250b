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

/** What the language says of garbage itself, where it is converted, called or looked into. */
const OF_THE_LANGUAGE =
  /^(Cannot (convert|mix|perform)|Class constructors? |object is not iterable|.* is not iterable|.*proxy.*|.*Symbol)/s

/**
 * An error of ours has a code, and a marked one is the garbage's own. Without a code, there may be a TypeError of the
 * language about the garbage, or about a method that was called on what it is not for. Anything else has come about inside.
 */
function judge(error, where, isForeign = false) {
  if (error instanceof Marked || error?.code !== undefined) return
  if (error instanceof TypeError && (isForeign || OF_THE_LANGUAGE.test(error.message))) return
  if (error instanceof Error && /[/\\]lib[/\\]/.test(error.stack)) wrong.add(`${where}: ${error.stack}`)
}

function callOne() {
  const { name, call, receiver } = pick(all)
  const args = Array.from({ length: Math.floor(next() * 4) }, value)
  const isForeign = next() > 0.7
  const self = isForeign ? value() : receiver()
  const isCall = next() < 0.9
  figures.calls++
  try {
    const result = isCall ? Reflect.apply(call, self, args) : Reflect.construct(call, args)
    // What `inspect` is given for a promise is no promise that could be handled.
    if (!name.endsWith('(nodejs.util.inspect.custom)')) handle(result)
  } catch (error) {
    figures.threw++
    judge(error, name, isForeign || !isCall)
  }
}

/** Whatever comes of a call is nobody's unhandled rejection. An iterator that nobody asks does nothing: it is asked once. */
function handle(result) {
  if (result instanceof Promise || result instanceof ours.ChainedPromise) result.catch(() => {})
  else if (typeof result?.next === 'function') Promise.resolve(result.next()).catch(() => {})
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
