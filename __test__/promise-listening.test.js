'use strict'
// Reactions and async context where it begins to matter in the middle of a program: nobody listens to async_hooks at first.
// Each program runs in processes of its own, with native promises and with ours.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage } = require('node:async_hooks')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

const ours = JSON.stringify(join(__dirname, '..'))

/**
 * Before each: `P` is the class, `queue` the queueMicrotask beside it, `deferred()` makes a pending promise, and `log(name)`
 * also says in which context it is.
 */
const PRELUDE = `
  const { AsyncLocalStorage, createHook, executionAsyncId, executionAsyncResource } = require('node:async_hooks')
  const P = process.argv[1] === 'native' ? Promise : require(${ours}).ChainedPromise
  const queue = P === Promise ? queueMicrotask : require(${ours}).queueMicrotask
  const storage = new AsyncLocalStorage()
  const log = (name) => console.log(name, storage.getStore())
  const deferred = () => {
    const d = {}
    d.promise = new P((resolve, reject) => Object.assign(d, { resolve, reject }))
    return d
  }
`

const PROGRAMS = {
  'the first then in a context': `
    const { promise, resolve } = deferred()
    storage.run('a', () => promise.then(() => log('handler')))
    resolve()`,
  'a then before the first context, settled inside of it': `
    const { promise, resolve } = deferred()
    promise.then(() => log('handler')).then(() => log('next'))
    storage.run('settler', resolve)`,
  'several thens, some before the first context': `
    const { promise, reject } = deferred()
    promise.catch(() => log('before'))
    storage.run('a', () => promise.catch(() => log('inside')))
    promise.catch(() => log('after'))
    storage.run('settler', reject)`,
  'settled before the first context, run after it': `
    const { promise, resolve } = deferred()
    P.resolve().then(() => storage.run('other', () => log('first')))
    promise.then(() => log('handler'))
    resolve()`,
  'the first context is entered by one of several handlers': `
    const { promise, resolve } = deferred()
    promise.then(() => { storage.enterWith('entered'); log('first') }).then(() => log('child'))
    promise.then(() => log('second')).then(() => log('child of second'))
    promise.then(() => log('third'))
    resolve()`,
  'combinators and a promise that follows': `
    const { promise, resolve } = deferred()
    const all = P.all([promise, 1]).then(() => log('all'))
    const race = P.race([promise]).then(() => log('race'))
    const follower = new P((resolve) => resolve(promise)).then(() => log('follower'))
    P.resolve().then(() => P.resolve()).then(() => storage.run('settler', resolve))`,
  'a context that ends, and another one': `
    const { promise, resolve } = deferred()
    storage.run('a', () => promise.then(() => log('a')))
    storage.disable()
    const other = deferred()
    other.promise.then(() => log('none'))
    storage.run('b', () => {
      promise.then(() => log('b'))
      other.resolve()
      resolve()
    })`,
  'each handler has an id once somebody listens': `
    const { promise, resolve } = deferred()
    const ids = new Set([executionAsyncId()])
    const look = () => { ids.add(executionAsyncId()) }
    promise.then(look)
    promise.then(look)
    createHook({ init() {} }).enable()
    promise.then(look)
    promise.then(look).then(() => console.log(ids.size))
    resolve()`,
  'hooks that hear of no beginning': `
    const { promise, resolve } = deferred()
    const resources = new Set()
    createHook({ before() {} }).enable()
    for (let i = 0; i < 3; i++) promise.then(() => resources.add(executionAsyncResource()).add(executionAsyncId()))
    resolve()
    setImmediate(() => console.log(resources.size))`,
  'such hooks are enabled by one of several handlers': `
    const { promise, resolve } = deferred()
    let before = 0
    promise.then(() => createHook({ before: () => before++ }).enable())
    for (let i = 0; i < 3; i++) promise.then(() => console.log(before))
    resolve()`,
  'hooks that queue jobs while they hear of others': `
    const others = Array.from({ length: 200 }, deferred)
    let ran = 0
    for (const { promise } of others) promise.then(() => ran++)
    let isInside = false
    const queueOne = () => {
      if (isInside) return
      isInside = true
      queue(() => {})
      isInside = false
    }
    const hook = createHook({ init: queueOne, before: queueOne })
    let left = 80
    const next = () => {
      hook.enable()
      others[--left].resolve()
      hook.disable()
      if (left > 0) setTimeout(next, 0)
      else setTimeout(() => P.resolve().then(() => console.log(ran)), 1)
    }
    next()`,
}

function run(which, program, before = '') {
  const script = before + PRELUDE + program
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script, which], { encoding: 'utf8' })
  assert.strictEqual(status, 0, stderr)
  return stdout
}

for (const [title, program] of Object.entries(PROGRAMS)) {
  test(title, () => {
    const native = run('native', program)
    assert.ok(native.length > 0)
    assert.strictEqual(run('ours', program), native)
  })
}

test('a context from before the package was loaded', () => {
  const before = "new (require('node:async_hooks').AsyncLocalStorage)().enterWith('before')\n"
  const program = `
    const { promise, resolve } = deferred()
    promise.then(() => log('outside'))
    storage.run('a', () => promise.then(() => log('inside')))
    storage.run('settler', resolve)`
  assert.strictEqual(run('ours', program, before), run('native', program, before))
})

test('a context in which the package was loaded, and which has ended', () => {
  const before = `
    globalThis.loading = new (require('node:async_hooks').AsyncLocalStorage)()
    loading.run('load', () => require(${ours}).ChainedPromise)
    loading.disable()\n`
  const program = `
    setTimeout(() => {
      const { promise, resolve } = deferred()
      promise.then(() => console.log(loading.getStore()))
      loading.run('settler', resolve)
    }, 1)`
  assert.strictEqual(run('ours', program, before), 'undefined\n')
})

test('a Promise.resolve that somebody has replaced before', () => {
  const before = `
    const only = Promise.resolve()
    Promise.resolve = () => only\n`
  const program = `
    const { promise, resolve } = deferred()
    storage.run('a', () => promise.then(() => log('handler')))
    resolve()`
  assert.strictEqual(run('ours', program, before), 'handler a\n')
})

test('a full stack while a promise is settled puts no later job into its context', () => {
  const program = `
    const promises = Array.from({ length: 3900 }, deferred)
    for (const { promise } of promises) promise.then(() => {})
    let wrong = 0
    let threw = 0
    /** Settles a promise so many frames before the end of the stack. */
    const settle = (resolve, frames) => {
      let left = frames
      const deeper = () => {
        try {
          deeper()
        } catch {}
        if (left-- !== 0) return
        try {
          resolve()
        } catch {
          threw++
        }
      }
      deeper()
    }
    const next = () => {
      const attempt = 900 - promises.length
      if (attempt === 900) return console.log(threw > 0, wrong)
      const { resolve } = promises.pop()
      storage.run('settler', (...padding) => settle(resolve, attempt / 10 | 0), ...Array(attempt % 10))
      storage.run('later', () => P.resolve().then(() => { if (storage.getStore() !== 'later') wrong++ }))
      setImmediate(next)
    }
    // Until V8 has optimized it: what is inlined needs no room of its own.
    storage.run('first', () => { for (const { resolve } of promises.splice(900)) resolve() })
    setImmediate(next)`
  assert.strictEqual(run('ours', program), 'true 0\n')
})

test('ids while nobody listens, which newer Nodes cannot tell from outside: there each handler has its own', () => {
  const program = `
    const { promise, resolve } = deferred()
    promise.then(() => console.log(executionAsyncId() === 0))
    resolve()`
  const isKeptByHooks = 'kResourceStore' in new AsyncLocalStorage()
  assert.strictEqual(run('ours', program), isKeptByHooks ? run('native', program) : 'false\n')
})
