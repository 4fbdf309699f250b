'use strict'
// What the constructor has: promises that are settled already, or by somebody else.

const { capabilityOf } = require('./capability')
const { ChainedPromise, isChained } = require('./core')
const { isObject } = require('./species')

const { apply } = Reflect

/** The language's PromiseResolve: `value` itself if it is a promise of `C`, or a promise of `C` resolved with it. */
function resolveAs(C, value) {
  if (isChained(value) && value.constructor === C) return value
  const capability = capabilityOf(C)
  capability.resolve(value)
  return capability.promise
}

const statics = {
  resolve(value) {
    if (!isObject(this)) throw new TypeError('resolve was called on something that is no constructor')
    return resolveAs(this, value)
  },

  reject(reason) {
    const capability = capabilityOf(this)
    capability.reject(reason)
    return capability.promise
  },

  withResolvers() {
    const { promise, functions } = capabilityOf(this)
    return { promise, resolve: functions[0], reject: functions[1] }
  },

  try(callback, ...args) {
    if (!isObject(this)) throw new TypeError('try was called on something that is no constructor')
    const capability = capabilityOf(this)
    let result
    try {
      result = apply(callback, undefined, args)
    } catch (error) {
      capability.reject(error)
      return capability.promise
    }
    capability.resolve(result)
    return capability.promise
  },

  get [Symbol.species]() {
    return this
  },
}

for (const key of Reflect.ownKeys(statics)) {
  const descriptor = Object.getOwnPropertyDescriptor(statics, key)
  Object.defineProperty(ChainedPromise, key, { ...descriptor, enumerable: false })
}

module.exports = { resolveAs }
