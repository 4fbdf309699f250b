'use strict'
// The shutdown of a loop object: counts what still ran and what was dropped, and ends it when its time is over.

const { AbortError } = require('./errors')
const { KINDS } = require('./loop-handles')
const { hide } = require('./own')
const { clearTimeout, setTimeout } = require('./timeout')
const { listen } = require('./timer-options')

const counts = () => Object.fromEntries(KINDS.map(({ name }) => [name, 0]))

class Shutdown {
  #report = { ran: counts(), dropped: counts(), timedOut: false }
  #loop
  #resolve
  #reject
  #isOver = false
  /** What lifts each of its bounds. */
  #lifts = []

  constructor(loop) {
    this.#loop = loop
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Who aborts the signal ends it. What is given for a signal may throw. */
  listenTo(signal) {
    if (signal === undefined || this.#isOver || signal.aborted) return
    const onAbort = () => this.#abort(signal)
    listen(signal, onAbort)
    this.#lifts.push(() => signal.removeEventListener('abort', onAbort))
  }

  /** It is to take no longer than this, either. */
  bound({ timeout, signal }) {
    if (timeout !== undefined && !this.#isOver) this.#boundByTime(timeout)
    if (signal?.aborted && !this.#isOver) this.#abort(signal)
  }

  count(what, kind, more = 1) {
    this.#report[what][kind.name] += more
  }

  finish() {
    this.#isOver = true
    for (const lift of this.#lifts) lift()
    this.#resolve(this.#report)
  }

  #boundByTime(timeout) {
    const onTimeout = () => {
      this.#report.timedOut = true
      this.#loop.close()
    }
    const timer = hide(setTimeout(onTimeout, timeout), this.#loop)
    this.#lifts.push(() => clearTimeout(timer))
  }

  /** The loop is closed at once, and whoever waits is told so. */
  #abort(signal) {
    this.#reject(new AbortError(signal.reason))
    this.#loop.close()
  }
}

module.exports = { Shutdown }
