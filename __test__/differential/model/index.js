'use strict'
// A model of Node's loop with a virtual clock: plays a program and tells the trace that Node's rules give it, with the
// time of each entry. It refuses what they leave to chance.

const { play } = require('../program')
const { MARGIN, Refused } = require('./refused')
const { Drain } = require('./drain')
const { Immediates } = require('./immediates')
const { makePromise } = require('./promise')
const { Timers } = require('./timers')

/** How long a program may take, in milliseconds, and how many entries its trace may have. */
const LONGEST = 250
const MOST_ENTRIES = 200

class Loop {
  time = 0
  trace = []
  messages = []
  /** Callbacks that come when something outside is ready. */
  outside = []
  /** Whether anything came from there, or a message, in the last poll phase. */
  wasAnswered = false
  listeners = {}

  drain = new Drain({
    rejection: (reason) => this.orRefuse(() => this.listeners.rejection(reason)),
    handled: () => this.listeners.handled(),
  })
  timers = new Timers(this)
  immediates = new Immediates(this)
  Promise = makePromise({
    enqueue: (job) => this.drain.microtasks.push(job),
    track: (promise, handled, reason) => this.drain.track(promise, handled, reason),
  })

  uncaught(error) {
    if (error instanceof Refused) throw error
    const { clears } = this.immediates
    this.orRefuse(() => this.listeners.uncaught(error))
    // Node runs in circles when its next immediate is the one that was cleared.
    if (this.immediates.clears > clears) throw new Refused('an immediate cleared by a listener')
    // Node sets an immediate of its own, to be sure that its loop goes on.
    this.immediates.set(() => {})
  }

  /** What a throw here would lead to is not the loop's affair. */
  orRefuse(callback) {
    try {
      callback()
    } catch (error) {
      throw error instanceof Refused ? error : new Refused('a throw where there is no callback of the loop')
    }
  }

  /** A callback from outside, or the main script, and the drain after it. */
  scope(callback) {
    this.orRefuse(callback)
    this.closingDrain()
  }

  /** Where what a throw has left is drained depends on what comes to pass next. */
  closingDrain() {
    try {
      this.drain.run()
    } catch (error) {
      this.uncaught(error)
      // The messages behind one whose drain threw come later, or not.
      if (!this.drain.empty || this.messages.length > 0) throw new Refused('a closing drain that threw')
    }
  }

  /** For a moment that may come a little later than here: nothing may be there that would use it. */
  assertNothingElse(where) {
    const rest = this.immediates.size + this.messages.length + this.outside.length
    if (rest > 0 || !this.drain.empty) throw new Refused(where)
  }

  get alive() {
    return this.timers.refed + this.immediates.refed + this.messages.length + this.outside.length > 0
  }

  run() {
    if (!this.alive) throw new Refused('over before it has begun')
    this.timersPhase()
    // The first timers phase is followed by a check phase, the later ones only if something keeps the loop alive.
    const isMoreToRun = this.immediates.size > 0 || this.timers.isAnyAboutDue()
    if (this.timers.isLeftOpen && !this.alive && isMoreToRun) {
      throw new Refused('what is unref’d runs only if what is before it is due when the loop begins')
    }
    do {
      this.pollPhase()
      this.immediates.checkPhase()
      this.timersPhase()
    } while (this.alive)
    if (this.timers.isAnyAboutDue()) throw new Refused('a timer about due when the loop ends')
  }

  pollPhase() {
    this.wasAnswered = this.outside.length + this.messages.length > 0
    const goesOn = this.immediates.refed > 0 || this.messages.length > 0
    if (this.outside.length > 0) {
      this.assertOutsideAlone()
      this.scope(this.outside.shift())
    } else if (!goesOn && this.alive) {
      this.sleep()
    }
    while (this.messages.length > 0) {
      this.assertOutsideAlone()
      this.scope(this.messages.shift())
    }
    this.assertOutsideAlone()
  }

  /** What comes from outside is ready a little later, in one poll phase or another. Nothing else may be. */
  assertOutsideAlone() {
    if (this.outside.length === 0) return
    const next = this.timers.first()
    const rest = this.immediates.size + this.messages.length + this.outside.length - 1
    if (rest > 0 || (next && next.expiry - this.time < 2 * MARGIN)) throw new Refused('something outside')
  }

  sleep() {
    const { expiry } = this.timers.first()
    if (expiry > this.time && this.immediates.size > 0) {
      throw new Refused('an unref’d immediate runs when anything wakes the loop')
    }
    if (expiry >= this.time) {
      this.time = expiry
      this.timers.wokenFor = expiry
      this.timers.isFirst = true
    }
  }

  timersPhase() {
    const now = this.time
    if (this.timers.areArmedLate()) {
      this.assertNothingElse('a timer for which Node waits a millisecond more')
      if (!this.alive && this.wasAnswered) throw new Refused('an unref’d timer for which nobody waits that millisecond')
    }
    for (;;) {
      try {
        this.timers.process(now)
        break
      } catch (error) {
        this.uncaught(error)
      }
    }
    this.timers.endPhase(now)
    const { insertions } = this.timers
    this.closingDrain()
    // Up to Node 20 a timer set by this drain can make the phase begin again, where a millisecond has passed.
    if (this.timers.insertions > insertions && this.timers.isAnyAboutDue()) this.timers.assertStandsStill(this.time)
  }

  record(label) {
    if (this.time > LONGEST || this.trace.length >= MOST_ENTRIES) throw new Refused('too long')
    this.trace.push([label, this.time])
  }
}

/** The functions of the loop, for `play`. */
function machineOf(loop) {
  const { Promise, drain, immediates, timers } = loop
  const clearTimer = (timer) => timers.clear(timer)
  const ignoringThrows = (callback) => () => {
    try {
      callback()
    } catch (error) {
      loop.uncaught(error)
    }
  }
  return {
    log: (label) => loop.record(label),
    mark: () => loop.record(''),
    busy: (ms) => {
      loop.time += ms
    },
    setTimeout: (callback, delay) => timers.set(callback, delay, false),
    setInterval: (callback, delay) => timers.set(callback, delay, true),
    setImmediate: (callback) => immediates.set(callback),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: (immediate) => immediates.clear(immediate),
    nextTick: (callback) => drain.ticks.push(callback),
    queueMicrotask: (callback) => drain.microtasks.push(ignoringThrows(callback)),
    promise: () => Promise,
    await: Promise.await,
    sleep: (delay) => new Promise((resolve) => timers.set(resolve, delay, false)),
    yield: () => new Promise((resolve) => immediates.set(resolve)),
    post: (callback) => loop.messages.push(callback),
    io: (_, callback) => loop.outside.push(callback),
    onUncaught: (listener) => (loop.listeners.uncaught = listener),
    onRejection: (listener) => (loop.listeners.rejection = listener),
    onHandled: (listener) => (loop.listeners.handled = listener),
  }
}

/** The trace of a program, as `[label, time]`; marks have an empty label. */
function predict(program) {
  const loop = new Loop()
  loop.scope(() => play(program, machineOf(loop)))
  loop.run()
  return loop.trace
}

/** The trace, or undefined if the program's order is not fixed, or it is too long. */
function predictIfFixed(program) {
  try {
    return predict(program)
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

module.exports = { predict, predictIfFixed }
