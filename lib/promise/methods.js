'use strict'
// What a ChainedPromise has besides `then`: `catch`, `finally`, its state in plain view, and how it is printed.

const { inspect } = require('node:util')
const { NativePromise } = require('../native-promise')
const { ChainedPromise, isChained, stateOf, valueOf } = require('./core')
const { isObject, speciesOf } = require('./species')
const { resolveAs } = require('./statics')

function check(promise, name) {
  if (!isChained(promise)) throw new TypeError(`${name} was called on something that is no ChainedPromise`)
}

/** Native promises that are printed in place of ours: the same one each time, so that circles are seen. */
const standIns = new WeakMap()

function standInFor(promise) {
  const state = stateOf(promise)
  const known = standIns.get(promise)
  const standIn = known?.state === state ? known.standIn : nativeLike(state, holderOf(valueOf(promise)))
  if (standIn !== known?.standIn) standIns.set(promise, { state, standIn })
  for (const key of Reflect.ownKeys(standIn)) if (!Object.hasOwn(promise, key)) delete standIn[key]
  const prototype = Object.getPrototypeOf(promise)
  const tag = { value: prototype?.constructor?.name }
  Object.setPrototypeOf(standIn, Object.create(prototype, { [Symbol.toStringTag]: tag }))
  return Object.defineProperties(standIn, Object.getOwnPropertyDescriptors(promise))
}

function nativeLike(state, value) {
  if (state === 'pending') return new NativePromise(() => {})
  if (state === 'fulfilled') return NativePromise.resolve(value)
  const standIn = NativePromise.reject(value)
  standIn.catch(() => {})
  return standIn
}

/** Printed as the value is, and never a thenable. */
function holderOf(value) {
  return isObject(value) ? { __proto__: null, [inspect.custom]: () => value } : value
}

const methods = {
  catch(onRejected) {
    return this.then(undefined, onRejected)
  },

  finally(onFinally) {
    if (!isObject(this)) throw new TypeError('finally was called on something that is no object')
    const C = speciesOf(this, ChainedPromise)
    if (typeof onFinally !== 'function') return this.then(onFinally, onFinally)
    return this.then(
      (value) => {
        const result = onFinally()
        return resolveAs(C, result).then(() => value)
      },
      (reason) => {
        const result = onFinally()
        return resolveAs(C, result).then(() => {
          throw reason
        })
      },
    )
  },

  get state() {
    check(this, 'state')
    return stateOf(this)
  },

  get value() {
    check(this, 'value')
    return stateOf(this) === 'fulfilled' ? valueOf(this) : undefined
  },

  get reason() {
    check(this, 'reason')
    return stateOf(this) === 'rejected' ? valueOf(this) : undefined
  },

  [inspect.custom]() {
    return isChained(this) ? standInFor(this) : this
  },
}

for (const key of Reflect.ownKeys(methods)) {
  const descriptor = Object.getOwnPropertyDescriptor(methods, key)
  Object.defineProperty(ChainedPromise.prototype, key, { ...descriptor, enumerable: false })
}
Object.defineProperty(ChainedPromise.prototype, Symbol.toStringTag, {
  configurable: true,
  enumerable: false,
  value: 'Promise',
  writable: false,
})
