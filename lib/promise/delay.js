'use strict'
// delay: a promise the loop settles when its timer is due.

const { AbortError } = require('../errors')
const { clearTimeout, setTimeout } = require('../timeout')
const { NO_OPTIONS, checkDelay, listen, readOptions } = require('../timer-options')
const { capabilityOf } = require('./capability')
const { ChainedPromise } = require('./core')

/** What the timer runs. */
function settle(capability, value, signal, onAbort) {
  signal?.removeEventListener('abort', onAbort)
  capability.resolve(value)
}

function delay(ms, value, options = NO_OPTIONS) {
  const capability = capabilityOf(ChainedPromise)
  try {
    checkDelay(ms)
    const { signal, ref } = readOptions(options)
    if (signal?.aborted) throw new AbortError(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      capability.reject(new AbortError(signal.reason))
    }
    const timer = setTimeout(settle, ms, capability, value, signal, onAbort)
    if (!ref) timer.unref()
    if (signal !== undefined) listen(signal, onAbort)
  } catch (error) {
    capability.reject(error)
  }
  return capability.promise
}

module.exports = { delay }
