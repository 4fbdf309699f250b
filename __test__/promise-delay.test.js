'use strict'
// delay: a promise of ours on the loop's timers.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const { performance } = require('node:perf_hooks')
const native = require('node:timers/promises')
const { ChainedPromise, delay, setTimeout, pendingPromises } = require('..')

test('it is fulfilled with the value, never early', async () => {
  const start = performance.now()
  const promise = delay(20, 'value')
  assert.ok(promise instanceof ChainedPromise)
  assert.strictEqual(promise.state, 'pending')
  assert.strictEqual(await promise, 'value')
  assert.ok(performance.now() - start >= 20)
  assert.strictEqual(await delay(1), undefined)
  assert.strictEqual(await delay(), undefined)
})

test('it follows a thenable', async () => {
  assert.strictEqual(await delay(1, ChainedPromise.resolve(3)), 3)
  const rejected = ChainedPromise.reject(new Error('no'))
  rejected.catch(() => {})
  await assert.rejects(() => delay(1, rejected), /no/)
})

test('it shares the lists of the timers: first set, first run', async () => {
  const order = []
  const all = []
  for (let i = 0; i < 6; i += 2) {
    all.push(delay(5, i).then((value) => order.push(value)))
    all.push(new Promise((resolve) => setTimeout(() => resolve(order.push(i + 1)), 5)))
  }
  await Promise.all(all)
  assert.deepStrictEqual(order, [0, 1, 2, 3, 4, 5])
})

test('what is wrong rejects, as with node:timers/promises', async () => {
  const controller = new AbortController()
  controller.abort('why')
  const calls = [
    ['5'],
    [null],
    [1, 0, null],
    [1, 0, 'x'],
    [1, 0, { signal: {} }],
    [1, 0, { signal: null }],
    [1, 0, { ref: 1 }],
    [1, 0, { signal: controller.signal }],
  ]
  const seen = async (f, args) => {
    const error = await f(...args).then(assert.fail, (reason) => reason)
    return [error.name, error.code, error.message, error.cause]
  }
  for (const args of calls) assert.deepStrictEqual(await seen(delay, args), await seen(native.setTimeout, args))
  assert.strictEqual(pendingPromises(), 0)
})

test('a signal aborts it', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const start = performance.now()
  const promise = delay(60_000, 'never', { signal })
  controller.abort('why')
  assert.strictEqual(promise.state, 'rejected')
  await assert.rejects(promise, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' })
  assert.ok(performance.now() - start < 30_000)
})

test('a signal comes too late and is not listened to any more', async () => {
  const controller = new AbortController()
  let listeners = 0
  const { signal } = controller
  const count = (name, change) => {
    const original = signal[name]
    signal[name] = function (...args) {
      listeners += change
      return original.apply(this, args)
    }
  }
  count('addEventListener', 1)
  count('removeEventListener', -1)
  const promise = delay(1, 'value', { signal })
  assert.strictEqual(listeners, 1)
  await promise
  assert.strictEqual(listeners, 0)
  controller.abort()
  assert.strictEqual(promise.value, 'value')
})

test('it keeps the process alive, unless ref is false or it was aborted', () => {
  const run = (options, ms = 30) => {
    const script = `require('..').delay(${ms}, 'done', ${options}).then(console.log, ({ code }) => console.log(code))`
    return execFileSync(process.execPath, ['-e', script], { cwd: __dirname, encoding: 'utf8', timeout: 60_000 })
  }
  assert.strictEqual(run('{}'), 'done\n')
  assert.strictEqual(run('{ ref: true }'), 'done\n')
  assert.strictEqual(run('{ ref: false }'), '')
  assert.strictEqual(run('{ signal: AbortSignal.timeout(1) }', 3_600_000), 'ABORT_ERR\n')
})
