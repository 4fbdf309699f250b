'use strict'
// Asks Node to run its queue of next ticks and microtasks, between two callbacks.

const { uncaught } = require('./uncaught')

/** Taken once: programs may replace `process`. With `--pending-deprecation` there is a function around it that warns. */
const tickCallback = unwrapped(process._tickCallback)

/** A deprecated function inherits from the one that it calls. */
function unwrapped(callback) {
  const inner = Object.getPrototypeOf(callback)
  return inner === Function.prototype ? callback : inner
}

/** Runs next ticks and microtasks. A tick that throws leaves the rest for the next drain, as in Node. True if one did. */
function drain() {
  try {
    tickCallback()
    return false
  } catch (error) {
    uncaught(error)
    return true
  }
}

module.exports = { drain }
