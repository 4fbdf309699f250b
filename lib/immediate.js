'use strict'
// Immediates: the handle, the functions that set and clear one, and how one is run.
//
// JavaScript keeps the batch that runs and behind it the queue, in one row of chunks. Rust learns from a shared word how long
// the queue is, says when it becomes the batch, and keeps what was cleared or unref'd. A pending immediate's slot is its
// index in queue or batch times two, plus the side of that queue. One that is cleared keeps its place until its turn.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')
const binding = require('./binding')
const { LENGTH, freshChunk, nextChunk } = require('./chunk')
const { words, SLOT, QUEUED, TELL } = require('./memory')
const { validateFunction } = require('./errors')
const { forget, kOwner } = require('./owner')
const { checkId, keep, triggerId } = require('./resource')
const { argumentsAfter, kRun } = require('./timeout')
const { uncaught, whenHandled } = require('./uncaught')

const { tellOfImmediate } = binding

const GONE = -1

/** Half of the numbers there are. */
const FAR_FROM_LAST = 2 ** 52

const kSlot = Symbol('slot')
const kCallback = Symbol('callback')
const kRefed = Symbol('refed')

/** Where the next immediate is put. */
let newest = freshChunk()
let next = 0
/** The first one that has not begun. */
let oldest = newest
let first = 0
/** Where the batch ends and the queue begins. */
let border = newest
let borderIndex = 0
/** 0 or 1: the lowest bit of the slots in the queue. */
let side = 0
/** Handles whose number somebody has asked for. */
const known = new Map()

class Immediate extends AsyncResource {
  constructor(callback) {
    super('Immediate', triggerId())
    this[kCallback] = callback
    this[kSlot] = GONE
  }

  /** Where Node's handles have it. */
  get _onImmediate() {
    return this[kCallback]
  }

  set _onImmediate(callback) {
    this[kCallback] = callback
  }

  /** What Node's own clearImmediate asks first. It counts, and must not take a handle of ours for one of Node's. */
  get _destroyed() {
    return true
  }

  ref() {
    if (this?.[kRefed] === false && this[kSlot] >= 0) {
      words[SLOT] = this[kSlot]
      binding.refImmediate()
      this[kRefed] = true
    }
    return this
  }

  unref() {
    if (this?.[kRefed] === true && this[kSlot] >= 0) {
      words[SLOT] = this[kSlot]
      binding.unrefImmediate()
      this[kRefed] = false
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
    if (this[kSlot] >= 0) known.set(this.asyncId(), this)
    return this.asyncId()
  }

  [inspect.custom](_depth, options) {
    const shown = { id: this.asyncId(), ref: this.hasRef(), state: this[kSlot] === GONE ? 'done' : 'pending' }
    return `Immediate ${inspect(shown, options)}`
  }
}

/** One with arguments. A field less makes the others smaller by a ninth, and a burst of them up to a third faster. */
class ImmediateWithArguments extends Immediate {
  constructor(callback, args) {
    super(callback)
    this._argv = args
  }
}

Object.defineProperty(ImmediateWithArguments.prototype, 'constructor', {
  configurable: true,
  writable: true,
  value: Immediate,
})

// Most handles never have values of their own for these.
Immediate.prototype._argv = undefined
Immediate.prototype[kRefed] = true
Immediate.prototype[kOwner] = undefined
Immediate.prototype[kRun] = invoke

Immediate.prototype[Symbol.dispose ?? Symbol.for('nodejs.dispose')] = function () {
  clearImmediate(this)
}

function setImmediate(callback) {
  validateFunction(callback, 'callback')
  if (arguments.length <= 1) return enqueue(new Immediate(callback))
  return enqueue(new ImmediateWithArguments(callback, argumentsAfter(1, arguments)))
}

/** Puts a new immediate into the queue. */
function enqueue(immediate) {
  if (next === LENGTH) addChunk()
  const index = words[QUEUED]
  if (words[TELL] !== 0) tellOf(immediate)
  immediate[kSlot] = index * 2 + side
  words[QUEUED] = index + 1
  newest[next] = immediate
  next++
  return immediate
}

function addChunk() {
  const chunk = freshChunk()
  newest[LENGTH] = chunk
  newest = chunk
  next = 0
}

/**
 * Lets Rust know of the first immediate after a while without. There is time to look at its number, which for each of them
 * costs 2 ns, as long as the last one is many years off.
 */
function tellOf(immediate) {
  const id = immediate.asyncId()
  checkId(id)
  tellOfImmediate()
  if (id > FAR_FROM_LAST) words[TELL] = 1
}

function clearImmediate(immediate) {
  let handle = immediate
  if (typeof immediate === 'number' || typeof immediate === 'string') {
    handle = known.get(Number(immediate))
    if (typeof immediate === 'string' && immediate !== String(handle?.asyncId())) return
  }
  const slot = handle?.[kSlot]
  if (slot === undefined || slot === GONE) return
  words[SLOT] = slot
  binding.clearImmediate()
  if (words[QUEUED] === 0) emptyQueue()
  retire(handle)
  finish(handle)
}

/** It has begun or was cleared. Nothing is pending under its slot any more. */
function retire(immediate) {
  immediate[kSlot] = GONE
  if (known.size !== 0) known.delete(immediate.asyncId())
}

/** All of the queue was cleared. The next immediate is the first one again, for Rust, too. */
function emptyQueue() {
  border.fill(undefined, borderIndex)
  newest = border
  next = borderIndex
}

/** The queue becomes the batch, as Rust has said. */
function cutOff() {
  oldest = border
  first = borderIndex
  border = newest
  borderIndex = next
  side ^= 1
}

/** Takes the next immediate out of the batch; undefined if it was cleared. */
function takeNext() {
  if (first === LENGTH) dropChunk()
  const immediate = oldest[first]
  const isGone = immediate[kSlot] === GONE
  oldest[first] = undefined
  first++
  return isGone ? undefined : immediate
}

/** Whether the next immediate of the batch still waits. */
function nextWaits() {
  if (first === LENGTH) dropChunk()
  return oldest[first][kSlot] !== GONE
}

function dropChunk() {
  oldest = nextChunk(oldest)
  first = 0
}

/** Those that wait, in the order in which they will run. */
function pendingImmediates() {
  const found = []
  for (let chunk = oldest; chunk !== undefined; chunk = chunk[LENGTH]) {
    for (let i = 0; i < LENGTH; i++) {
      const immediate = chunk[i]
      if (immediate instanceof Immediate && immediate[kSlot] !== GONE) found.push(immediate)
    }
  }
  return found
}

/** Runs an immediate in its async context. True if it threw. */
function runImmediate(immediate) {
  retire(immediate)
  return immediate.runInAsyncScope(immediate[kRun], immediate)
}

/** Called with `this` being the immediate, inside its async scope. */
function invoke() {
  const args = this._argv
  try {
    if (args === undefined) this[kCallback]()
    else this[kCallback](...args)
  } catch (error) {
    finish(this)
    uncaught(error)
    return true
  }
  finish(this)
  return false
}

function finish(immediate) {
  immediate[kCallback] = undefined
  if (immediate._argv !== undefined) immediate._argv = undefined
  immediate.emitDestroy()
  if (immediate[kOwner] !== undefined) forget(immediate)
}

/**
 * Does nothing, in its turn. Node sets an immediate after each uncaught exception that was handled, so that the next check
 * phase is not empty; next ticks and microtasks have their turn behind it, as behind any other.
 */
class EmptyImmediate {
  [kSlot] = GONE

  asyncId() {
    return 0
  }

  runInAsyncScope() {
    return false
  }
}

whenHandled(() => enqueue(new EmptyImmediate()))

keep(new Immediate(() => {}), [kCallback])
keep(new ImmediateWithArguments(() => {}, []), [kCallback, '_argv'])

module.exports = {
  Immediate,
  ImmediateWithArguments,
  clearImmediate,
  cutOff,
  enqueue,
  finish,
  kCallback,
  nextWaits,
  pendingImmediates,
  runImmediate,
  setImmediate,
  takeNext,
}
