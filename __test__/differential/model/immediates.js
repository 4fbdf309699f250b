'use strict'
// Immediates as Node keeps them: a queue, which becomes the batch at the start of a check phase.

const { Refused } = require('./refused')

class Immediate {
  refed = true
  over = false

  constructor(callback) {
    this.callback = callback
  }

  ref() {
    this.refed = true
  }

  unref() {
    this.refed = false
  }
}

class Immediates {
  queue = []
  batch = []
  clears = 0

  constructor(loop) {
    this.loop = loop
  }

  get waiting() {
    return [...this.batch, ...this.queue].filter(({ over }) => !over)
  }

  get size() {
    return this.waiting.length
  }

  get refed() {
    return this.waiting.filter(({ refed }) => refed).length
  }

  set(callback) {
    const immediate = new Immediate(callback)
    this.queue.push(immediate)
    return immediate
  }

  clear(immediate) {
    this.clears++
    immediate.over = true
  }

  /** After a throw it goes on with what is there, in the same phase and without a drain in between. */
  checkPhase() {
    let threw
    do {
      threw = false
      if (this.batch.length === 0) {
        this.batch = this.queue.filter(({ over }) => !over)
        this.queue = []
      }
      try {
        this.runBatch()
      } catch (error) {
        threw = true
        this.loop.uncaught(error)
      }
    } while (threw)
    this.loop.closingDrain()
  }

  runBatch() {
    let ran = false
    while (this.batch.length > 0) {
      // Node runs in circles when what it is to go on with after a throw was cleared.
      if (!ran && this.batch[0].over) throw new Refused('cleared after a throw')
      if (ran && !this.batch[0].over) this.loop.drain.run()
      ran = true
      const immediate = this.batch.shift()
      if (immediate.over) continue
      immediate.over = true
      immediate.callback()
    }
  }
}

module.exports = { Immediates }
