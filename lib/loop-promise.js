'use strict'
// The promises of a loop object: a class of promises bound to it, and `delay`.

const { AbortError, closed } = require('./errors')
const { kGiveUp, kOwner } = require('./owner')
const { capabilityOf } = require('./promise/capability')
const { ChainedPromise } = require('./promise')
const { clearTimeout } = require('./timeout')
const { NO_OPTIONS, checkDelay, listen, readOptions } = require('./timer-options')

/** A class of promises whose unhandled rejections `loop` hears of first. */
function promiseClassOf(loop) {
  const LoopPromise = class extends ChainedPromise {}
  Object.defineProperty(LoopPromise, 'name', { configurable: true, value: ChainedPromise.name })
  Object.defineProperty(LoopPromise.prototype, kOwner, { value: loop })
  return LoopPromise
}

/** `set(callback, ms)` sets a timer of the loop object. */
function delay(loop, set, ms, value, options = NO_OPTIONS) {
  const capability = capabilityOf(loop.Promise)
  let timer
  try {
    checkDelay(ms)
    const { signal, ref } = readOptions(options)
    if (signal?.aborted) throw new AbortError(signal.reason)
    const end = () => signal?.removeEventListener('abort', onAbort)
    timer = set(() => {
      capability.resolve(value)
      end()
    }, ms)
    const onAbort = () => {
      capability.reject(new AbortError(signal.reason))
      clearTimeout(timer)
    }
    timer[kGiveUp] = () => {
      end()
      const isEnding = loop.state === 'terminating' || loop.state === 'terminated'
      capability.reject(isEnding ? closed(loop.name) : new AbortError())
    }
    if (!ref) timer.unref()
    if (signal !== undefined) listen(signal, onAbort)
  } catch (error) {
    capability.reject(error)
    if (timer !== undefined) drop(timer)
  }
  return capability.promise
}

/** Ends a timer that nobody waits for. */
function drop(timer) {
  timer[kGiveUp] = () => {}
  clearTimeout(timer)
}

module.exports = { delay, promiseClassOf }
