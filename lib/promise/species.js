'use strict'
// Which constructor makes a derived promise, and promises made by a constructor that is not ours.

const { uncaught } = require('../uncaught')

const { apply, construct } = Reflect

/** The constructor for what is derived from `promise`: `Default`, or what its class asks for. */
function speciesOf(promise, Default) {
  return constructorFor(speciesOfClass(promise.constructor), Default)
}

/** What a class asks for. */
function speciesOfClass(C) {
  if (C === undefined) return undefined
  if (!isObject(C)) throw new TypeError('The constructor of a promise is not an object')
  return C[Symbol.species]
}

function constructorFor(species, Default) {
  if (species === undefined || species === null) return Default
  if (species !== Default && !isConstructor(species)) throw new TypeError('The species of a promise is no constructor')
  return species
}

function isObject(value) {
  return (value !== null && typeof value === 'object') || typeof value === 'function'
}

function isConstructor(value) {
  try {
    construct(Object, [], value)
    return true
  } catch {
    return false
  }
}

/** A promise made by `C`, and the functions `C` has given to settle it. */
class Capability {
  constructor(C) {
    if (!isConstructor(C)) throw new TypeError('A promise can only be made by a constructor')
    let resolve
    let reject
    this.promise = new C((resolveFunction, rejectFunction) => {
      if (resolve !== undefined || reject !== undefined) throw new TypeError('The executor was called before')
      resolve = resolveFunction
      reject = rejectFunction
    })
    if (typeof resolve !== 'function' || typeof reject !== 'function') {
      throw new TypeError('The executor was given no functions')
    }
    this.functions = [resolve, reject]
  }

  resolve(value) {
    apply(this.functions[0], undefined, [value])
  }

  reject(reason) {
    apply(this.functions[1], undefined, [reason])
  }
}

/** The target of a reaction whose derived promise is not ours to settle. */
class Foreign {
  constructor(handlers, capability) {
    this.handlers = handlers
    this.capability = capability
  }

  /** What the last call throws has no other place to go. */
  take(fulfilled, value) {
    try {
      this.settle(fulfilled, value)
    } catch (error) {
      uncaught(error)
    }
  }

  settle(fulfilled, value) {
    const { capability } = this
    const handler = handlerFor(this.handlers, fulfilled)
    if (handler === undefined && !fulfilled) return capability.reject(value)
    try {
      capability.resolve(handler === undefined ? value : handler(value))
    } catch (error) {
      capability.reject(error)
    }
  }
}

/** Both arguments of a `then`. One without a function for rejections is the first argument alone. */
class Handlers {
  constructor(onFulfilled, onRejected) {
    this.onFulfilled = onFulfilled
    this.onRejected = onRejected
  }
}

/** The one that is to be called, if any. */
function handlerFor(handlers, fulfilled) {
  if (typeof handlers === 'function') return fulfilled ? handlers : undefined
  return handlers instanceof Handlers ? handlerOf(handlers, fulfilled) : undefined
}

function handlerOf({ onFulfilled, onRejected }, fulfilled) {
  if (!fulfilled) return onRejected
  return typeof onFulfilled === 'function' ? onFulfilled : undefined
}

module.exports = { Capability, Foreign, Handlers, constructorFor, handlerFor, isObject, speciesOf, speciesOfClass }
