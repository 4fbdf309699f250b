'use strict'
// What a ChainedPromise has besides `then`: `catch`, `finally`, its state in plain view, and how it is printed.

const { inspect } = require('node:util')
const { ChainedPromise, isChained, stateOf, valueOf } = require('./core')
const { isObject, speciesOf } = require('./species')
const { resolveAs } = require('./statics')

function check(promise, name) {
  if (!isChained(promise)) throw new TypeError(`${name} was called on something that is no ChainedPromise`)
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

  [inspect.custom](depth, options) {
    const name = this?.constructor?.name || 'ChainedPromise'
    if (!isChained(this)) return `${name} {}`
    const state = stateOf(this)
    if (state === 'pending') return `${name} { ${options.stylize('<pending>', 'special')} }`
    if (depth < 0) return options.stylize(`[${name}]`, 'special')
    const shown = inspect(valueOf(this), { ...options, depth: options.depth === null ? null : depth - 1 })
    const inner = state === 'rejected' ? `${options.stylize('<rejected>', 'special')} ${shown}` : shown
    const fits = !inner.includes('\n') && name.length + inner.length + 16 <= options.breakLength
    return fits ? `${name} { ${inner} }` : `${name} {\n  ${inner.replaceAll('\n', '\n  ')}\n}`
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
