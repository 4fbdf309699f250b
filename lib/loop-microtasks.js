'use strict'
// The microtasks of a loop object. Interleaved with everybody's by a ticket each, or, on request, in batches of one
// ticket; and over a budget per drain the rest waits for the next turn, after timers and I/O.

const { AsyncResource } = require('node:async_hooks')
const { setImmediate } = require('./immediate')
const { MICROTASK } = require('./loop-handles')
const { enqueue, enqueueCallback } = require('./jobs')
const { hide } = require('./own')
const { askForPoll } = require('./poll')
const { keep, triggerId } = require('./resource')
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

  call() {
    this[kOwner][kCallMicrotask](this)
  }

  /** It is not going to run. */
  drop() {}
}

/** One that does not run in the ticket of the call that queued it, but in its async context. */
class BoundMicrotask extends AsyncResource {
  constructor(loop, microtasks, callback, since) {
    super('Microtask', triggerId())
    this[kOwner] = loop
    this.microtasks = microtasks
    this.callback = callback
    this[kSince] = since
  }

  run() {
    this.microtasks.run(this)
  }

  call() {
    this.runInAsyncScope(this[kOwner][kCallMicrotask], this[kOwner], this)
    this.emitDestroy()
  }

  drop() {
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
  #isLimited
  /** Of those that run in a ticket of others. */
  #Bound
  /** How many have run in this drain. */
  #spent = 0
  /** How many have had to wait for this turn, and run in any case. */
  #released = 0
  /** What waits for the ticket of the batch, if there is one; and for the next turn, which `#release` begins. */
  #batch = []
  #hasTicket = false
  #later = []
  #release
  queued = 0
  waiting = 0
  mostWaiting = 0
  dropped = 0

  constructor(loop, { asyncContext, microtasks, microtaskBudget = Number.POSITIVE_INFINITY }) {
    this.#loop = loop
    this.#batched = microtasks === 'batched'
    this.#budget = microtaskBudget
    this.#isLimited = microtaskBudget !== Number.POSITIVE_INFINITY
    this.#Bound = asyncContext === false ? Microtask : BoundMicrotask
  }

  queue(callback, since) {
    // Behind those that wait for the next turn; unless one that has a ticket will come to stand there first.
    const isOver = this.#later.length > 0 && this.waiting === this.#later.length
    this.queued++
    if (++this.waiting > this.mostWaiting) this.mostWaiting = this.waiting
    const Kind = isOver || this.#batched ? this.#Bound : Microtask
    const microtask = new Kind(this.#loop, this, callback, since)
    if (isOver) this.#later.push(microtask)
    else if (this.#batched) this.#queueInBatch(microtask)
    else enqueue(microtask, undefined)
  }

  /** Those that wait are not going to run. How many. */
  drop() {
    this.dropped = this.waiting
    this.waiting = 0
    for (const microtask of this.#later) microtask.drop()
    this.#later = []
    this.#release?.close()
    return this.dropped
  }

  /** The loop object keeps the process alive from now on, or does not any more. */
  follow(refed) {
    if (this.#release === undefined) return
    if (refed) {
      this.#release.ref()
    } else {
      this.#release.unref()
      // The next turn is to come at once, if there is one.
      askForPoll()
    }
  }

  run(microtask) {
    if (this.dropped > 0) {
      microtask.drop()
    } else if (!this.#isLimited || this.#maySpend()) {
      this.waiting--
      microtask.call()
    } else {
      this.#postpone(microtask)
    }
  }

  #queueInBatch(microtask) {
    this.#batch.push(microtask)
    if (this.#hasTicket) return
    this.#hasTicket = true
    enqueueCallback(() => this.#runBatch())
  }

  #runBatch() {
    // What the batch queues joins it, as microtasks do.
    while (this.#batch.length > 0) {
      const batch = this.#batch
      this.#batch = []
      for (const microtask of batch) this.run(microtask)
    }
    this.#hasTicket = false
  }

  /** Whether one more may run in this drain. */
  #maySpend() {
    if (this.#released > 0) this.#released--
    else if (this.#spent >= this.#budget || this.#later.length > 0) return false
    // Set inside a microtask, a tick has its turn when all microtasks have run.
    if (this.#spent++ === 0) {
      process.nextTick(() => {
        this.#spent = 0
      })
    }
    return true
  }

  /** Inside its own ticket, or that of the batch. */
  #postpone(microtask) {
    const { callback, [kSince]: since } = microtask
    const needsContext = microtask instanceof Microtask && this.#Bound !== Microtask
    this.#later.push(needsContext ? new this.#Bound(this.#loop, this, callback, since) : microtask)
    if (this.#release === undefined) this.#askForTurn()
  }

  #askForTurn() {
    this.#release = hide(
      setImmediate(() => this.#beginTurn()),
      this.#loop,
    )
    if (!this.#loop.hasRef() && this.#loop.state !== 'terminating') this.follow(false)
  }

  #beginTurn() {
    this.#release = undefined
    // Those of the turn before have not run: a tick threw in each drain since then.
    if (this.#released > 0) {
      this.#askForTurn()
      return
    }
    const released = this.#later.splice(0, this.#budget)
    this.#released = released.length
    for (const microtask of released) {
      if (this.#batched) this.#queueInBatch(microtask)
      else enqueue(microtask, undefined)
    }
    if (this.#later.length > 0) this.#askForTurn()
  }
}

module.exports = { LoopMicrotasks }
