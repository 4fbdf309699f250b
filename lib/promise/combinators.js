'use strict'
// all, allSettled, any and race.
//
// An input that is one of ours gets a reaction that writes its outcome down, without a promise or a function of its own.
// Inputs of an array that are settled already and side by side share a ticket: nothing can come between their ticks.

const {
  ChainedPromise,
  SINK,
  attach,
  capabilityOf,
  chainedThen,
  isChained,
  markHandled,
  stateOf,
  valueOf,
} = require('./core')
const { enqueue } = require('./jobs')
const { speciesOf } = require('./species')
const { resolveAs } = require('./statics')

const { apply } = Reflect
const ownResolve = ChainedPromise.resolve
const arrayValues = Array.prototype[Symbol.iterator]
const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]())
const arrayNext = arrayIterator.next

/** The common part of `all`, `allSettled` and `any`: one outcome of each input, in their order. */
class Aggregate {
  constructor(capability) {
    this.capability = capability
    this.outcomes = []
    this.left = 1
  }

  add() {
    this.left++
    return this.outcomes.push(undefined) - 1
  }

  write(index, outcome) {
    this.outcomes[index] = outcome
    this.countDown()
  }

  countDown() {
    if (--this.left === 0) this.finish()
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
  settle(index, fulfilled, value) {
    if (fulfilled) this.write(index, value)
    else this.capability.reject(value)
  }

  functions(index) {
    return [this.once(index, true), this.capability.functions[1]]
  }
}

class AllSettled extends Aggregate {
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

/** Inputs that are settled, side by side. */
class SettledInputs {
  constructor(aggregate, first) {
    this.aggregate = aggregate
    this.first = first
    this.promises = []
  }

  run() {
    const { aggregate, first, promises } = this
    for (let i = 0; i < promises.length; i++) {
      const promise = promises[i]
      aggregate.settle(first + i, stateOf(promise) === 'fulfilled', valueOf(promise))
    }
  }
}

function combine(C, iterable, Kind) {
  const capability = capabilityOf(C)
  try {
    const promiseResolve = C.resolve
    if (typeof promiseResolve !== 'function') throw new TypeError('The constructor has no resolve function')
    const aggregate = new Kind(capability)
    const own = C === ChainedPromise && promiseResolve === ownResolve
    const undisturbed =
      Array.isArray(iterable) && iterable[Symbol.iterator] === arrayValues && arrayIterator.next === arrayNext
    let settled
    for (const value of iterable) {
      const promise = own ? resolveAs(C, value) : apply(promiseResolve, C, [value])
      const index = aggregate.add()
      const { then } = promise
      if (then !== chainedThen || !isChained(promise) || speciesOf(promise, ChainedPromise) !== ChainedPromise) {
        settled = undefined
        apply(then, promise, aggregate.functions(index))
      } else if (!own || !undisturbed || stateOf(promise) === 'pending') {
        settled = undefined
        attach(promise, SINK, new Input(aggregate, index))
      } else {
        if (settled === undefined) {
          settled = new SettledInputs(aggregate, index)
          enqueue(settled)
        }
        markHandled(promise)
        settled.promises.push(promise)
      }
    }
    aggregate.countDown()
  } catch (error) {
    capability.reject(error)
  }
  return capability.promise
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
