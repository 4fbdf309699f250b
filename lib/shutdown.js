'use strict'
// The shutdown of a loop object: counts what still ran and what was dropped, and ends it when its time is over.

const { AbortError } = require('./errors')
const { KINDS } = require('./loop-handles')
const { clearTimeout, setTimeout } = require('./timeout')

const counts = () => Object.fromEntries(KINDS.map(({ name }) => [name, 0]))

class Shutdown {
  #report = { ran: counts(), dropped: counts(), timedOut: false }
  #loop
  #resolve
  #reject
  #timer
  #signal
  #onAbort

  constructor(loop, { timeout, signal }) {
    this.#loop = loop
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (timeout !== undefined) {
      this.#timer = setTimeout(() => {
        this.#report.timedOut = true
        this.#loop.close()
      }, timeout)
    }
    if (signal) this.#listen(signal)
  }

  count(what, kind, more = 1) {
    this.#report[what][kind.name] += more
  }

  finish() {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#resolve(this.#report)
  }

  /** Aborted: the loop is closed at once, and whoever waits is told so. */
  #listen(signal) {
    this.#signal = signal
    this.#onAbort = () => {
      this.#reject(new AbortError(signal.reason))
      this.#loop.close()
    }
    if (signal.aborted) queueMicrotask(this.#onAbort)
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }
}

module.exports = { Shutdown }
