'use strict'
// Immediates: the handle, the functions that set and clear one, and how one is run.
// As with timers, JavaScript keeps the callback, and Rust knows a pending immediate as a slot.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')
const binding = require('./binding')
const { words, SLOT } = require('./memory')
const { validateFunction } = require('./errors')
const { nextId } = require('./ids')
const { argumentsAfter } = require('./timeout')

const { reportUncaught } = binding
const setImmediateSlot = binding.setImmediate

const GONE = -1

const kSlot = Symbol('slot')
const kRefed = Symbol('refed')
const kId = Symbol('id')

const RESOURCE = { requireManualDestroy: true }

/** @type {(Immediate | undefined)[]} */
const pending = []
/** Handles whose number somebody has asked for. */
const known = new Map()

class Immediate extends AsyncResource {
  constructor(callback, args) {
    const id = nextId()
    super('Immediate', RESOURCE)
    this._onImmediate = callback
    this._argv = args
    this[kId] = id
    this[kRefed] = true
    setImmediateSlot()
    const slot = words[SLOT]
    this[kSlot] = slot
    pending[slot] = this
  }

  get _destroyed() {
    return this[kSlot] === GONE
  }

  ref() {
    if (this?.[kRefed] === false && this[kSlot] >= 0) {
      this[kRefed] = true
      words[SLOT] = this[kSlot]
      binding.refImmediate()
    }
    return this
  }

  unref() {
    if (this?.[kRefed] === true && this[kSlot] >= 0) {
      this[kRefed] = false
      words[SLOT] = this[kSlot]
      binding.unrefImmediate()
    }
    return this
  }

  hasRef() {
    return this[kRefed] && this[kSlot] >= 0
  }

  close() {
    clearImmediate(this)
    return this
  }

  [Symbol.toPrimitive]() {
    if (this[kSlot] >= 0) known.set(this[kId], this)
    return this[kId]
  }

  [inspect.custom](_depth, options) {
    const shown = { id: this[kId], ref: this.hasRef(), state: this[kSlot] === GONE ? 'done' : 'pending' }
    return `Immediate ${inspect(shown, options)}`
  }
}

Object.defineProperty(Immediate.prototype, Symbol.dispose ?? Symbol.for('nodejs.dispose'), {
  configurable: true,
  writable: true,
  value() {
    clearImmediate(this)
  },
})

function setImmediate(callback) {
  validateFunction(callback, 'callback')
  return new Immediate(callback, arguments.length > 1 ? argumentsAfter(1, arguments) : undefined)
}

function clearImmediate(immediate) {
  let handle = immediate
  if (typeof immediate === 'number' || typeof immediate === 'string') {
    handle = known.get(Number(immediate))
    if (typeof immediate === 'string' && immediate !== String(handle?.[kId])) return
  }
  const slot = handle?.[kSlot]
  if (slot === undefined || slot === GONE) return
  words[SLOT] = slot
  binding.clearImmediate()
  pending[slot] = undefined
  retire(handle)
  finish(handle)
}

/** It has begun or was cleared. Nothing is pending under its slot any more. */
function retire(immediate) {
  immediate[kSlot] = GONE
  if (known.size !== 0) known.delete(immediate[kId])
}

/** Runs an immediate in its async context. True if it threw. */
function runImmediate(immediate) {
  retire(immediate)
  return immediate.runInAsyncScope(invoke, immediate)
}

/** Called with `this` being the immediate, inside its async scope. */
function invoke() {
  const args = this._argv
  try {
    if (args === undefined) this._onImmediate()
    else this._onImmediate(...args)
  } catch (error) {
    finish(this)
    reportUncaught(error)
    return true
  }
  finish(this)
  return false
}

function finish(immediate) {
  immediate._onImmediate = undefined
  immediate._argv = undefined
  immediate.emitDestroy()
}

module.exports = { Immediate, clearImmediate, pending, runImmediate, setImmediate }
