'use strict'
// all, allSettled, any and race.
//
// An input that is one of ours gets a reaction that writes its outcome down, without a promise or a function of its own.
// The inputs an array begins with share a ticket if they are fulfilled: nothing can come between their ticks.

const { enqueue } = require('../jobs')
const { capabilityOf } = require('./capability')
const { ChainedPromise, PENDING, SINK, attach, chainedThen, isChained, knownOutcome } = require('./core')
const { speciesOf } = require('./species')
const { resolveAs } = require('./statics')

const { apply, defineProperty } = Reflect
const ownResolve = ChainedPromise.resolve
const arrayValues = Array.prototype[Symbol.iterator]
const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]())
const arrayNext = arrayIterator.next

/** The common part of `all`, `allSettled` and `any`: one outcome of each input, in their order. */
class Aggregate {
  constructor(capability, room) {
    this.capability = capability
    this.outcomes = room
    this.count = 0
    this.left = 1
  }

  /** Adds an input whose outcome is not known yet. */
  add() {
    // Defined, not set: an array's indices may have setters further up.
    defineProperty(this.outcomes, this.count, {
      configurable: true,
      enumerable: true,
      value: undefined,
      writable: true,
    })
    this.left++
    return this.count++
  }

  write(index, outcome) {
    this.outcomes[index] = outcome
    this.countDown(1)
  }

  countDown(count) {
    this.left -= count
    if (this.left > 0) return
    if (this.outcomes.length !== this.count) this.outcomes.length = this.count
    this.finish()
  }

  finish() {
    this.capability.resolve(this.outcomes)
  }

  /** A function for inputs that are not ours, which writes the outcome of `index` at its first call. */
  once(index, fulfilled) {
    let called = false
    return (value) => {
      if (called) return
      called = true
      this.settle(index, fulfilled, value)
    }
  }
}

class All extends Aggregate {
  static outcomeOf = (value) => value

  settle(index, fulfilled, value) {
    if (fulfilled) this.write(index, value)
    else this.capability.reject(value)
  }

  functions(index) {
    return [this.once(index, true), this.capability.functions[1]]
  }
}

class AllSettled extends Aggregate {
  static outcomeOf = (value) => ({ status: 'fulfilled', value })

  settle(index, fulfilled, value) {
    this.write(index, fulfilled ? { status: 'fulfilled', value } : { status: 'rejected', reason: value })
  }

  functions(index) {
    let called = false
    const function_ = (fulfilled) => (value) => {
      if (called) return
      called = true
      this.settle(index, fulfilled, value)
    }
    return [function_(true), function_(false)]
  }
}

class Any extends Aggregate {
  settle(index, fulfilled, value) {
    if (fulfilled) this.capability.resolve(value)
    else this.write(index, value)
  }

  finish() {
    this.capability.reject(new AggregateError(this.outcomes, 'All promises were rejected'))
  }

  functions(index) {
    return [this.capability.functions[0], this.once(index, false)]
  }
}

class Race {
  constructor(capability) {
    this.capability = capability
  }

  add() {}

  countDown() {}

  settle(_, fulfilled, value) {
    if (fulfilled) this.capability.resolve(value)
    else this.capability.reject(value)
  }

  functions() {
    return this.capability.functions
  }
}

/** The target of the reaction to one input. */
class Input {
  constructor(aggregate, index) {
    this.aggregate = aggregate
    this.index = index
  }

  take(fulfilled, value) {
    this.aggregate.settle(this.index, fulfilled, value)
  }
}

/** The inputs an array begins with, if they are fulfilled: what is left to do is counting them, at their tick. */
class Fulfilled {
  constructor(aggregate, count) {
    this.aggregate = aggregate
    this.count = count
  }

  run() {
    this.aggregate.countDown(this.count)
  }
}

function combine(C, iterable, Kind) {
  const capability = capabilityOf(C)
  try {
    const promiseResolve = C.resolve
    if (typeof promiseResolve !== 'function') throw new TypeError('The constructor has no resolve function')
    const own = C === ChainedPromise && promiseResolve === ownResolve
    if (own && Kind.outcomeOf !== undefined && C[Symbol.species] === C && isPlainArray(iterable)) {
      combineArray(new Kind(capability, [...iterable]), iterable, Kind.outcomeOf)
    } else {
      const aggregate = new Kind(capability, [])
      for (const value of iterable) addInput(aggregate, own ? resolveAs(C, value) : apply(promiseResolve, C, [value]))
      aggregate.countDown(1)
    }
  } catch (error) {
    capability.reject(error)
  }
  return capability.promise
}

/** The same for an array of anything and our own class. The outcomes known at once are written at once. */
function combineArray(aggregate, array, outcomeOf) {
  const { outcomes } = aggregate
  let index = 0
  for (; index < array.length; index++) {
    const known = knownOutcome(array[index])
    if (known === PENDING) break
    outcomes[index] = outcomeOf(known)
  }
  aggregate.count = index
  aggregate.left += index
  if (index > 0) enqueue(new Fulfilled(aggregate, index), undefined)
  for (; index < array.length; index++) addInput(aggregate, resolveAs(ChainedPromise, array[index]))
  aggregate.countDown(1)
}

function addInput(aggregate, promise) {
  const index = aggregate.add()
  const { then } = promise
  if (then === chainedThen && isChained(promise) && speciesOf(promise, ChainedPromise) === ChainedPromise) {
    attach(promise, SINK, new Input(aggregate, index))
  } else {
    apply(then, promise, aggregate.functions(index))
  }
}

/** Whether going through it runs nobody's code. */
function isPlainArray(value) {
  return Array.isArray(value) && value[Symbol.iterator] === arrayValues && arrayIterator.next === arrayNext
}

const combinators = {
  all(iterable) {
    return combine(this, iterable, All)
  },

  allSettled(iterable) {
    return combine(this, iterable, AllSettled)
  },

  any(iterable) {
    return combine(this, iterable, Any)
  },

  race(iterable) {
    return combine(this, iterable, Race)
  },
}

for (const [name, value] of Object.entries(combinators)) {
  Object.defineProperty(ChainedPromise, name, { configurable: true, enumerable: false, value, writable: true })
}
