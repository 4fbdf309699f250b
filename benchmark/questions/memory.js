'use strict'
// What does a pending timer weigh, and a pending promise with one handler?

const { setImmediate: turn } = require('node:timers/promises')
const { join } = require('node:path')
const { root } = require('../sides')

const TIMERS = 1_000_000
const PROMISES = 200_000

const noop = () => {}

const DELAYS = { 'one delay': () => 100_000, 'mixed delays': (i) => 100_000 + ((i * 48271) % 60_000) }

/** Keeps what is weighed alive. */
const alive = { things: undefined }

/** How many bytes each of `count` things adds to what `weigh` says. `later` is done before they are weighed. */
async function weightOf(count, weigh, make, later) {
  const collected = async () => {
    for (let i = 0; i < 4; i++) globalThis.gc()
    await turn()
    return weigh()
  }
  alive.things = make(1000)
  const before = await collected()
  alive.things = make(count)
  await collected()
  later?.()
  // A job keeps what it takes weak references of.
  await turn()
  return { value: ((await collected()) - before) / count }
}

function timers({ setTimeout }, where, delayOf) {
  const make = (count) => {
    // The loop alone holds them.
    for (let i = 0; i < count; i++) setTimeout(noop, delayOf(i))
  }
  return weightOf(TIMERS, () => process.memoryUsage()[where], make)
}

/** `held` is what the program keeps: the promise, or the function that can still settle it. */
function promises({ Promise: P, pendingPromises }, side, held, old) {
  const bytesInRust = side === 'ours' ? require(join(root, 'lib/promise/slots')).bytesInRust : () => 0
  const make = (count) =>
    Array.from({ length: count }, () => {
      let settle
      const promise = new P((resolve) => (settle = resolve))
      promise.then(noop)
      return held === 'promise' ? promise : settle
    })
  // Ours grow older each time they are looked after, and old ones are held weakly.
  const grow = () => {
    for (let i = 0; old && i < 3; i++) pendingPromises?.()
  }
  return weightOf(PROMISES, () => process.memoryUsage().heapUsed + bytesInRust(), make, grow)
}

module.exports = {
  title: 'Memory',
  shape: 'ratios',
  unit: 'bytes',
  cases: [
    ...Object.entries(DELAYS).flatMap(([delays, delayOf]) =>
      Object.entries({ heap: 'heapUsed', process: 'rss' }).map(([name, where]) => ({
        name: `a timer of a million, ${delays}, ${name}`,
        quick: delays === 'one delay',
        must: 1,
        measure: (functions) => timers(functions, where, delayOf),
      })),
    ),
    ...[
      ['promise', 'young'],
      ['promise', 'old'],
      ['resolve', 'old'],
    ].map(([held, age]) => ({
      name: `a promise with a handler, ${age}, ${held} kept`,
      sides: ['node', 'ours', 'bluebird'],
      must: 1.5,
      aim: 1,
      measure: (functions, { side }) => promises(functions, side, held, age === 'old'),
    })),
  ],
}
