'use strict'
// delay: a promise the loop settles when its timer is due.

const { clearTimeout, setTimeout } = require('../timeout')
const { AbortError, invalidType } = require('../errors')
const { ChainedPromise, capabilityOf } = require('./core')

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

/** What the timer runs. */
function settle(capability, value, signal, onAbort) {
  signal?.removeEventListener('abort', onAbort)
  capability.resolve(value)
}

function delay(ms, value, options = {}) {
  const capability = capabilityOf(ChainedPromise)
  try {
    if (ms !== undefined && typeof ms !== 'number') throw invalidType('delay', 'of type number', ms)
    const { signal, ref } = readOptions(options)
    if (signal?.aborted) throw new AbortError(signal.reason)
    const onAbort =
      signal &&
      (() => {
        clearTimeout(timer)
        capability.reject(new AbortError(signal.reason))
      })
    const timer = setTimeout(settle, ms, capability, value, signal, onAbort)
    if (!ref) timer.unref()
    signal?.addEventListener('abort', onAbort, { once: true })
  } catch (error) {
    capability.reject(error)
  }
  return capability.promise
}

module.exports = { delay }
