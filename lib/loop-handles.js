'use strict'
// What a loop object notes of each of its handles, and what it tells of them.

const { kKind, kSince } = require('./owner')

const NANOS_PER_MS = 1e6

/** Where a handle was set. */
const kOrigin = Symbol('origin')

/** As what a handle was set: whether it runs when it is due, without waiting for anything, and more than once. */
const KINDS = [
  { name: 'timeout', timed: true, soon: false, repeats: false },
  { name: 'interval', timed: true, soon: false, repeats: true },
  { name: 'immediate', timed: false, soon: true, repeats: false },
  { name: 'task', timed: false, soon: true, repeats: false },
  { name: 'microtask', timed: false, soon: true, repeats: false },
  { name: 'watcher', timed: false, soon: false, repeats: true },
  { name: 'doorbell', timed: false, soon: false, repeats: true },
  { name: 'delay', timed: true, soon: false, repeats: false },
].map((kind, index) => ({ ...kind, index }))
const [TIMEOUT, INTERVAL, IMMEDIATE, TASK, MICROTASK, WATCHER, DOORBELL, DELAY] = KINDS

/** The origin of a handle begins where `setter` was called. */
function noteOrigin(handle, setter) {
  handle[kOrigin] = new Error('set')
  Error.captureStackTrace(handle[kOrigin], setter)
}

/** The frames of the stack, unless the program makes something else of stacks. */
function originOf(handle) {
  const stack = handle[kOrigin]?.stack
  return typeof stack === 'string' ? stack.replace(/^.*\n?/, '') : undefined
}

function describe(handle, time) {
  return {
    kind: handle[kKind].name,
    id: handle.asyncId(),
    delay: handle._idleTimeout,
    age: (time - handle[kSince]) / NANOS_PER_MS,
    ref: handle.hasRef(),
    origin: originOf(handle),
    handle,
  }
}

module.exports = {
  DELAY,
  DOORBELL,
  IMMEDIATE,
  INTERVAL,
  KINDS,
  MICROTASK,
  TASK,
  TIMEOUT,
  WATCHER,
  describe,
  noteOrigin,
}
