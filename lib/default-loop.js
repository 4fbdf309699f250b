'use strict'
// The loop of the module's own functions, as a loop object: to list what is alive. Its handles have no owner, so it costs
// nothing until somebody asks; and it lives as long as its thread.

const { inspect } = require('node:util')
const { coded } = require('./errors')
const { Histogram } = require('./histogram')
const { pendingImmediates, setImmediate } = require('./immediate')
const { EventLoop } = require('./loop')
const { KINDS } = require('./loop-handles')
const { words, TURNS, WAKES } = require('./memory')
const { Metrics } = require('./metrics')
const { queueMicrotask } = require('./microtasks')
const { kOwner } = require('./owner')
const { countPending } = require('./promise/pending')
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

/** What is not counted: that would make all of the module's functions slower. */
const UNKNOWN = Number.NaN

function kindMetrics(active) {
  return { active, activeMax: UNKNOWN, activeAverage: UNKNOWN, set: UNKNOWN, fired: UNKNOWN, cleared: UNKNOWN }
}

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
    // A slot that is far too high, as whoever writes into the shared words can bring about, is not counted up to.
    const timers = Object.values(pending).filter((timer) => timer !== undefined && timer[kOwner] === undefined)
    return [
      ...timers.map((timer) => describe(timer._repeat === null ? 'timeout' : 'interval', timer)),
      ...pendingImmediates()
        .filter((immediate) => immediate[kOwner] === undefined)
        .map((immediate) => describe('immediate', immediate)),
      ...super.handles(),
    ]
  }

  /** What there is to count when somebody asks. */
  metrics() {
    const kinds = Object.fromEntries(KINDS.map(({ name }) => [name, kindMetrics(name === 'microtask' ? UNKNOWN : 0)]))
    for (const { kind } of this.handles()) kinds[kind].active++
    return new Metrics({
      loop: this.name,
      kinds,
      lateness: new Histogram().summary(),
      waiting: new Histogram().summary(),
      runTime: new Histogram().summary(),
      callbacks: { perSecond: UNKNOWN, peakPerSecond: UNKNOWN },
      errors: UNKNOWN,
      turns: words[TURNS],
      wakes: words[WAKES],
      fds: kinds.watcher.active,
      promises: countPending((owner) => owner === undefined || owner === this),
    })
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
