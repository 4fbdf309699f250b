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
  /** @type {Bounds[]} */
  #bounds = []

  constructor(loop) {
    this.#loop = loop
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** They are to be lifted when it is over. */
  add(bounds) {
    this.#bounds.push(bounds)
  }

  count(what, kind, more = 1) {
    this.#report[what][kind.name] += more
  }

  /** All of it has run or was dropped. */
  finish() {
    this.#isOver = true
    this.#resolve(this.#report)
    callAll(this.#bounds.splice(0).flatMap((bounds) => bounds.lifts))
  }

  /** Its time is over. */
  timeOut() {
    this.#report.timedOut = true
    this.#loop.close()
  }

  /** The loop is closed at once, and whoever waits is told so. */
  abort(signal) {
    if (this.#isOver) return
    this.#reject(new AbortError(signal.reason))
    this.#loop.close()
  }
}

/** What lets a shutdown of `loop` take no longer than one call of it asks for. If one of them cannot be had, there is none. */
class Bounds {
  #signal
  #shutdownNow
  #isAborted
  /** What lifts each of them. */
  lifts = []

  /** `shutdownNow` gives the shutdown, which may begin only after this. */
  constructor(loop, { timeout, signal }, shutdownNow) {
    this.#signal = signal
    this.#shutdownNow = shutdownNow
    this.#isAborted = Boolean(signal?.aborted)
    try {
      if (timeout !== undefined) this.#limit(loop, timeout)
      if (signal !== undefined && !this.#isAborted) this.#heed(signal)
    } catch (error) {
      callAll(this.lifts)
      throw error
    }
  }

  /** What its signal has said before there was a shutdown counts, too. */
  abortIfAborted() {
    if (this.#isAborted) this.#shutdownNow().abort(this.#signal)
  }

  #limit(loop, timeout) {
    const timer = hide(
      setTimeout(() => this.#shutdownNow().timeOut(), timeout),
      loop,
    )
    this.lifts.push(() => clearTimeout(timer))
  }

  #heed(signal) {
    const onAbort = () => {
      this.#isAborted = true
      this.#shutdownNow()?.abort(signal)
    }
    listen(signal, onAbort)
    this.lifts.push(() => signal.removeEventListener('abort', onAbort))
  }
}

/** All of them, whatever a signal of the program's own may throw. */
function callAll(lifts) {
  const thrown = []
  for (const lift of lifts) {
    try {
      lift()
    } catch (error) {
      thrown.push(error)
    }
  }
  if (thrown.length > 0) throw thrown[0]
}

module.exports = { Bounds, Shutdown }
