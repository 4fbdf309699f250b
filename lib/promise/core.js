'use strict'
// ChainedPromise: the object, its constructor and `then`, and what settles it. What else the class has is beside this
// file. Rust keeps the state; here are the value and what reactions lead to, which reactions.js lets run.
//
// `#state` is the slot of a pending promise, plus LOCKED if a resolving function has been called; or FULFILLED, REJECTED,
// or UNHANDLED minus the slot.
// `#value` is the value or the reason; of a pending promise its reactions: none, one, or an array of them; of one whose
// rejection nobody handles, a Rejection.

const { inspect } = require('node:util')
const { lockPromise, fulfillPromise, rejectPromise } = require('../binding')
const { enqueue } = require('../jobs')
const { mayHaveContext } = require('../listening')
const { keep } = require('../resource')
const { Job, Reaction, reactBy, start, withOthers } = require('./reactions')
const { Rejection } = require('./rejections')
const {
  ANSWER,
  KEY,
  SLOT,
  call,
  clearSlot,
  noteReaction,
  noteSettled,
  releaseSlot,
  takeSlot,
  words,
} = require('./slots')
const {
  Capability,
  Foreign,
  Handlers,
  constructorFor,
  handlerFor,
  isObject,
  speciesOf,
  speciesOfClass,
} = require('./species')

const { apply } = Reflect

const FULFILLED = -1
const REJECTED = -2
const UNHANDLED = -3
const LOCKED = 2 ** 29

// Answers of Rust that are not a number of reactions.
const TOO_LATE = 0xffffffff
const NOT_HANDLED = 0xfffffffe

/** The key of the first pair of resolving functions, and of a promise that has none. */
const FIRST = 0

/** In place of an executor: a promise that is settled from in here. */
const SETTLED_HERE = () => {}

/** In place of a value: there is none yet. */
const PENDING = Symbol('pending')

/** In place of handlers: the target of the reaction takes the outcome itself. */
const SINK = Symbol('sink')

/** A promise follows a thenable. Calling its `then` takes a tick. */
class Following {
  constructor(promise, key, thenable, then) {
    this.promise = promise
    this.key = key
    this.thenable = thenable
    this.theirThen = then
  }

  run() {
    const { promise, key, thenable, theirThen: then } = this
    try {
      if (then === chainedThen && isChained(thenable) && speciesOf(thenable, ChainedPromise) === ChainedPromise) {
        attach(thenable, SINK, this)
      } else {
        apply(then, thenable, resolvingFunctions(promise, key))
      }
    } catch (error) {
      reject(promise, error, key)
    }
  }

  /** The thenable is one of ours and is settled. */
  take(fulfilled, value) {
    if (fulfilled) resolve(this.promise, value, this.key)
    else reject(this.promise, value, this.key)
  }
}

// Inside of the class, for the functions around it.
let attach
let fulfill
let isChained
/** What `value` comes to if that is certain and nobody's code is asked: it is no promise, or a plain fulfilled one. */
let knownOutcome
let lock
let reject
let stateOf
let valueOf

class ChainedPromise {
  #state
  #value = undefined

  constructor(executor) {
    if (typeof executor !== 'function') refuse(executor)
    this.#state = takeSlot(this)
    if (executor !== SETTLED_HERE) execute(this, executor)
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise has one
  then(onFulfilled, onRejected) {
    if (!isChained(this)) refuseThen(this)
    const handlers = typeof onRejected === 'function' ? new Handlers(onFulfilled, onRejected) : onFulfilled
    const C = this.constructor
    const species = C === ChainedPromise ? C[Symbol.species] : speciesOfClass(C)
    if (species !== ChainedPromise) return thenForeign(this, handlers, species)
    const child = new ChainedPromise(SETTLED_HERE)
    attach(this, handlers, child)
    return child
  }

  static {
    isChained = (value) => value !== null && typeof value === 'object' && #state in value

    attach = (promise, handlers, target) => {
      if (promise.#state < 0) return attachSettled(promise, handlers, target)
      const reaction = mayHaveContext() ? new Reaction(handlers, target) : new Job(handlers, target)
      const state = promise.#state
      // Async hooks have been called, and may have settled the promise.
      if (state < 0) return attachSettled(promise, handlers, target)
      noteReaction(slotOf(state))
      promise.#value = promise.#value === undefined ? reaction : withOthers(promise.#value, reaction)
    }

    const attachSettled = (promise, handlers, target) => {
      if (promise.#state <= UNHANDLED) markHandled(promise)
      enqueue(new Job(handlers, target), promise)
    }

    /** Somebody waits for a promise that is rejected, which nobody did. */
    const markHandled = (promise) => {
      const rejection = promise.#value
      releaseSlot(UNHANDLED - promise.#state)
      promise.#state = REJECTED
      promise.#value = rejection.reason
      rejection.handle()
    }

    reactBy((reaction, source) => {
      const { handlers, target } = reaction
      const value = source.#value
      const fulfilled = source.#state === FULFILLED
      if (handlers === SINK) {
        target.take(fulfilled, value)
        return
      }
      const handler = handlerFor(handlers, fulfilled)
      let result = value
      if (handler !== undefined) {
        try {
          result = handler(value)
        } catch (error) {
          reject(target, error, FIRST)
          return
        }
      } else if (!fulfilled) {
        reject(target, value, FIRST)
        return
      }
      if (isObject(result)) resolve(target, result, FIRST)
      else fulfill(target, result, FIRST)
    })

    /** Locks a promise in. The key of whoever settles it then, or TOO_LATE. */
    lock = (promise, key) => {
      const state = promise.#state
      if (state < 0) return TOO_LATE
      if (state < LOCKED) promise.#state = state + LOCKED
      return ask(lockPromise, state, key)
    }

    fulfill = (promise, value, key) => {
      const state = promise.#state
      if (state < 0) return
      if (state < LOCKED) noteSettled(state)
      else if (ask(fulfillPromise, state, key) === TOO_LATE) return
      settle(promise, FULFILLED, value)
    }

    reject = (promise, reason, key) => {
      const state = promise.#state
      if (state < 0) return
      if (state < LOCKED && promise.#value !== undefined) {
        noteSettled(state)
      } else {
        const answer = ask(rejectPromise, state, key)
        if (answer === TOO_LATE) return
        if (answer === NOT_HANDLED) {
          leaveUnhandled(promise, reason)
          return
        }
      }
      settle(promise, REJECTED, reason)
    }

    const leaveUnhandled = (promise, reason) => {
      const rejection = new Rejection(promise, reason)
      promise.#state = UNHANDLED - slotOf(promise.#state)
      promise.#value = rejection
      rejection.report()
    }

    const settle = (promise, state, value) => {
      clearSlot(slotOf(promise.#state))
      const reactions = promise.#value
      promise.#state = state
      promise.#value = value
      if (reactions !== undefined) start(reactions, promise)
    }

    knownOutcome = (value) => {
      if (!isChained(value)) return isObject(value) ? PENDING : value
      const known = value.#state === FULFILLED && value.constructor === ChainedPromise && value.then === chainedThen
      return known ? value.#value : PENDING
    }

    stateOf = (promise) => {
      const state = promise.#state
      return state >= 0 ? 'pending' : state === FULFILLED ? 'fulfilled' : 'rejected'
    }

    /** The value or the reason; undefined while pending. */
    valueOf = (promise) => {
      const state = promise.#state
      return state >= 0 ? undefined : state <= UNHANDLED ? promise.#value.reason : promise.#value
    }
  }
}

const chainedThen = ChainedPromise.prototype.then

// The functions below are apart from the hot ones so that V8 can inline those.

function refuse(executor) {
  throw new TypeError(`Promise resolver ${inspect(executor)} is not a function`)
}

function refuseThen(receiver) {
  throw new TypeError(`then was called on ${inspect(receiver)}, which is no ChainedPromise`)
}

function execute(promise, executor) {
  try {
    executor(resolvingFunction(promise, FIRST), rejectingFunction(promise, FIRST))
  } catch (error) {
    reject(promise, error, FIRST)
  }
}

/** `then` where the class asks for another constructor than ours. */
function thenForeign(promise, handlers, species) {
  const capability = new Capability(constructorFor(species, ChainedPromise))
  attach(promise, SINK, new Foreign(handlers, capability))
  return capability.promise
}

/** The slot of a pending promise. */
function slotOf(state) {
  return state & (LOCKED - 1)
}

/** What Rust answers about a pending promise. */
function ask(what, state, key) {
  words[SLOT] = slotOf(state)
  words[KEY] = key
  call(what)
  return words[ANSWER]
}

/** Settles `promise` with `value`, or as `value` is settled if that is a thenable. */
function resolve(promise, value, key) {
  let then
  if (isObject(value)) {
    if (value === promise) {
      return reject(promise, new TypeError('Chaining cycle detected for promise #<ChainedPromise>'), key)
    }
    try {
      then = value.then
    } catch (error) {
      return reject(promise, error, key)
    }
  }
  if (typeof then === 'function') enqueue(new Following(promise, key, value, then), undefined)
  else fulfill(promise, value, key)
}

/** A pair of resolving functions. The first call of either locks the promise in. They have no names, as in the language. */
function resolvingFunctions(promise, key) {
  return [resolvingFunction(promise, key), rejectingFunction(promise, key)]
}

function resolvingFunction(promise, key) {
  return (value) => {
    if (isObject(value)) resolveLocked(promise, value, key)
    else fulfill(promise, value, key)
  }
}

function rejectingFunction(promise, key) {
  return (reason) => {
    reject(promise, reason, key)
  }
}

function createPromise() {
  return new ChainedPromise(SETTLED_HERE)
}

function resolveLocked(promise, value, key) {
  const own = lock(promise, key)
  if (own !== TOO_LATE) resolve(promise, value, own)
}

const settled = createPromise()
resolve(settled, undefined, FIRST)
keep(settled, [])
keep(new Reaction(undefined, settled), ['handlers'])
keep(new Job(undefined, settled), ['handlers'])

module.exports = {
  ChainedPromise,
  FIRST,
  PENDING,
  SINK,
  attach,
  chainedThen,
  createPromise,
  isChained,
  knownOutcome,
  reject,
  resolve,
  resolvingFunctions,
  stateOf,
  valueOf,
}
