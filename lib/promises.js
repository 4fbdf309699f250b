'use strict'
// What `rs-eventloop/promises` exports: `node:timers/promises` on our timers.

const timers = require('./timeout')
const { setImmediate: setImmediateCallback, clearImmediate } = require('./immediate')
const { AbortError, coded, invalidType } = require('./errors')

const NativePromise = Promise

/** Checks the options; `key` as Node names them. */
function readOptions(options) {
  if (options === null || typeof options !== 'object') throw invalidType('options', 'of type object', options)
  const { signal, ref = true } = options
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal)
  }
  if (typeof ref !== 'boolean') throw invalidType('options.ref', 'of type boolean', ref)
  return { signal, ref }
}

function checkDelay(delay) {
  if (delay !== undefined && typeof delay !== 'number') throw invalidType('delay', 'of type number', delay)
}

/** A promise that `begin(resolve)` settles later, and that the signal may reject before. */
function cancellable({ signal, ref }, begin, clear) {
  if (signal?.aborted) return NativePromise.reject(new AbortError(signal.reason))
  let onAbort
  const promise = new NativePromise((resolve, reject) => {
    const handle = begin(resolve)
    if (!ref) handle.unref()
    if (signal) {
      onAbort = () => {
        clear(handle)
        reject(new AbortError(signal.reason))
      }
      signal.addEventListener('abort', onAbort, { once: true })
    }
  })
  return signal ? promise.finally(() => signal.removeEventListener('abort', onAbort)) : promise
}

function setTimeout(delay, value, options = {}) {
  try {
    checkDelay(delay)
    const read = readOptions(options)
    return cancellable(read, (resolve) => timers.setTimeout(resolve, delay, value), timers.clearTimeout)
  } catch (error) {
    return NativePromise.reject(error)
  }
}

function setImmediate(value, options = {}) {
  try {
    return cancellable(readOptions(options), (resolve) => setImmediateCallback(resolve, value), clearImmediate)
  } catch (error) {
    return NativePromise.reject(error)
  }
}

async function* setInterval(delay, value, options = {}) {
  checkDelay(delay)
  const { signal, ref } = readOptions(options)
  if (signal?.aborted) throw new AbortError(signal.reason)
  let backlog = 0
  let wake
  const interval = timers.setInterval(() => {
    backlog++
    wake?.()
    wake = undefined
  }, delay)
  if (!ref) interval.unref()
  const onAbort = () => {
    timers.clearInterval(interval)
    wake?.(NativePromise.reject(new AbortError(signal.reason)))
    wake = undefined
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal?.aborted) {
      if (backlog === 0) await new NativePromise((resolve) => (wake = resolve))
      for (; backlog > 0; backlog--) yield value
    }
    throw new AbortError(signal.reason)
  } finally {
    timers.clearInterval(interval)
    signal?.removeEventListener('abort', onAbort)
  }
}

const kScheduler = Symbol('scheduler')

class Scheduler {
  constructor(key) {
    if (key !== kScheduler) throw coded(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor')
    this[kScheduler] = true
  }

  yield() {
    if (!this?.[kScheduler]) throw coded(TypeError, 'ERR_INVALID_THIS', 'Value of "this" must be of type Scheduler')
    return setImmediate()
  }

  wait(delay, options) {
    if (!this?.[kScheduler]) throw coded(TypeError, 'ERR_INVALID_THIS', 'Value of "this" must be of type Scheduler')
    return setTimeout(delay, undefined, options)
  }
}

module.exports = { scheduler: new Scheduler(kScheduler), setImmediate, setInterval, setTimeout }
