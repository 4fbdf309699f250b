'use strict'
// The class as an object of the language: its properties, what it refuses, and how it is printed.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const { join } = require('node:path')
const { inspect, isDeepStrictEqual, types } = require('node:util')
const { ChainedPromise } = require('..')

const never = () => {}

/** What there is to see of each property, for the values that are functions too. */
function shapeOf(object, keys) {
  return Object.fromEntries(
    keys.map((key) => {
      const { value, get, ...attributes } = Object.getOwnPropertyDescriptor(object, key)
      const f = value ?? get
      const named =
        typeof f === 'function' && key !== 'constructor' ? [f.name, f.length, Object.hasOwn(f, 'prototype')] : []
      return [String(key), { ...attributes, get: get !== undefined, named }]
    }),
  )
}

test('properties have the attributes, names and lengths of the language', () => {
  const late = ['try', 'withResolvers']
  const own = Reflect.ownKeys(Promise).filter((key) => Object.hasOwn(ChainedPromise, key) && key !== 'name')
  for (const key of ['all', 'allSettled', 'any', 'race', 'reject', 'resolve', Symbol.species])
    assert.ok(own.includes(key))
  assert.deepStrictEqual(shapeOf(ChainedPromise, own), shapeOf(Promise, own))
  for (const key of late) {
    const expected = { writable: true, enumerable: false, configurable: true, get: false }
    const length = key === 'try' ? 1 : 0
    assert.deepStrictEqual(shapeOf(ChainedPromise, [key])[key], { ...expected, named: [key, length, false] })
  }
  const proto = Reflect.ownKeys(Promise.prototype)
  assert.deepStrictEqual(shapeOf(ChainedPromise.prototype, proto), shapeOf(Promise.prototype, proto))
  assert.strictEqual(Object.getPrototypeOf(ChainedPromise), Function.prototype)
  assert.strictEqual(ChainedPromise.name, 'ChainedPromise')
})

test('what is added to the language is not enumerable either', () => {
  assert.deepStrictEqual(Object.keys(ChainedPromise), [])
  assert.deepStrictEqual(Object.keys(ChainedPromise.prototype), [])
  assert.deepStrictEqual(Reflect.ownKeys(ChainedPromise.resolve(1)), [])
})

test('what Promise refuses is refused', () => {
  for (const executor of [undefined, null, 1, 'x', {}, Symbol('s')]) {
    assert.throws(() => new ChainedPromise(executor), TypeError)
  }
  assert.throws(() => ChainedPromise(never), TypeError)
  for (const key of ['resolve', 'reject', 'all', 'allSettled', 'any', 'race', 'withResolvers', 'try']) {
    for (const C of [undefined, 1, never.bind, () => {}]) {
      assert.throws(() => ChainedPromise[key].call(C, key === 'try' ? never : []), TypeError, key)
    }
  }
  for (const value of [undefined, {}, Promise.resolve(), Object.create(ChainedPromise.prototype)]) {
    assert.throws(() => ChainedPromise.prototype.then.call(value, never), TypeError)
    for (const key of ['state', 'value', 'reason']) {
      assert.throws(() => Reflect.get(ChainedPromise.prototype, key, value), TypeError, key)
    }
  }
})

test('resolve of one of its own is that one, and of another class is not', () => {
  const promise = ChainedPromise.resolve(1)
  assert.strictEqual(ChainedPromise.resolve(promise), promise)
  class Q extends ChainedPromise {}
  assert.notStrictEqual(Q.resolve(promise), promise)
  assert.ok(Q.resolve(1) instanceof Q)
})

test('state, value and reason are in plain view', async () => {
  const { promise, resolve } = ChainedPromise.withResolvers()
  const look = (p) => [p.state, p.value, p.reason]
  assert.deepStrictEqual(look(promise), ['pending', undefined, undefined])
  promise.then(never)
  assert.deepStrictEqual(look(promise), ['pending', undefined, undefined])
  resolve(ChainedPromise.resolve(42))
  assert.deepStrictEqual(look(promise), ['pending', undefined, undefined])
  await promise
  assert.deepStrictEqual(look(promise), ['fulfilled', 42, undefined])
  const rejected = ChainedPromise.reject('no')
  assert.deepStrictEqual(look(rejected), ['rejected', undefined, 'no'])
  rejected.catch(never)
  assert.deepStrictEqual(look(rejected), ['rejected', undefined, 'no'])
})

test('it is printed as the native ones are', () => {
  // In a process of its own: the test runner's async hooks give native promises properties.
  const said = execFileSync(process.execPath, [join(__dirname, 'promise', 'printed.js')], { encoding: 'utf8' })
  const { ours, native } = JSON.parse(said)
  assert.ok(native.length > 40)
  assert.deepStrictEqual(ours, native)
})

test('a promise in a circle is printed', () => {
  const value = {}
  value.self = ChainedPromise.resolve(value)
  const said = inspect(value, { depth: null })
  assert.match(said, /Circular \*1/)
  assert.match(inspect(value.self, { depth: null }), /Circular \*1/)
  const [one, other] = [ChainedPromise.withResolvers(), ChainedPromise.withResolvers()]
  for (const { promise } of [one, other]) promise.catch(never)
  one.reject(other.promise)
  other.reject(one.promise)
  assert.match(inspect(one.promise, { depth: null }), /^<ref \*1> ChainedPromise .*<rejected> \[Circular \*1\]/s)
})

test('a pending promise in a circle of its own properties is printed, and properties that are gone are not', () => {
  const { promise, resolve } = ChainedPromise.withResolvers()
  promise.self = promise
  assert.strictEqual(inspect(promise), '<ref *1> ChainedPromise { <pending>, self: [Circular *1] }')
  resolve(1)
  assert.strictEqual(inspect(promise), '<ref *1> ChainedPromise { 1, self: [Circular *1] }')
  delete promise.self
  assert.strictEqual(inspect(promise), 'ChainedPromise { 1 }')
})

test('printing a promise calls nothing of its value', () => {
  const value = {}
  const promise = ChainedPromise.resolve(value)
  Object.defineProperty(value, 'then', { get: assert.fail })
  assert.match(inspect(promise), /^ChainedPromise \{/)
})

test('it is printed in short where the depth ends, and its prototype', () => {
  assert.strictEqual(inspect([[[ChainedPromise.resolve(1)]]], { depth: 2 }), '[ [ [ [ChainedPromise] ] ] ]')
  assert.match(inspect(ChainedPromise.prototype), /^Object \[Promise\]/)
})

test('the functions that settle it have no names and settle once', () => {
  let functions
  const promise = new ChainedPromise((...both) => (functions = both))
  for (const settle of functions) {
    assert.deepStrictEqual([settle.name, settle.length, Object.hasOwn(settle, 'prototype')], ['', 1, false])
  }
  assert.strictEqual(functions[0](1), undefined)
  assert.strictEqual(functions[1](2), undefined)
  assert.strictEqual(promise.value, 1)
})

test('a promise is nobody else', () => {
  assert.ok(!isDeepStrictEqual(Reflect.getPrototypeOf(ChainedPromise.prototype), Promise.prototype))
  assert.ok(!types.isPromise(ChainedPromise.resolve()))
  assert.strictEqual(Object.prototype.toString.call(ChainedPromise.resolve()), '[object Promise]')
})
