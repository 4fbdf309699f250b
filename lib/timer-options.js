'use strict'
// The delay and the options of functions that give a promise: how they are checked, and how a signal is listened to.

const events = require('node:events')
const { invalidType } = require('./errors')

const NO_OPTIONS = Object.freeze(Object.create(null))

/**
 * Node's own way to listen comes first, because other listeners cannot stop the event before it gets there. Absent
 * before Node 20.5.
 */
const listen =
  events.addAbortListener ?? ((signal, onAbort) => signal.addEventListener('abort', onAbort, { once: true }))

function checkDelay(delay) {
  if (delay !== undefined && typeof delay !== 'number') throw invalidType('delay', 'of type number', delay, checkDelay)
}

function readOptions(options) {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw invalidType('options', 'of type object', options, readOptions)
  }
  const { signal, ref = true } = options
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal, readOptions)
  }
  if (typeof ref !== 'boolean') throw invalidType('options.ref', 'of type boolean', ref, readOptions)
  return { signal, ref }
}

module.exports = { NO_OPTIONS, checkDelay, listen, readOptions }
