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

  /** Bounds that are to be lifted when it is over. */
  add(lifts) {
    this.#lifts.push(...lifts)
  }

  count(what, kind, more = 1) {
    this.#report[what][kind.name] += more
  }

  /** All of it has run or was dropped. */
  finish() {
    this.#isOver = true
    this.#resolve(this.#report)
    liftAll(this.#lifts.splice(0))
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

/** Lets a shutdown of `loop` take no longer than is asked for: what lifts that. If one of the bounds throws, there is none. */
function bound(loop, { timeout, signal }, onTimeout, onAbort) {
  const lifts = []
  try {
    if (timeout !== undefined) {
      const timer = hide(setTimeout(onTimeout, timeout), loop)
      lifts.push(() => clearTimeout(timer))
    }
    if (signal !== undefined) {
      listen(signal, onAbort)
      lifts.push(() => signal.removeEventListener('abort', onAbort))
    }
  } catch (error) {
    liftAll(lifts)
    throw error
  }
  return lifts
}

/** All of them are lifted, whatever a signal of the program's own may throw. */
function liftAll(lifts) {
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

module.exports = { Shutdown, bound }
