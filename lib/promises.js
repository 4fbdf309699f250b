'use strict'
// What `rs-eventloop/promises` exports: `node:timers/promises` on our timers.

const timers = require('./timeout')
const immediates = require('./immediate')
const { AbortError, coded } = require('./errors')
const { NativePromise } = require('./native-promise')
const { NO_OPTIONS, checkDelay, listen, readOptions } = require('./timer-options')

const { then, finally: afterwards } = NativePromise.prototype
const { apply } = Reflect

/** The promise of a handle that `begin(resolve)` sets, and that the signal may clear before. */
function cancellable({ signal, ref }, begin, clear) {
  if (signal?.aborted) return NativePromise.reject(new AbortError(signal.reason))
  let handle
  let fail
  const promise = new NativePromise((resolve, reject) => {
    fail = reject
    handle = begin(resolve)
    if (!ref) handle.unref()
  })
  if (signal === undefined) return promise

  const onAbort = () => {
    clear(handle)
    fail(new AbortError(signal.reason))
  }
  listen(signal, onAbort)
  const stopListening = () => signal.removeEventListener('abort', onAbort)
  // Node's promise is one `then` before and one after the `finally`: as many microtasks later is ours settled.
  return apply(then, apply(afterwards, apply(then, promise, []), [stopListening]), [])
}

function setTimeout(delay, value, options = NO_OPTIONS) {
  let read
  try {
    checkDelay(delay)
    read = readOptions(options)
  } catch (error) {
    return NativePromise.reject(error)
  }
  return cancellable(read, (resolve) => timers.setTimeout(resolve, delay, value), timers.clearTimeout)
}

function setImmediate(value, options = NO_OPTIONS) {
  let read
  try {
    read = readOptions(options)
  } catch (error) {
    return NativePromise.reject(error)
  }
  return cancellable(read, (resolve) => immediates.setImmediate(resolve, value), immediates.clearImmediate)
}

async function* setInterval(delay, value, options = NO_OPTIONS) {
  checkDelay(delay)
  const { signal, ref } = readOptions(options)
  if (signal?.aborted) throw new AbortError(signal.reason)

  /** Ticks that nobody has been given yet. */
  let backlog = 0
  /** Ends the wait of a consumer that has had all ticks. */
  let wake
  const onTick = () => {
    backlog++
    wake?.()
    wake = undefined
  }
  const onAbort = () => {
    timers.clearInterval(interval)
    wake?.(NativePromise.reject(new AbortError(signal.reason)))
    wake = undefined
  }

  const interval = timers.setInterval(onTick, delay)
  try {
    if (!ref) interval.unref()
    if (signal) listen(signal, onAbort)
    while (!signal?.aborted) {
      await new NativePromise((resolve) => {
        wake = resolve
      })
      for (; backlog > 0; backlog--) yield value
    }
    throw new AbortError(signal.reason)
  } finally {
    timers.clearInterval(interval)
    signal?.removeEventListener('abort', onAbort)
  }
}

const kScheduler = Symbol('kScheduler')

function checkScheduler(value) {
  if (!value[kScheduler]) {
    throw coded(TypeError, 'ERR_INVALID_THIS', 'Value of "this" must be of type Scheduler', checkScheduler)
  }
}

class Scheduler {
  constructor() {
    throw coded(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor')
  }

  yield() {
    checkScheduler(this)
    return setImmediate()
  }

  wait(delay, options) {
    checkScheduler(this)
    return setTimeout(delay, undefined, options)
  }
}

const scheduler = Object.assign(Object.create(Scheduler.prototype), { [kScheduler]: true })

module.exports = { setTimeout, setImmediate, setInterval, scheduler }
