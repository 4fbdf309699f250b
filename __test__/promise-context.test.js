'use strict'
// Handlers run in the async context of their `then`, as native ones do: each program runs with both classes.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage } = require('node:async_hooks')
const { setImmediate: turn } = require('node:timers/promises')
const { ChainedPromise } = require('..')

const storage = new AsyncLocalStorage()
const deferred = (P) => {
  const d = {}
  d.promise = new P((resolve, reject) => Object.assign(d, { resolve, reject }))
  return d
}

const programs = {
  'then on a settled promise': (P, log) => {
    const promise = storage.run('maker', () => P.resolve(1))
    storage.run('a', () => promise.then(() => log('a')))
    storage.run('b', () => promise.then(() => log('b')).then(() => log('b2')))
    promise.then(() => log('none'))
  },
  'then on a pending promise, settled elsewhere': (P, log) => {
    const { promise, resolve } = storage.run('maker', () => deferred(P))
    storage.run('a', () => promise.then(() => log('a')))
    storage.run('b', () => promise.then(() => log('b')).finally(() => log('b2')))
    promise.then(() => log('none'))
    storage.run('settler', () => resolve())
  },
  'settled inside of none': (P, log) => {
    const { promise, reject } = deferred(P)
    storage.run('a', () => promise.catch(() => log('a')))
    reject(1)
  },
  'a handler that enters another context': (P, log) => {
    const { promise, resolve } = deferred(P)
    promise.then(() => storage.enterWith('entered')).then(() => log('child'))
    promise.then(() => log('sibling'))
    resolve()
  },
  'combinators and await': (P, log) => {
    const { promise, resolve } = deferred(P)
    storage.run('all', () => P.all([promise, 1]).then(() => log('all')))
    storage.run('race', () => P.race([promise]).then(() => log('race')))
    storage.run('await', async () => {
      await promise
      log('await')
    })
    storage.run('settler', resolve)
  },
}

for (const [title, run] of Object.entries(programs)) {
  test(title, async () => {
    const traceOf = async (P) => {
      const trace = []
      storage.exit(() => run(P, (name) => trace.push(`${name}: ${storage.getStore()}`)))
      await turn()
      return trace
    }
    const native = await traceOf(Promise)
    assert.ok(native.length > 0)
    assert.deepStrictEqual((await traceOf(ChainedPromise)).sort(), native.sort())
  })
}

test('thenables are called in the context of the resolve, as in Node 24', async () => {
  const trace = []
  const log = (name) => trace.push(`${name}: ${storage.getStore()}`)
  const thenable = (name) => ({
    // biome-ignore lint/suspicious/noThenProperty: a thenable
    then(resolve) {
      log(name)
      resolve()
    },
  })
  const program = (P) => {
    const { promise, resolve } = deferred(P)
    storage.run('then', () => promise.then(() => log('handler')))
    storage.run('resolve', () => resolve(thenable('thenable')))
    storage.run('returned', () => P.resolve().then(() => thenable('returned thenable')))
  }
  storage.exit(() => program(ChainedPromise))
  await turn()
  const ours = trace.splice(0)
  assert.deepStrictEqual(ours, ['thenable: resolve', 'handler: then', 'returned thenable: returned'])
  if (Number.parseInt(process.versions.node, 10) < 24) return
  storage.exit(() => program(Promise))
  await turn()
  assert.deepStrictEqual(ours, trace)
})
