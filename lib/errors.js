'use strict'
// Errors with the classes, codes and words Node uses, and those of our own. Nothing else makes errors.

const { basename } = require('node:path')
const { getSystemErrorMap, inspect } = require('node:util')

const SHOWN_OF_A_STRING = 28
const MAX_FD = 2 ** 31 - 1

/** What Node's own message says was received instead. */
function received(value) {
  if (value == null) return ` Received ${value}`
  if (typeof value === 'function') return ` Received function ${value.name}`
  if (typeof value === 'object') {
    const { constructor } = value
    if (isNamed(constructor)) return ` Received an instance of ${constructor.name}`
    return ` Received ${inspect(value, { depth: -1 })}`
  }
  return ` Received type ${typeof value} (${typeof value === 'string' ? quoted(value) : inspect(value)})`
}

let onlyByText

/** Whether Node's messages tell of the class: in older ones if it has a name of any kind, in newer ones if that says anything. */
function isNamed(constructor) {
  onlyByText ??= asksForText()
  if (onlyByText) return typeof constructor?.name === 'string' && constructor.name !== ''
  return constructor && 'name' in constructor
}

/** That came in the middle of Node 24, so it is Node that is asked, once. */
function asksForText() {
  try {
    basename({ constructor: { name: '' } })
  } catch (error) {
    return !error.message.endsWith(' instance of ')
  }
  return true
}

/** A string as Node's messages show it: the beginning of a long one, in quotes that it does not contain. */
function quoted(value) {
  const shown = value.length > SHOWN_OF_A_STRING ? `${value.slice(0, SHOWN_OF_A_STRING - 3)}...` : value
  return shown.includes("'") ? JSON.stringify(shown) : `'${shown}'`
}

/** As text, an error of Node's shows its code. */
function toString() {
  return `${this.name} [${this.code}]: ${this.message}`
}

/** What errors with codes inherit from, by their class. */
const prototypes = new Map(
  [Error, RangeError, TypeError].map((Base) => [
    Base,
    Object.create(Base.prototype, { toString: { value: toString, writable: true, configurable: true } }),
  ]),
)

/** An error as Node makes them: its code in the stack's first line, and as a property. The stack ends below `top`. */
function coded(Base, code, message, top = coded) {
  const error = Object.setPrototypeOf(new Base(message), prototypes.get(Base))
  error.code = code
  // The first line of a stack is made from the name when the stack is first read.
  error.name = `${error.name} [${code}]`
  Error.captureStackTrace(error, top)
  void error.stack
  delete error.name
  return error
}

function invalidType(name, expected, value, top = invalidType) {
  const kind = name.includes('.') ? 'property' : 'argument'
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}.${received(value)}`, top)
}

/** A property of `options` that is none of the values it may have. */
function validateOneOf(value, name, values) {
  if (values.includes(value)) return
  const expected = values.map((one) => inspect(one)).join(', ')
  const message = `The property '${name}' must be one of: ${expected}. Received ${inspect(value)}`
  throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', message, validateOneOf)
}

function validateType(value, name, type) {
  if (typeof value !== type) throw invalidType(name, `of type ${type}`, value, validateType)
}

function validateObject(value, name) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw invalidType(name, 'of type object', value, validateObject)
  }
}

/** A whole number of at least `least`. */
function validateInteger(value, name, least) {
  validateType(value, name, 'number')
  if (Number.isSafeInteger(value) && value >= least) return
  const message = `The value of "${name}" is out of range. It must be an integer >= ${least}. Received ${inspect(value)}`
  throw coded(RangeError, 'ERR_OUT_OF_RANGE', message, validateInteger)
}

/** A whole number that could be that of a file descriptor. */
function validateFd(value, name) {
  validateType(value, name, 'number')
  if (Number.isInteger(value) && value >= 0 && value <= MAX_FD) return
  const expected = Number.isInteger(value) ? `>= 0 && <= ${MAX_FD}` : 'an integer'
  const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${value}`
  throw coded(RangeError, 'ERR_OUT_OF_RANGE', message, validateFd)
}

function validateFunction(value, name) {
  if (typeof value !== 'function') throw invalidType(name, 'of type function', value, validateFunction)
}

/** An error of the system, by its number. */
function systemError(errno, syscall) {
  const [code, words] = getSystemErrorMap().get(-errno) ?? ['UNKNOWN', 'unknown error']
  const error = new Error(`${code}: ${words}, ${syscall}`)
  return Object.assign(error, { errno: -errno, code, syscall })
}

/** The loop object of this name is closed. */
function closed(name) {
  return coded(Error, 'ERR_LOOP_CLOSED', `The event loop '${name}' is closed`, closed)
}

class AbortError extends Error {
  constructor(cause) {
    super('The operation was aborted', { cause })
    this.code = 'ABORT_ERR'
    this.name = 'AbortError'
  }
}

module.exports = {
  AbortError,
  closed,
  coded,
  invalidType,
  systemError,
  validateFd,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateType,
}
