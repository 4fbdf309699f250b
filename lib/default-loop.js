'use strict'
// The loop of the module's own functions, as a loop object: to list what is alive. Its handles have no owner, so it costs
// nothing until somebody asks; and it lives as long as its thread.

const { inspect } = require('node:util')
const { coded } = require('./errors')
const { pendingImmediates, setImmediate } = require('./immediate')
const { EventLoop } = require('./loop')
const { queueMicrotask } = require('./microtasks')
const { kOwner } = require('./owner')
const { pending, setInterval, setTimeout } = require('./timeout')

const describe = (kind, handle) => ({
  kind,
  id: handle.asyncId(),
  delay: handle._idleTimeout,
  age: undefined,
  ref: handle.hasRef(),
  origin: undefined,
  handle,
})

function refuse() {
  throw coded(Error, 'ERR_LOOP_DEFAULT', 'The default loop ends with its thread. What is in it can be ended one by one')
}

class DefaultLoop extends EventLoop {
  constructor() {
    super({ name: 'default' })
  }

  get state() {
    return this.handles().some(({ kind }) => kind === 'immediate') ? 'awake' : super.state
  }

  setTimeout(...args) {
    return Reflect.apply(setTimeout, undefined, args)
  }

  setInterval(...args) {
    return Reflect.apply(setInterval, undefined, args)
  }

  setImmediate(...args) {
    return Reflect.apply(setImmediate, undefined, args)
  }

  queueMicrotask(callback) {
    queueMicrotask(callback)
  }

  /** Timers first. How long they have been there is not known. */
  handles() {
    const timers = pending.filter((timer) => timer !== undefined && timer[kOwner] === undefined)
    return [
      ...timers.map((timer) => describe(timer._repeat === null ? 'timeout' : 'interval', timer)),
      ...pendingImmediates()
        .filter((immediate) => immediate[kOwner] === undefined)
        .map((immediate) => describe('immediate', immediate)),
      ...super.handles(),
    ]
  }

  ref() {
    return refuse()
  }

  unref() {
    return refuse()
  }

  close() {
    refuse()
  }

  shutdown() {
    return refuse()
  }

  [inspect.custom](_depth, options) {
    return `EventLoop ${inspect({ name: this.name, state: this.state, handles: this.handles().length }, options)}`
  }
}

module.exports = { defaultLoop: new DefaultLoop() }
