'use strict'
// Nothing is kept longer than it is needed, in JavaScript and in Rust. What Rust counts is read back.

const { test } = require('node:test')
const assert = require('node:assert')
const { setImmediate: turn } = require('node:timers/promises')
const v8 = require('node:v8')
const vm = require('node:vm')
const { ChainedPromise, pendingPromises } = require('..')
const { counts } = require('../lib/promise/slots')

v8.setFlagsFromString('--expose-gc')
const gc = vm.runInNewContext('gc')
const never = () => {}
const NONE = { pending: 0, unhandled: 0, reactions: 0 }

/**
 * Collects until nothing more can be gone: promises grow old in two collections and are found gone in a third, and each
 * time they are looked after a thousand in a turn.
 */
async function collect() {
  for (let i = 0; i < 6; i++) {
    gc()
    for (let turns = 0; turns < 12; turns++) await turn()
  }
}

/** Runs `make` in a frame of its own: one that waits keeps the last values of its variables. */
function apart(make) {
  make()
}

test('nothing is pending before anything was made', () => {
  assert.deepStrictEqual(counts(), NONE)
  assert.strictEqual(pendingPromises(), 0)
})

test('1,000 promises with a handler for rejections, fulfilled', async () => {
  const all = Array.from({ length: 1000 }, () => ChainedPromise.withResolvers())
  const children = all.map(({ promise }) => promise.catch(never))
  assert.deepStrictEqual(counts(), { pending: 2000, unhandled: 0, reactions: 1000 })
  for (const { resolve } of all) resolve(1)
  await turn()
  assert.ok(children.every(({ value }) => value === 1))
  assert.deepStrictEqual(counts(), NONE)
})

test('1,000 settled promises whose handlers come late', async () => {
  let ran = 0
  for (let i = 0; i < 500; i++) {
    ChainedPromise.resolve(i).then(() => ran++)
    ChainedPromise.reject(i).catch(() => ran++)
  }
  await turn()
  assert.strictEqual(ran, 1000)
  assert.deepStrictEqual(counts(), NONE)
})

test('1,000 rejections that were reported and handled later', async () => {
  const { execFileSync } = require('node:child_process')
  const script = `
    const { ChainedPromise } = require('..')
    const { counts } = require('../lib/promise/slots')
    process.on('unhandledRejection', () => {}).on('rejectionHandled', () => {})
    const all = Array.from({ length: 1000 }, () => ChainedPromise.reject(1))
    const before = counts()
    setImmediate(() => {
      for (const promise of all) promise.catch(() => {})
      setImmediate(() => console.log(JSON.stringify([before, counts()])))
    })`
  const said = execFileSync(process.execPath, ['-e', script], { cwd: __dirname, encoding: 'utf8' })
  assert.deepStrictEqual(JSON.parse(said), [{ pending: 0, unhandled: 1000, reactions: 0 }, NONE])
})

test('10,000 handlers on one promise run in order, and those added meanwhile after them', async () => {
  const { promise, resolve } = ChainedPromise.withResolvers()
  const order = []
  for (let i = 0; i < 10_000; i++) {
    promise.then(() => {
      order.push(i)
      if (i === 5) promise.then(() => order.push('late'))
    })
  }
  resolve()
  assert.deepStrictEqual(counts(), { pending: 10_000, unhandled: 0, reactions: 0 })
  await turn()
  assert.deepStrictEqual(order, [...Array(10_000).keys(), 'late'])
  assert.deepStrictEqual(counts(), NONE)
})

/** Collects until so few are pending. The last ones made may stand in a register for a while. */
async function collectTo(count) {
  for (let tries = 0; tries < 20 && pendingPromises() > count; tries++) await collect()
  assert.strictEqual(pendingPromises(), count)
}

test('pending promises that nobody can reach are gone, also if their handlers refer to them in a circle', async () => {
  const gone = []
  const registry = new FinalizationRegistry((name) => gone.push(name))
  const makeCircle = () => {
    const promise = new ChainedPromise(never)
    const child = promise.then(() => [promise, child])
    const locked = new ChainedPromise((resolve) => resolve(promise))
    registry.register(promise, 'promise')
    registry.register(child, 'child')
    registry.register(locked, 'locked')
  }
  apart(() => {
    for (let i = 0; i < 1000; i++) makeCircle()
  })
  await turn()
  assert.strictEqual(pendingPromises(), 3000)
  await collectTo(0)
  assert.deepStrictEqual(counts(), NONE)
  for (let turns = 0; turns < 100 && gone.length < 3000; turns++) await turn()
  assert.strictEqual(gone.length, 3000)
})

test('pending promises that somebody can reach stay, however old', async () => {
  const kept = Array.from({ length: 200 }, () => new ChainedPromise(never))
  const resolvers = Array.from({ length: 100 }, () => ChainedPromise.withResolvers().resolve)
  const ran = []
  const { promise, resolve } = ChainedPromise.withResolvers()
  promise.then((value) => ran.push(value))
  apart(() => {
    for (let i = 0; i < 5000; i++) new ChainedPromise(never)
  })
  await collect()
  await collectTo(kept.length + resolvers.length + 2)
  resolve('old')
  for (const settle of resolvers) settle()
  await turn()
  assert.deepStrictEqual(ran, ['old'])
  assert.strictEqual(pendingPromises(), kept.length)
  kept.length = 0
  await collectTo(0)
})

test('rejections that nobody handles are gone with their promises', async () => {
  const { execFileSync } = require('node:child_process')
  const script = `
    const { ChainedPromise, pendingPromises } = require('..')
    const { counts } = require('../lib/promise/slots')
    process.on('unhandledRejection', () => {})
    for (let i = 0; i < 1000; i++) ChainedPromise.reject(i)
    let left = 100
    const goOn = () => (left-- > 0 && counts().unhandled > 0 ? collect() : console.log(JSON.stringify(counts())))
    const collect = () => { gc(); setImmediate(() => setImmediate(goOn)) }
    setImmediate(collect)`
  const said = execFileSync(process.execPath, ['--expose-gc', '-e', script], { cwd: __dirname, encoding: 'utf8' })
  assert.deepStrictEqual(JSON.parse(said), NONE)
})

test('a settled promise keeps neither its handlers nor what it was resolved with on the way', async () => {
  const { promise, resolve } = ChainedPromise.withResolvers()
  const gone = new Set()
  const registry = new FinalizationRegistry((name) => gone.add(name))
  const handler = (name) => {
    const f = () => name
    registry.register(f, name)
    return f
  }
  const children = [promise.then(handler('a'), handler('b')), promise.then(handler('c')), promise.finally(handler('d'))]
  const followed = ChainedPromise.resolve(1)
  registry.register(followed, 'followed')
  resolve(followed.then(never))
  await turn()
  await collect()
  assert.ok(children.every(({ state }) => state === 'fulfilled'))
  for (const name of ['a', 'b', 'c', 'd']) assert.ok(gone.has(name), name)
})

test('a value is gone with its promise in one collection', async () => {
  const gone = []
  const registry = new FinalizationRegistry((name) => gone.push(name))
  apart(() => {
    for (const name of ['resolved', 'chained']) {
      const value = { name }
      registry.register(value, name)
      const promise = ChainedPromise.resolve(value)
      if (name === 'chained') promise.then((same) => same).then(never)
    }
  })
  await turn()
  gc()
  await turn()
  await turn()
  assert.deepStrictEqual(gone.sort(), ['chained', 'resolved'])
})
