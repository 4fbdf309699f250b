'use strict'
// How a loop object calls callbacks: with or without their async context, and how deep inside each other timers are set.

const { whereLoaded } = require('./resource')

/** From this depth on, HTML gives nested timers at least so many milliseconds. */
const CLAMPED_LEVEL = 5
const CLAMPED_DELAY = 4

/** How deep a timer was set inside callbacks of timers. */
const kLevel = Symbol('level')

function call(callback, self, args) {
  return args ? Reflect.apply(callback, self, args) : callback.call(self)
}

/** The callback sees the context in which the package was loaded: as a rule none. */
function callWithoutContext(callback, self, args) {
  return whereLoaded.runInAsyncScope(call, undefined, callback, self, args)
}

/** The delay of a timer that is set in a callback of this level. */
function clamped(delay, level) {
  return level >= CLAMPED_LEVEL && !(delay >= CLAMPED_DELAY) ? CLAMPED_DELAY : delay
}

/** How deep inside callbacks of timers the program is, for `nestedClamp`. */
class Nesting {
  #level = 0

  /** The delay of a timer that is set now. */
  delayOf(delay) {
    return clamped(delay, this.#level)
  }

  /** A timer is set now. */
  note(timer) {
    timer[kLevel] = this.#level + 1
  }

  /** The callback of `handle` begins. What `leave` wants to know. */
  enter(handle) {
    const outer = this.#level
    this.#level = handle[kLevel] ?? 0
    return outer
  }

  leave(handle, outer) {
    this.#level = outer
    // An interval nests in itself.
    if (handle._repeat) {
      handle._repeat = clamped(handle._repeat, handle[kLevel])
      handle[kLevel]++
    }
  }
}

module.exports = { Nesting, call, callWithoutContext }
