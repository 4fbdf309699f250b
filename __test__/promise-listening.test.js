'use strict'
// Reactions and async context where it begins to matter in the middle of a program: nobody listens to async_hooks at first.
// Each program runs in processes of its own, with native promises and with ours.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage } = require('node:async_hooks')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

/** Before each: `P` is the class, `deferred()` makes a pending promise, `log(name)` also says in which context it is. */
const PRELUDE = `
  const { AsyncLocalStorage, createHook, executionAsyncId } = require('node:async_hooks')
  const P = process.argv[1] === 'native' ? Promise : require(${JSON.stringify(join(__dirname, '..'))}).ChainedPromise
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

test('ids while nobody listens, which newer Nodes cannot tell from outside: there each handler has its own', () => {
  const program = `
    const { promise, resolve } = deferred()
    promise.then(() => console.log(executionAsyncId() === 0))
    resolve()`
  const isKeptByHooks = 'kResourceStore' in new AsyncLocalStorage()
  assert.strictEqual(run('ours', program), isKeptByHooks ? run('native', program) : 'false\n')
})
