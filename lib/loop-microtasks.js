'use strict'
// The microtasks of a loop object. Interleaved with everybody's by a ticket each, or, on request, in batches of one
// ticket; and over a budget per drain the rest waits for the next turn, after timers and I/O.

const { AsyncResource } = require('node:async_hooks')
const { setImmediate } = require('./immediate')
const { MICROTASK } = require('./loop-handles')
const { queueJob } = require('./microtasks')
const { OPTIONS, keep } = require('./resource')
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

/** One that does not run in the ticket of the call that queued it, but in its async context. */
class BoundMicrotask extends AsyncResource {
  constructor(loop, microtasks, callback, since) {
    super('Microtask', OPTIONS)
    this[kOwner] = loop
    this.microtasks = microtasks
    this.callback = callback
    this[kSince] = since
  }

  run() {
    this.runInAsyncScope(this.microtasks.run, this.microtasks, this)
    this.emitDestroy()
  }
}

for (const Kind of [Microtask, BoundMicrotask]) {
  Kind.prototype[kKind] = MICROTASK
  keep(new Kind(undefined, undefined, () => {}, 0.5), [kOwner, kSince])
}

class LoopMicrotasks {
  #loop
  #batched
  #budget
  /** Of those that wait for a ticket of others. */
  #Bound
  /** How many have been let through in this drain. */
  #spent = 0
  /** What waits: for the ticket of the batch, if there is one, or for the next turn. */
  #batch = []
  #hasTicket = false
  #later = []
  queued = 0
  waiting = 0
  mostWaiting = 0
  dropped = 0

  constructor(loop, { asyncContext, microtasks, microtaskBudget = Number.POSITIVE_INFINITY }) {
    this.#loop = loop
    this.#batched = microtasks === 'batched'
    this.#budget = microtaskBudget
    this.#Bound = asyncContext === false ? Microtask : BoundMicrotask
  }

  queue(callback, since) {
    this.queued++
    if (++this.waiting > this.mostWaiting) this.mostWaiting = this.waiting
    // Behind those that wait for the next turn: first in, first out.
    const isOver = this.#spent >= this.#budget || this.#later.length > 0
    const Kind = isOver || this.#batched ? this.#Bound : Microtask
    const microtask = new Kind(this.#loop, this, callback, since)
    if (isOver) this.#postpone(microtask)
    else if (this.#batched) this.#queueInBatch(microtask)
    else this.#queueAlone(microtask)
  }

  #queueAlone(microtask) {
    this.#spend()
    queueJob(microtask)
  }

  #queueInBatch(microtask) {
    this.#batch.push(microtask)
    if (this.#hasTicket) return
    this.#hasTicket = true
    queueJob(() => this.#runBatch())
  }

  #runBatch() {
    // What the batch queues joins it, as microtasks do.
    while (this.#batch.length > 0) {
      const batch = this.#batch
      this.#batch = []
      for (const microtask of batch) {
        if (this.#spent >= this.#budget) this.#postpone(microtask)
        else {
          this.#spend()
          microtask.run()
        }
      }
    }
    this.#hasTicket = false
  }

  /** Those that wait are not going to run. How many. */
  drop() {
    this.dropped = this.waiting
    this.waiting = 0
    return this.dropped
  }

  run(microtask) {
    if (this.dropped > 0) return
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

module.exports = { LoopMicrotasks }
