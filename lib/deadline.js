'use strict'
// Timers of loop objects in deadline order: due to the nanosecond, first due first run, with delays that may be
// fractions of a millisecond. Intervals keep to their grid, start + n * period, and are told what they have missed.

const { countMissed, postponeDeadline, repeatDeadline, setDeadline } = require('./binding')
const { lastRead } = require('./clock')
const { words, doubles, DELAY, MISSED, POLICY, TIME } = require('./memory')
const { refreshOwned } = require('./owned')
const { own, owned, runOwned } = require('./own')
const { kDue, kSince } = require('./owner')
const { FullTimeout, MAX_DELAY, isRunning, kPlaces, kRun, repeat, retire, schedule, warnOfDelay } = require('./timeout')

/** In milliseconds, as in `src/node/memory.rs`. */
const SHORTEST = 0.05
/** What an interval does about what it has missed, in the numbers of `src/node/memory.rs`. */
const POLICIES = { burst: 0, delay: 1, skip: 2 }

const kPolicy = Symbol('policy')

/** The delay asked for, if it can be had. */
function toFineDelay(after) {
  const delay = after === undefined ? SHORTEST : after * 1
  if (delay >= SHORTEST && delay <= MAX_DELAY) return delay
  warnOfDelay(delay, SHORTEST)
  return SHORTEST
}

class DeadlineTimer extends owned(FullTimeout) {
  constructor(owner, kind, callback, after, args, policy) {
    const delay = toFineDelay(after)
    super(callback, delay, args, kind.repeats)
    own(this, owner, kind)
    this._idleTimeout = delay
    if (kind.repeats) this._repeat = delay
    this[kPolicy] = policy
    this.missed = 0
  }

  refresh() {
    return refreshOwned(this, super.refresh)
  }

  [kRun]() {
    if (this._repeat) {
      doubles[DELAY] = this._repeat
      countMissed()
      this.missed = words[MISSED]
      this[kDue] = doubles[TIME]
    }
    return runOwned(this, this._onTimeout, this._timerArgs, afterRun)
  }
}

DeadlineTimer.prototype[kPlaces] = { set: setDeadline, refresh: postponeDeadline, clearRunning() {} }

/** An interval that was refreshed by its callback has its place, and a new grid, already. */
function afterRun(timer) {
  if (!isRunning(timer)) return
  if (timer._repeat) {
    doubles[DELAY] = timer._idleTimeout = timer._repeat
    words[POLICY] = timer[kPolicy]
    repeat(timer, repeatDeadline)
  } else {
    retire(timer)
  }
}

function setDeadlineTimer(owner, kind, callback, after, args, missed = 'burst') {
  const timer = new DeadlineTimer(owner, kind, callback, after, args, POLICIES[missed])
  doubles[DELAY] = timer._idleTimeout
  schedule(timer, setDeadline)
  timer[kSince] = lastRead()
  return timer
}

module.exports = { setDeadlineTimer }
