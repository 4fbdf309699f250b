'use strict'
// The turn: JavaScript does what Rust says, one step after the other. Rust calls in here from two of libuv's phases.
//
// Between two callbacks the queue of next ticks and microtasks is Node's, and Node is asked to run it. What a callback
// throws is reported at once, inside its async context; the next callback then runs without a drain in between.

const binding = require('./binding')
const { drain } = require('./drain')
const { coded } = require('./errors')
const memory = require('./memory')
const { pollTurn } = require('./poll')
const timeouts = require('./timeout')
const immediates = require('./immediate')

const { words, batch, BEGUN, THREW, STEP, COUNT, DRAIN_FIRST, DRAIN_LAST, LEAVES, NO_SLOT } = memory
const { DRAIN, TIMERS, MORE_TIMERS, IMMEDIATES, MORE_IMMEDIATES } = memory
const { next } = binding
const { isPending, runTimer, unschedule } = timeouts
const { cutOff, nextWaits, runImmediate, takeNext } = immediates
const timers = timeouts.pending

const LEAVING = new Error('The turn is over')

function turn() {
  let threw = false
  for (;;) {
    words[THREW] = threw ? 1 : 0
    next()
    switch (words[STEP]) {
      case TIMERS:
        threw = words[DRAIN_FIRST] === 1 && drain()
        threw = runTimers(words[COUNT], false, threw)
        break
      case MORE_TIMERS:
        threw = runTimers(words[COUNT], words[DRAIN_FIRST] === 1, false)
        break
      case IMMEDIATES:
        cutOff()
        threw = runImmediates()
        break
      case MORE_IMMEDIATES:
        threw = runImmediates()
        break
      case DRAIN:
        drain()
        threw = false
        break
      default:
        return
    }
  }
}

/**
 * Runs the timers of the batch: one list, or the next part of one. True if the last thing that ran threw; `threw` is
 * whether what ran before did.
 */
function runTimers(count, drainNext, threw) {
  for (let i = 0; i < count; i++) {
    const slot = batch[i]
    if (slot === NO_SLOT) continue
    const timer = timers[slot]
    // Node has picked the timer when it drains: a clear in the drain still counts, a refresh comes too late. If the drain
    // throws, Node begins anew and picks another.
    if (drainNext) {
      threw = drain()
      if (batch[i] === NO_SLOT) {
        drainNext = !threw
        if (threw || !isPending(timer)) continue
        unschedule(timer)
      }
    }
    words[BEGUN] = i + 1
    if (timers[slot] === timer) timers[slot] = undefined
    threw = runTimer(timer)
    drainNext = !threw
  }
  return threw
}

/** Runs the immediates offered, as the words say. True if the last thing that ran threw. */
function runImmediates() {
  const count = words[COUNT]
  const drainLast = words[DRAIN_LAST] === 1
  let drainNext = words[DRAIN_FIRST] === 1
  let threw = false
  for (let i = 0; i < count; i++) {
    if (drainNext && nextWaits()) drain()
    const immediate = takeNext()
    words[BEGUN] = i + 1
    if (immediate === undefined) continue
    threw = runImmediate(immediate)
    drainNext = !threw
  }
  if (drainLast && !threw && drain()) leave()
  return threw
}

/**
 * In Node the drain after the last immediate comes behind the check phase. If it throws, what is left of it waits for the
 * next one. So the turn ends, by a throw of its own: behind a turn that returns Node would go on with the drain at once.
 */
function leave() {
  words[LEAVES] = 1
  throw LEAVING
}

/** Node drains before its immediates: only a throw can have left anything. */
function checkTurn() {
  drain()
  turn()
}

/** Something failed inside. */
function fail(code, message) {
  throw coded(Error, code, `The loop failed inside: ${message}`)
}

binding.start(turn, checkTurn, pollTurn, fail)
