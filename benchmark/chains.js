'use strict'
// Endless chains of callbacks, each of which sets the next: the loads under which a loop must stay fair to the rest of the
// process. `start(kind, loop)` begins one on Node's functions or on ours.

/** Each calls `step` in every callback and goes on while that is true. */
const CHAINS = {
  immediates(loop, step) {
    loop.setImmediate(function next() {
      if (step()) loop.setImmediate(next)
    })
  },
  'timers of 0 ms'(loop, step) {
    loop.setTimeout(function next() {
      if (step()) loop.setTimeout(next, 0)
    }, 0)
  },
  'immediates and timers'(loop, step) {
    CHAINS.immediates(loop, step)
    CHAINS['timers of 0 ms'](loop, step)
  },
  async 'promised immediates'(loop, step) {
    do await loop.promises.setImmediate()
    while (step())
  },
  async 'promised yields'(loop, step) {
    do await loop.promises.scheduler.yield()
    while (step())
  },
  async 'promised timers'(loop, step) {
    do await loop.promises.setTimeout(0)
    while (step())
  },
  async 'promised intervals'(loop, step) {
    for await (const _ of loop.promises.setInterval(0)) if (!step()) return
  },
}

/** `work` is done in every callback. The chain counts them, until it is stopped. */
function start(kind, loop, work) {
  const chain = {
    count: 0,
    goesOn: true,
    stop() {
      chain.goesOn = false
    },
  }
  CHAINS[kind](loop, () => {
    chain.count++
    work?.(chain)
    return chain.goesOn
  })
  return chain
}

module.exports = { KINDS: Object.keys(CHAINS), start }
