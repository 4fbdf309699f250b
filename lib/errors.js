'use strict'
// Errors with the classes, codes and words Node uses, and those of our own. One table; nothing else makes errors.

const { inspect } = require('node:util')

/** What Node's own message says was received instead. */
function received(value) {
  if (value == null) return ` Received ${value}`
  if (typeof value === 'function') return ` Received function ${value.name}`
  if (typeof value === 'object') {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`
    return ` Received ${inspect(value, { depth: -1 })}`
  }
  let shown = inspect(value, { colors: false })
  if (shown.length > 28) shown = `${shown.slice(0, 25)}...`
  return ` Received type ${typeof value} (${shown})`
}

/** An error as Node makes them: its code in the stack's first line, and as a property. */
function coded(Base, code, message, options) {
  const error = new Base(message, options)
  error.code = code
  const name = error.name
  error.name = `${name} [${code}]`
  void error.stack
  delete error.name
  if (error.name !== name) error.name = name
  return error
}

function invalidType(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument'
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}.${received(value)}`)
}

function validateFunction(value, name) {
  if (typeof value !== 'function') throw invalidType(name, 'of type function', value)
}

class AbortError extends Error {
  constructor(cause) {
    super('The operation was aborted', cause === undefined ? undefined : { cause })
    this.code = 'ABORT_ERR'
    this.name = 'AbortError'
  }
}

module.exports = { AbortError, coded, invalidType, validateFunction }
