'use strict'
// The options of a loop object and of its shutdown: read once, each checked.

const {
  invalidType,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateType,
} = require('./errors')

/** What an option is and how it is checked. */
const boolean = (value, name) => validateType(value, name, 'boolean')
const CHECKS = {
  name: (value, name) => validateType(value, name, 'string'),
  origins: boolean,
  asyncContext: boolean,
  nestedClamp: boolean,
  microtasks: (value, name) => validateOneOf(value, name, ['interleaved', 'batched']),
  microtaskBudget: (value, name) => validateInteger(value, name, 1),
  onError: validateFunction,
  onUnhandledRejection: validateFunction,
  order: (value, name) => validateOneOf(value, name, ['node', 'deadline']),
  missed: (value, name) => validateOneOf(value, name, ['burst', 'delay', 'skip']),
  metrics: checkMetrics,
}

/** Whether, or how, something is measured. */
function checkMetrics(value, name) {
  if (typeof value === 'boolean') return
  validateObject(value, name)
  if (value.lateAfter !== undefined) validateInteger(value.lateAfter, `${name}.lateAfter`, 0)
  if (value.every !== undefined) validateInteger(value.every, `${name}.every`, 1)
}

/** The options given, those checked that are known. */
function readLoopOptions(options) {
  validateObject(options, 'options')
  const given = {}
  for (const [key, check] of Object.entries(CHECKS)) {
    const value = options[key]
    if (value === undefined) continue
    check(value, `options.${key}`)
    given[key] = value
  }
  return given
}

function readShutdownOptions(options) {
  validateObject(options, 'options')
  const { timers = 'drop', timeout, signal } = options
  validateOneOf(timers, 'options.timers', ['drop', 'run'])
  if (timeout !== undefined) validateInteger(timeout, 'options.timeout', 0)
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal)
  }
  return { timers, timeout, signal }
}

module.exports = { readLoopOptions, readShutdownOptions }
