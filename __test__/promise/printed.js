'use strict'
// Prints promises of both classes in many ways, as JSON. The name of the class is as long in both.

const { inspect } = require('node:util')
const { ChainedPromise } = require('../..')

const never = () => {}
const error = new Error('no')
const values = [
  42,
  'text',
  undefined,
  { a: [1, { b: { c: {} } }] },
  ['x'.repeat(50), 'y'.repeat(50)],
  'z'.repeat(54),
  new Map([[1, { c: {} }]]),
  [new Error('inside').message],
]
const ways = [{}, { depth: 0 }, { depth: null }, { colors: true }, { breakLength: 200 }, { compact: false }]

function rejected(P, reason) {
  const promise = P.reject(reason)
  promise.catch(never)
  return promise
}

function printed(P) {
  const lines = []
  for (const way of ways) {
    for (const value of values) {
      lines.push(
        inspect(P.resolve(value), way),
        inspect(rejected(P, value), way),
        inspect({ in: [P.resolve(value)] }, way),
      )
    }
    lines.push(inspect(rejected(P, error), way), inspect(new P(never), way))
  }
  return lines
}

/** The native class under a name as long as ours. */
class NativePromises extends Promise {}
Object.defineProperty(NativePromises, 'name', { value: 'ChainedPromise' })
Object.defineProperty(NativePromises.prototype, Symbol.toStringTag, { value: 'ChainedPromise' })

console.log(JSON.stringify({ ours: printed(ChainedPromise), native: printed(NativePromises) }))
