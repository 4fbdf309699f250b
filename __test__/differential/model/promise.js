'use strict'
// Promises as ECMAScript has them, on a queue of microtasks that is given: so that the model counts the very same hops.

const { Refused } = require('./refused')

/** Runs the program's code; what it throws rejects. */
function attempt(code, reject) {
  try {
    code()
  } catch (error) {
    if (error instanceof Refused) throw error
    reject(error)
  }
}

/** `enqueue(job)` queues a microtask; `track(promise, handled)` is told of rejections, and of handlers that come late. */
function makePromise({ enqueue, track }) {
  class ModelPromise {
    #state = 'pending'
    #value
    #reactions = []
    #handled = false

    constructor(executor) {
      const { resolve, reject } = this.#settlers()
      attempt(() => executor(resolve, reject), reject)
    }

    #settlers() {
      let settled = false
      const once = (settle) => (value) => {
        if (settled) return
        settled = true
        settle(value)
      }
      return {
        resolve: once((value) => this.#resolve(value)),
        reject: once((value) => this.#settle('rejected', value)),
      }
    }

    #resolve(value) {
      if (value === this) return this.#settle('rejected', new TypeError('itself'))
      if (!(value instanceof ModelPromise)) return this.#settle('fulfilled', value)
      enqueue(() => {
        const { resolve, reject } = this.#settlers()
        value.then(resolve, reject)
      })
    }

    #settle(state, value) {
      this.#state = state
      this.#value = value
      if (state === 'rejected' && !this.#handled) track(this, false, value)
      for (const reaction of this.#reactions) enqueue(() => reaction(state, value))
      this.#reactions = undefined
    }

    /** `reaction(state, value)` runs as a microtask once this is settled. */
    react(reaction) {
      if (this.#state === 'pending') {
        this.#reactions.push(reaction)
      } else {
        if (this.#state === 'rejected' && !this.#handled) track(this, true)
        enqueue(() => reaction(this.#state, this.#value))
      }
      this.#handled = true
    }

    // biome-ignore lint/suspicious/noThenProperty: it is a promise
    then(onFulfilled, onRejected) {
      return new ModelPromise((resolve, reject) => {
        this.react((state, value) => {
          const handler = state === 'fulfilled' ? onFulfilled : onRejected
          if (!handler) return state === 'fulfilled' ? resolve(value) : reject(value)
          attempt(() => resolve(handler(value)), reject)
        })
      })
    }

    catch(onRejected) {
      return this.then(undefined, onRejected)
    }

    finally(onFinally) {
      const after = (go) => (value) => ModelPromise.resolve(onFinally()).then(() => go(value))
      return this.then(
        after((value) => value),
        after((error) => {
          throw error
        }),
      )
    }

    static resolve(value) {
      return value instanceof ModelPromise ? value : new ModelPromise((resolve) => resolve(value))
    }

    static reject(reason) {
      return new ModelPromise((_, reject) => reject(reason))
    }

    static all(promises) {
      return new ModelPromise((resolve, reject) => {
        const values = []
        let left = promises.length
        if (left === 0) resolve(values)
        for (const [i, promise] of promises.entries()) {
          promise.then((value) => {
            values[i] = value
            if (--left === 0) resolve(values)
          }, reject)
        }
      })
    }

    static race(promises) {
      return new ModelPromise((resolve, reject) => {
        for (const promise of promises) promise.then(resolve, reject)
      })
    }

    /** What `async () => { await value; return continuation() }` gives when it is called. */
    static await(value, continuation) {
      return new ModelPromise((resolve, reject) => {
        ModelPromise.resolve(value).react((state, settled) => {
          if (state === 'rejected') return reject(settled)
          attempt(() => resolve(continuation()), reject)
        })
      })
    }
  }
  return ModelPromise
}

module.exports = { makePromise }
