'use strict'
// The clock from which timers count, in nanoseconds: cheaper to read than `performance.now()`, and at most 2 µs ahead.

const { readClock } = require('./binding')
const { doubles, TIME } = require('./memory')

/** The time now. */
function now() {
  readClock()
  return doubles[TIME]
}

/** The time Rust read last: from which a timer counts that was set just now, or an interval whose turn has come. */
function lastRead() {
  return doubles[TIME]
}

module.exports = { lastRead, now }
