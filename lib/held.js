'use strict'
// What handles of the poll phase have in common: they keep the process alive as long as they are alive and ref'd, and
// those that are to run in a poll phase run one after the other.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')
const { drain } = require('./drain')
const { hold } = require('./poll')
const { checkId, triggerId } = require('./resource')

const kAlive = Symbol('alive')
const kRefed = Symbol('refed')
/** Calls the callback, with `this` being the handle, inside its async scope. True if it threw. */
const kRun = Symbol('run')

class Held extends AsyncResource {
  constructor(type) {
    super(type, triggerId())
    checkId(this.asyncId())
    this[kAlive] = false
    this[kRefed] = true
  }

  ref() {
    return setRef(this, true)
  }

  unref() {
    return setRef(this, false)
  }

  hasRef() {
    return this[kAlive] && this[kRefed]
  }

  [inspect.custom](_depth, options) {
    const shown = { id: this.asyncId(), ref: this.hasRef(), state: this[kAlive] ? 'pending' : 'done' }
    return `${this.constructor.shownAs} ${inspect(shown, options)}`
  }
}

Object.defineProperty(Held.prototype, Symbol.dispose ?? Symbol.for('nodejs.dispose'), {
  configurable: true,
  writable: true,
  value() {
    this.close()
  },
})

function setRef(handle, refed) {
  if (handle[kAlive] && handle[kRefed] !== refed) hold(refed ? 1 : -1)
  handle[kRefed] = refed
  return handle
}

/** It is alive from now on. */
function begin(handle) {
  handle[kAlive] = true
  hold(1)
  return handle
}

/** It is not alive any more. False if it was not before. */
function end(handle) {
  if (!handle[kAlive]) return false
  if (handle[kRefed]) hold(-1)
  handle[kAlive] = false
  return true
}

/**
 * Runs those for which `starts(handle)` is true, with a drain between any two except after one that threw. Whether a
 * drain is due before something runs, and then before the next thing.
 */
function runEach(handles, drainNext, starts) {
  let due = drainNext
  for (const handle of handles) {
    if (due && handle[kAlive]) drain()
    if (starts(handle)) due = !handle.runInAsyncScope(handle[kRun], handle)
  }
  return due
}

module.exports = { Held, begin, end, kAlive, kRun, runEach }
