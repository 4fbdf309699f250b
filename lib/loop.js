'use strict'
// A loop object: everything a component started, in one hand.
//
// Its timers, immediates and tasks stand in the same lists as everybody's, so the order between loop objects is the order
// in which things were set. What is its own: the set of its handles, and how their callbacks are called.

const { inspect } = require('node:util')
const { publishClosed, publishCreated, publishShutdown } = require('./channels')
const { now } = require('./clock')
const { openDoorbell, stopTaking } = require('./doorbell')
const { closed, coded, validateFunction } = require('./errors')
const { clearImmediate } = require('./immediate')
const { setDeadlineTimer } = require('./deadline')
const { Nesting, call, callWithoutContext } = require('./loop-calls')
const { heed, tellError, tellUnhandled } = require('./loop-errors')
const { describe, noteOrigin } = require('./loop-handles')
const { DELAY, DOORBELL, IMMEDIATE, INTERVAL, MICROTASK, TASK, TIMEOUT, WATCHER } = require('./loop-handles')
const { readLoopOptions, readShutdownOptions } = require('./loop-options')
const { HandleList } = require('./handle-list')
const { LoopMicrotasks } = require('./loop-microtasks')
const { LoopMetrics } = require('./metrics')
const { setOwnedImmediate, setOwnedTimeout } = require('./owned')
const {
  kAdopt,
  kCall,
  kCallMicrotask,
  kForget,
  kGiveUp,
  kKind,
  kOwner,
  kRefreshed,
  kSince,
  kUnhandled,
} = require('./owner')
const { keep } = require('./resource')
const { Bounds, Shutdown } = require('./shutdown')
const { submit } = require('./task')
const { clearTimeout } = require('./timeout')
const { watch } = require('./watcher')

/** Loaded when it is needed: most programs have promises of the language. */
const loopPromise = () => require('./loop-promise')

let loops = 0

class EventLoop {
  static #announces = false
  #options
  #name
  #handles = new HandleList()
  #microtasks
  #Promise
  /** How many things wait that run soon. */
  #soon = 0
  /** How many callbacks are on the stack. */
  #depth = 0
  #call
  /** @type {Nesting | undefined} */
  #nesting
  /** The handle whose callback runs. */
  #current
  #refed = true
  #closed = false
  /** @type {LoopMetrics | undefined} */
  #metrics
  /** @type {Shutdown | undefined} */
  #shutdown

  constructor(options = {}) {
    this.#options = readLoopOptions(options)
    this.#name = this.#options.name ?? `loop ${++loops}`
    this.#call = this.#options.asyncContext === false ? callWithoutContext : call
    if (this.#options.nestedClamp) this.#nesting = new Nesting()
    this.#microtasks = new LoopMicrotasks(this, this.#options)
    if (this.#options.metrics) this.#metrics = new LoopMetrics(this, this.#options, this.#microtasks)
    if (EventLoop.#announces) publishCreated(this)
  }

  get name() {
    return this.#name
  }

  get state() {
    if (this.#closed) return 'terminated'
    if (this.#shutdown) return 'terminating'
    if (this.#depth > 0) return 'running'
    return this.#soon > 0 ? 'awake' : 'sleeping'
  }

  setTimeout(callback, delay, ...args) {
    return this.#setTimer(TIMEOUT, callback, delay, args)
  }

  setInterval(callback, delay, ...args) {
    return this.#setTimer(INTERVAL, callback, delay, args)
  }

  setImmediate(callback, ...args) {
    validateFunction(callback, 'callback')
    this.#accept(IMMEDIATE)
    return this.#adopt(setOwnedImmediate(this, callback, args.length > 0 ? args : undefined))
  }

  /** A task for the poll phase. */
  submit(callback, ...args) {
    validateFunction(callback, 'callback')
    this.#accept(TASK)
    return this.#adopt(submit(this, callback, args.length > 0 ? args : undefined))
  }

  /** Tells when a file descriptor is ready: to the callback, or to whoever iterates. */
  watch(fd, options, callback) {
    return this.#adopt(watch(this, fd, options, callback, () => this.#accept(WATCHER)))
  }

  /** Something that any thread of the process can ring. */
  doorbell(callback) {
    validateFunction(callback, 'callback')
    this.#accept(DOORBELL)
    return this.#adopt(openDoorbell(this, callback))
  }

  queueMicrotask(callback) {
    validateFunction(callback, 'callback')
    this.#accept(MICROTASK)
    this.#soon++
    this.#microtasks.queue(callback, this.#metrics?.sinceOfMicrotask() ?? 0)
  }

  /** ChainedPromise, bound to this loop object. */
  get Promise() {
    this.#Promise ??= loopPromise().promiseClassOf(this)
    return this.#Promise
  }

  /** A promise that is resolved with `value` when `ms` have passed. */
  delay(ms, value, options) {
    this.#accept(DELAY)
    const set = (callback, after) => this.#setTimer(DELAY, callback, after, [])
    return loopPromise().delay(this, set, ms, value, options)
  }

  clearTimeout(timer) {
    clearTimeout(timer)
  }

  clearInterval(timer) {
    clearTimeout(timer)
  }

  clearImmediate(immediate) {
    clearImmediate(immediate)
  }

  /** Everything that is alive. */
  handles() {
    // What closes it may still run, but goes on for nothing.
    if (this.#closed) return []
    const time = now()
    return this.#handles.toArray().map((handle) => describe(handle, time))
  }

  /** What was measured so far. */
  metrics() {
    if (this.#metrics) return this.#metrics.summary(this.name)
    throw coded(Error, 'ERR_LOOP_NO_METRICS', `The event loop '${this.name}' was made without the option 'metrics'`)
  }

  ref() {
    return this.#setRef(true)
  }

  unref() {
    return this.#setRef(false)
  }

  hasRef() {
    return this.#refed
  }

  /** Ends everything at once. */
  close() {
    if (this.#closed) return
    this.#closed = true
    this.#drop(() => true)
    const microtasks = this.#microtasks.drop()
    this.#shutdown?.count('dropped', MICROTASK, microtasks)
    this.#soon = 0
    try {
      this.#shutdown?.finish()
    } finally {
      publishClosed(this)
    }
  }

  /** Takes nothing new, runs what it has taken, then ends. */
  shutdown(options = {}) {
    // Of a private method nothing is done for what is no loop object.
    return this.#shutDown(readShutdownOptions(options))
  }

  #shutDown(read) {
    // Nothing has begun if this throws. It may call code of the program's, which may close the loop object or shut it down.
    const bounds = new Bounds(this, read, () => this.#shutdown)
    const isFirst = this.#shutdown === undefined
    this.#shutdown ??= new Shutdown(this)
    this.#shutdown.add(bounds)
    if (this.#closed) this.#shutdown.finish()
    else if (isFirst) publishShutdown(this, read)
    bounds.abortIfAborted()
    if (isFirst && !this.#closed) this.#beginShutdown(read)
    return this.#shutdown.promise
  }

  #beginShutdown(read) {
    this.#drop((kind, handle) => {
      if (kind.timed) return read.timers === 'drop'
      // What a doorbell was rung for before counts.
      if (kind === DOORBELL) return !stopTaking(handle)
      return !kind.soon
    })
    for (const handle of this.#handles.toArray()) {
      if (this.#mustRun(handle)) handle.hold()
    }
    this.#microtasks.follow(true)
    this.#endIfDone()
  }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    this.close()
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    await this.shutdown()
  }

  [inspect.custom](_depth, options) {
    const shown = { name: this.name, state: this.state, handles: this.handles().length, ref: this.#refed }
    return `EventLoop ${inspect(shown, options)}`
  }

  /** A handle that had ended begins a new life. False if it may not. */
  [kAdopt](handle) {
    if (this.#closed || this.#shutdown) return false
    handle[kSince] = now()
    this.#adopt(handle, handle.refresh)
    // It ended as the loop object was held back, or was not.
    if (this.#refed) handle.follow(true)
    return true
  }

  /** A timer that waits counts anew. */
  [kRefreshed](timer) {
    this.#metrics?.refreshed(timer)
  }

  /** A handle is over. */
  [kForget](handle) {
    if (!this.#handles.delete(handle)) return
    this.#metrics?.remove(handle, handle === this.#current)
    if (handle[kKind].soon) this.#soon--
    else if (handle[kKind] === DELAY && handle !== this.#current) handle[kGiveUp]()
    this.#endIfDone()
  }

  /** Calls the callback of a handle, then `finish(handle)`. True if what it threw was an uncaught exception. */
  [kCall](handle, callback, args, finish) {
    const kind = handle[kKind]
    const level = this.#nesting?.enter(handle)
    const outer = this.#current
    this.#current = handle
    this.#depth++
    let result
    let failure
    const isMeasured = this.#metrics?.begin(handle, kind, this.#depth > 1) === true
    try {
      result = this.#call(callback, kind === MICROTASK ? undefined : handle, args)
    } catch (error) {
      failure = { error }
    }
    this.#nesting?.leave(handle, level)
    if (isMeasured) this.#metrics.end(handle, kind)
    this.#shutdown?.count('ran', kind)
    // With a shutdown under way an interval has had its last turn.
    if (this.#shutdown && kind === INTERVAL) clearTimeout(handle)
    finish(handle)
    const threw = failure ? this.#failed(failure.error, handle) : false
    if (this.#options.onError && result != null) heed(result, (error) => this.#failed(error, handle))
    this.#current = outer
    this.#depth--
    if (isMeasured) this.#metrics.tellIfLate(handle)
    this.#endIfDone()
    return threw
  }

  /** Calls a microtask. */
  [kCallMicrotask](microtask) {
    this[kCall](microtask, microtask.callback, undefined, EventLoop.#microtaskRan)
  }

  static #microtaskRan(microtask) {
    const loop = microtask[kOwner]
    if (!loop.#closed) loop.#soon--
  }

  /** A promise of this loop object is rejected and nobody handles it. False if that is Node's business. */
  [kUnhandled](reason, promise) {
    return tellUnhandled(this.#options.onUnhandledRejection, reason, promise)
  }

  /** True if nobody here takes the error. */
  #failed(error, handle) {
    this.#metrics?.failed()
    return tellError(this, this.#options.onError, error, handle)
  }

  #setTimer(kind, callback, delay, args) {
    validateFunction(callback, 'callback')
    // What converts it to a number may end the loop object.
    const asked = delay === undefined ? undefined : delay * 1
    this.#accept(kind)
    const clamped = this.#nesting ? this.#nesting.delayOf(asked) : asked
    const given = args.length > 0 ? args : undefined
    const timer =
      this.#options.order === 'deadline'
        ? setDeadlineTimer(this, kind, callback, clamped, given, this.#options.missed)
        : setOwnedTimeout(this, kind, callback, clamped, given)
    this.#nesting?.note(timer)
    return this.#adopt(timer)
  }

  /** Whether something new may be set now. */
  #accept(kind) {
    if (this.#closed) throw closed(this.name)
    if (this.#shutdown && (this.#depth === 0 || !kind.soon)) {
      throw coded(Error, 'ERR_LOOP_TERMINATED', `The event loop '${this.name}' is shutting down`)
    }
  }

  #adopt(handle, setter = SETTERS[handle[kKind].index]) {
    const kind = handle[kKind]
    this.#metrics?.add(kind)
    if (this.#options.origins) noteOrigin(handle, setter)
    this.#handles.add(handle)
    if (kind.soon) this.#soon++
    if (!this.#refed && !this.#mustRun(handle)) handle.follow(false)
    return handle
  }

  /** What a shutdown has accepted and does not have to wait for keeps the process alive until then. */
  #mustRun(handle) {
    return this.#shutdown !== undefined && !handle[kKind].timed
  }

  #setRef(refed) {
    this.#refed = refed
    if (!this.#shutdown) this.#microtasks.follow(refed)
    for (const handle of this.#handles.toArray()) {
      if (!this.#mustRun(handle)) handle.follow(refed)
    }
    return this
  }

  #drop(which) {
    for (const handle of this.#handles.toArray()) {
      if (!which(handle[kKind], handle)) continue
      // Nothing is lost of what has begun, if it was to run once.
      if (handle !== this.#current || handle[kKind].repeats) this.#shutdown?.count('dropped', handle[kKind])
      handle.close()
    }
  }

  #endIfDone() {
    if (this.#shutdown && !this.#closed && this.#handles.size === 0 && this.#soon === 0 && this.#depth === 0)
      this.close()
  }

  // What `keep` is good for, see resource.js.
  static {
    for (const metrics of [false, true]) keep(new EventLoop({ name: 'example', metrics }), [])
    EventLoop.#announces = true
  }
}

/** What sets handles of a kind: an origin begins where it was called. */
const SETTERS = {
  [TIMEOUT.index]: EventLoop.prototype.setTimeout,
  [INTERVAL.index]: EventLoop.prototype.setInterval,
  [IMMEDIATE.index]: EventLoop.prototype.setImmediate,
  [TASK.index]: EventLoop.prototype.submit,
  [DELAY.index]: EventLoop.prototype.delay,
  [WATCHER.index]: EventLoop.prototype.watch,
  [DOORBELL.index]: EventLoop.prototype.doorbell,
}

module.exports = { EventLoop }
