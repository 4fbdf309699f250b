'use strict'
// What a file descriptor is watched for, and how; and what has come, in words. `src/driver/watches.rs` has the bits.

const { coded, validateObject, validateOneOf, validateType } = require('./errors')

const WANTED = { readable: 1, writable: 2, priority: 4 }
const FOUND = { ...WANTED, error: 8, hangup: 16, readClosed: 32 }
/** What some files tell once only. */
const TOLD_ONCE = WANTED.priority | FOUND.error
/** The file descriptor is not that of the watched file any more. */
const GONE = 64

const DEFAULTS = { readable: false, writable: false, priority: false, mode: 'level' }

/** The options given, on top of those before. */
function readWatchOptions(options, before = DEFAULTS) {
  validateObject(options, 'options')
  const read = { ...before }
  for (const name of Object.keys(WANTED)) {
    if (options[name] === undefined) continue
    validateType(options[name], `options.${name}`, 'boolean')
    read[name] = options[name]
  }
  if (options.mode !== undefined) {
    validateOneOf(options.mode, 'options.mode', ['level', 'edge', 'once'])
    read.mode = options.mode
  }
  if (wantedBits(read) === 0) {
    const message = "One of the properties 'options.readable', 'options.writable' and 'options.priority' must be true"
    throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', message)
  }
  return read
}

function wantedBits(options) {
  return Object.entries(WANTED).reduce((bits, [name, bit]) => (options[name] ? bits | bit : bits), 0)
}

/** One object for each combination. */
const events = []

/** What has come, for callbacks. */
function eventsOf(bits) {
  events[bits] ??= Object.freeze(
    Object.fromEntries(Object.entries(FOUND).map(([name, bit]) => [name, (bits & bit) !== 0])),
  )
  return events[bits]
}

module.exports = { GONE, TOLD_ONCE, eventsOf, readWatchOptions, wantedBits }
