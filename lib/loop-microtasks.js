'use strict'
// The microtasks of a loop object. Interleaved with everybody's by a ticket each, or, on request, in batches of one
// ticket; and over a budget per drain the rest waits for the next turn, after timers and I/O.

const { AsyncResource } = require('node:async_hooks')
const { setImmediate } = require('./immediate')
const { MICROTASK } = require('./loop-handles')
const { queueJob } = require('./microtasks')
const { keep } = require('./resource')
const { kCallMicrotask, kKind, kOwner, kSince } = require('./owner')

class Microtask {
  constructor(loop, microtasks, callback, since) {
    this[kOwner] = loop
    this.microtasks = microtasks
    this.callback = callback
    this[kSince] = since
  }

  run() {
    this.microtasks.run(this)
  }
}

Microtask.prototype[kKind] = MICROTASK
keep(new Microtask(undefined, undefined, () => {}, 0.5), [kOwner, kSince])

class LoopMicrotasks {
  #loop
  #batched
  #budget
  /** How many have been let through in this drain. */
  #spent = 0
  /** What waits: for the ticket of the batch, or for the next turn. */
  #batch = []
  #later = []
  waiting = 0

  constructor(loop, { microtasks, microtaskBudget = Number.POSITIVE_INFINITY }) {
    this.#loop = loop
    this.#batched = microtasks === 'batched'
    this.#budget = microtaskBudget
  }

  queue(callback, since) {
    const microtask = new Microtask(this.#loop, this, callback, since)
    this.waiting++
    if (this.#spent >= this.#budget) this.#postpone(bound(microtask))
    else if (this.#batched) this.#queueInBatch(bound(microtask))
    else this.#queueAlone(microtask)
  }

  #queueAlone(microtask) {
    this.#spend()
    queueJob(microtask)
  }

  #queueInBatch(microtask) {
    if (this.#batch.push(microtask) === 1) queueJob(() => this.#runBatch())
  }

  #runBatch() {
    // What the batch queues joins it, as microtasks do.
    for (let i = 0; i < this.#batch.length; i++) {
      if (this.#spent >= this.#budget) this.#postpone(this.#batch[i])
      else {
        this.#spend()
        this.run(this.#batch[i])
      }
    }
    this.#batch.length = 0
  }

  run(microtask) {
    this.waiting--
    this.#loop[kCallMicrotask](microtask)
  }

  /** A drain ends when next ticks have their turn: from then on the budget is a new one. */
  #spend() {
    if (this.#budget !== Number.POSITIVE_INFINITY && this.#spent++ === 0) {
      process.nextTick(() => {
        this.#spent = 0
      })
    }
  }

  #postpone(microtask) {
    if (this.#later.push(microtask) === 1) {
      setImmediate(() => {
        const later = this.#later
        this.#later = []
        for (const one of later) {
          if (this.#spent >= this.#budget) this.#postpone(one)
          else this.#queueAlone(one)
        }
      })
    }
  }
}

/** The microtask, to be called in the context of now. */
function bound(microtask) {
  microtask.callback = AsyncResource.bind(microtask.callback)
  return microtask
}

module.exports = { LoopMicrotasks }
