'use strict'
// The queues between two callbacks: next ticks, microtasks, unhandled rejections. Ticks first, then microtasks, both until
// they are empty, then the rejections, and again from the start.

const { Refused } = require('./refused')

class Drain {
  ticks = []
  microtasks = []
  /** Rejected promises without a handler, not reported yet. */
  pending = new Map()
  reported = new Set()
  /** The round that is being reported. */
  round = new Map()
  handledLate = 0

  /** `report` has the listeners: `uncaught`, `rejection`, `handled`. */
  constructor(report) {
    this.report = report
  }

  get empty() {
    return this.ticks.length === 0 && this.microtasks.length === 0 && this.pending.size === 0 && this.handledLate === 0
  }

  /** Throws what a tick throws, and leaves the rest. */
  run() {
    do {
      while (this.ticks.length > 0) this.ticks.shift()()
      while (this.microtasks.length > 0) this.microtasks.shift()()
    } while (this.ticks.length > 0 || this.reportRejections())
  }

  track(promise, handled, reason) {
    if (this.round.has(promise)) throw new Refused('handled by a listener of its own round')
    if (!handled) this.pending.set(promise, reason)
    else if (!this.pending.delete(promise) && this.reported.delete(promise)) this.handledLate++
  }

  /** One round; whether there was anything. What listeners bring about belongs to the next one. */
  reportRejections() {
    const { pending, handledLate } = this
    this.round = pending
    this.pending = new Map()
    this.handledLate = 0
    for (let i = 0; i < handledLate; i++) this.report.handled()
    for (const [promise, reason] of pending) {
      this.reported.add(promise)
      this.report.rejection(reason)
    }
    this.round = new Map()
    return handledLate + pending.size > 0
  }
}

module.exports = { Drain }
