'use strict'
// Timeouts and intervals: the handle, the functions that set and clear one, and how one is run.
//
// JavaScript keeps the callback and its arguments; Rust knows a pending timer as a slot, the index into `pending`.
// Where a timer stands is in its `kSlot`: its slot, RUNNING inside its callback, DESTROYED once it is over.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')
const binding = require('./binding')
const { words, doubles, SLOT, DELAY } = require('./memory')
const { validateFunction } = require('./errors')
const { forget, kAdopt, kOwner } = require('./owner')
const { checkId, keep, renew, triggerId } = require('./resource')
const { uncaught } = require('./uncaught')

const { setTimer, setTimerFromStart, markStart, clearTimer, takeTimer, refreshTimer } = binding

const RUNNING = -1
const DESTROYED = -2

const kSlot = Symbol('slot')
const kRefed = Symbol('refed')
/** Calls the callback, inside the handle's async scope. */
const kRun = Symbol('run')
/** The functions by which a timer gets and changes its place. */
const kPlaces = Symbol('places')

const MAX_DELAY = Number.MAX_SAFE_INTEGER
const WARNS_OF_BAD_DELAYS = Number.parseInt(process.versions.node, 10) >= 24

/** @type {(Timeout | undefined)[]} */
const pending = []
/** Handles whose number somebody has asked for. */
const known = new Map()

const { emitWarning } = process
let warnedNegative = false
let warnedNaN = false

/** The delay as Node reads it, except that nothing up to 2^53 - 1 is too long. */
function toDelay(after) {
  if (after === undefined) return 1
  const delay = after * 1
  if (delay >= 1 && delay <= MAX_DELAY) return delay
  warnOfDelay(delay, 1)
  return 1
}

function warnOfDelay(delay, set) {
  const warn = (what, name) => emitWarning.call(process, `${delay} ${what}.\nTimeout duration was set to ${set}.`, name)
  if (delay > MAX_DELAY) {
    warn('does not fit into a 53-bit unsigned integer', 'TimeoutOverflowWarning')
  } else if (!WARNS_OF_BAD_DELAYS) {
    return
  } else if (delay < 0 && !warnedNegative) {
    warnedNegative = true
    warn('is a negative number', 'TimeoutNegativeWarning')
  } else if (Number.isNaN(delay) && !warnedNaN) {
    warnedNaN = true
    warn('is not a number', 'TimeoutNaNWarning')
  }
}

class Timeout extends AsyncResource {
  constructor(callback, after) {
    const delay = toDelay(after)
    super('Timeout', triggerId())
    checkId(this.asyncId())
    this._idleTimeout = delay
    this._onTimeout = callback
    this[kSlot] = DESTROYED
  }

  get _destroyed() {
    return this[kSlot] === DESTROYED
  }

  /** Node's own clearTimeout sets this, and so ends a timer of ours, too. */
  set _destroyed(isDestroyed) {
    if (isDestroyed) end(this)
  }

  ref() {
    if (this?.[kRefed] === false) {
      this[kRefed] = true
      if (this[kSlot] >= 0) {
        words[SLOT] = this[kSlot]
        binding.refTimer()
      }
    }
    return this
  }

  unref() {
    if (this?.[kRefed] === true) {
      this[kRefed] = false
      if (this[kSlot] >= 0) {
        words[SLOT] = this[kSlot]
        binding.unrefTimer()
      }
    }
    return this
  }

  hasRef() {
    return this[kRefed]
  }

  refresh() {
    const slot = this[kSlot]
    const delay = this._idleTimeout
    if (slot === undefined || !(delay >= 0)) return this
    // The loop object it belongs to may be closed.
    if (slot === DESTROYED && this[kOwner] !== undefined && !this[kOwner][kAdopt](this)) return this
    doubles[DELAY] = delay
    if (slot >= 0) {
      words[SLOT] = slot
      this[kPlaces].refresh()
    } else {
      schedule(this, this[kPlaces].set)
      // As in Node, a timer that had ended begins a new life, in the context of this call.
      if (slot === DESTROYED) renew(this, 'Timeout')
    }
    return this
  }

  close() {
    clearTimeout(this)
    return this
  }

  [Symbol.toPrimitive]() {
    known.set(this.asyncId(), this)
    return this.asyncId()
  }

  [inspect.custom](_depth, options) {
    const state =
      this[kSlot] === DESTROYED
        ? this._idleTimeout === -1
          ? 'cleared'
          : 'fired'
        : this[kSlot] === RUNNING
          ? 'running'
          : 'pending'
    const shown = {
      id: this.asyncId(),
      delay: this._idleTimeout,
      repeat: this._repeat !== null,
      ref: this[kRefed],
      state,
    }
    return `Timeout ${inspect(shown, options)}`
  }
}

/** One with arguments, or that repeats. The others are smaller by a fifth, and so is the work of the garbage collector. */
class FullTimeout extends Timeout {
  constructor(callback, after, args, repeats) {
    super(callback, after)
    this._timerArgs = args
    this._repeat = repeats ? this._idleTimeout : null
  }
}

Object.defineProperty(FullTimeout.prototype, 'constructor', { configurable: true, writable: true, value: Timeout })

// Most handles never have values of their own for these.
Timeout.prototype._timerArgs = undefined
Timeout.prototype._repeat = null
Timeout.prototype[kRefed] = true
Timeout.prototype[kOwner] = undefined
Timeout.prototype[kRun] = invoke
Timeout.prototype[kPlaces] = { set: setTimer, refresh: refreshTimer, clearRunning: binding.clearRunningTimer }

Timeout.prototype[Symbol.dispose ?? Symbol.for('nodejs.dispose')] = function () {
  clearTimeout(this)
}

/** Puts a timer that is not pending into the list of `doubles[DELAY]`. */
function schedule(timer, set) {
  set()
  const slot = words[SLOT]
  timer[kSlot] = slot
  pending[slot] = timer
  if (!timer[kRefed]) binding.unrefTimer()
}

/** Gives an interval that has run its next place. Where there is none it is over, and that is an error of the process. */
function repeat(timer, set) {
  try {
    schedule(timer, set)
  } catch (error) {
    retire(timer)
    throw error
  }
}

/** The arguments after the first `skip`, or undefined if there are none. */
function argumentsAfter(skip, all) {
  const args = new Array(all.length - skip)
  for (let i = skip; i < all.length; i++) args[i - skip] = all[i]
  return args
}

/** Gives a new timer its first place. */
function begin(timer) {
  doubles[DELAY] = timer._idleTimeout
  setTimer()
  const slot = words[SLOT]
  timer[kSlot] = slot
  pending[slot] = timer
  return timer
}

function setTimeout(callback, after) {
  validateFunction(callback, 'callback')
  if (arguments.length <= 2) return begin(new Timeout(callback, after))
  return begin(new FullTimeout(callback, after, argumentsAfter(2, arguments), false))
}

function setInterval(callback, repeat) {
  validateFunction(callback, 'callback')
  return begin(new FullTimeout(callback, repeat, arguments.length > 2 ? argumentsAfter(2, arguments) : undefined, true))
}

function clearTimeout(timer) {
  if (typeof timer === 'number' || typeof timer === 'string') {
    if (known.size === 0) return
    const handle = known.get(Number(timer))
    // Node looks a string up as it is: ' 1' and '1.0' are nobody's number.
    if (handle === undefined || (typeof timer === 'string' && timer !== String(handle.asyncId()))) return
    end(handle)
  } else if (timer != null && timer[kSlot] !== undefined) {
    end(timer)
  }
}

function clearInterval(timer) {
  clearTimeout(timer)
}

function end(timer) {
  const slot = timer[kSlot]
  if (slot >= 0) {
    words[SLOT] = slot
    clearTimer()
    pending[slot] = undefined
  } else if (slot === DESTROYED) {
    // `refresh` may revive it; callback and arguments are gone all the same.
    drop(timer)
    return
  } else if (timer[kRefed]) {
    doubles[DELAY] = timer._idleTimeout
    timer[kPlaces].clearRunning()
  }
  drop(timer)
  timer._idleTimeout = -1
  retire(timer)
}

/** Callback and arguments are not kept any more. */
function drop(timer) {
  timer._onTimeout = undefined
  if (timer._timerArgs !== undefined) timer._timerArgs = undefined
}

/** The timer is over: its number is nobody's, and its async resource is destroyed. */
function retire(timer) {
  timer[kSlot] = DESTROYED
  if (known.size !== 0) known.delete(timer.asyncId())
  timer.emitDestroy()
  if (timer[kOwner] !== undefined) forget(timer)
}

/**
 * Runs the timer that Rust has offered under `slot`, in its async context. True if it threw.
 */
function runTimer(timer) {
  // Node passes over a timer whose callback was taken away.
  if (!timer._onTimeout) {
    retire(timer)
    return false
  }
  timer[kSlot] = RUNNING
  return timer.runInAsyncScope(timer[kRun], timer)
}

/** Called with `this` being the timer, inside its async scope. */
function invoke() {
  markRun(this)
  const args = this._timerArgs
  try {
    if (args === undefined) this._onTimeout()
    else Reflect.apply(this._onTimeout, this, args)
  } catch (error) {
    afterRun(this)
    uncaught(error)
    return true
  }
  afterRun(this)
  return false
}

/** The callback is about to be called: from now on an interval counts. */
function markRun(timer) {
  if (timer._repeat) markStart()
}

function afterRun(timer) {
  const slot = timer[kSlot]
  if (timer._repeat && timer._idleTimeout !== -1) {
    if (slot >= 0) {
      // Refreshed by its own callback: it moves once more, with the interval's time base.
      words[SLOT] = slot
      takeTimer()
      pending[slot] = undefined
    }
    doubles[DELAY] = timer._idleTimeout = timer._repeat
    repeat(timer, setTimerFromStart)
  } else if (slot === RUNNING) {
    retire(timer)
  }
}

/** Runs a timer that was refreshed after Node would have picked it: it leaves the place the refresh gave it. */
function unschedule(timer) {
  const slot = timer[kSlot]
  words[SLOT] = slot
  takeTimer()
  pending[slot] = undefined
}

/** Whether the timer still waits. */
function isPending(timer) {
  return timer[kSlot] >= 0
}

for (const timer of [new Timeout(() => {}, 1), new FullTimeout(() => {}, 1, [], true)]) {
  keep(timer, ['_onTimeout', '_timerArgs', '_repeat'])
  timer[kSlot] = RUNNING
  timer._idleTimeout = -1
}

/** Whether the callback runs, and nothing has ended the timer or set it anew. */
function isRunning(timer) {
  return timer[kSlot] === RUNNING
}

module.exports = {
  FullTimeout,
  MAX_DELAY,
  Timeout,
  afterRun,
  argumentsAfter,
  begin,
  clearInterval,
  clearTimeout,
  isPending,
  isRunning,
  kPlaces,
  kRun,
  markRun,
  pending,
  repeat,
  retire,
  runTimer,
  schedule,
  setInterval,
  setTimeout,
  unschedule,
  warnOfDelay,
}
