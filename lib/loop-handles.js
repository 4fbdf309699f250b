'use strict'
// What a loop object notes of each of its handles, and what it tells of them.

const { kSince } = require('./owner')

const NANOS_PER_MS = 1e6

/** As what a handle was set, and where. */
const kKind = Symbol('kind')
const kOrigin = Symbol('origin')

/** What runs without waiting for anything. */
const SOON = new Set(['immediate', 'task', 'microtask'])
/** What runs when it is due. */
const TIMERS = new Set(['timeout', 'interval', 'delay'])

/** What may call its callback more than once. */
const REPEATING = new Set(['interval', 'watcher', 'doorbell'])

/** The origin of a handle begins where `setter` was called. */
function noteOrigin(handle, setter) {
  handle[kOrigin] = new Error('set')
  Error.captureStackTrace(handle[kOrigin], setter)
}

function describe(handle, time) {
  return {
    kind: handle[kKind],
    id: handle.asyncId(),
    delay: handle._idleTimeout,
    age: (time - handle[kSince]) / NANOS_PER_MS,
    ref: handle.hasRef(),
    origin: handle[kOrigin]?.stack.replace(/^.*\n/, ''),
    handle,
  }
}

module.exports = { REPEATING, SOON, TIMERS, describe, kKind, noteOrigin }
