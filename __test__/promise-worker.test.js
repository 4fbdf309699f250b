'use strict'
// Promises in worker threads: each has its own, and its end leaves nothing behind.

const { test } = require('node:test')
const assert = require('node:assert')
const { once } = require('node:events')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')
const { ChainedPromise, pendingPromises } = require('..')

const start = (script) => {
  const code = `
    const { parentPort } = require('node:worker_threads')
    const { ChainedPromise, delay, pendingPromises } = require(${JSON.stringify(join(__dirname, '..'))})
    ${script}`
  return new Worker(code, { eval: true })
}

test('a worker has promises of its own', async () => {
  const before = pendingPromises()
  const worker = start(`
    const kept = Array.from({ length: 100 }, () => new ChainedPromise(() => {}))
    delay(1, 'value').then((value) => parentPort.postMessage([value, pendingPromises(), kept.length]))`)
  // The last message and the end may come at once.
  const exit = once(worker, 'exit')
  const [message] = await once(worker, 'message')
  // The 100 that are kept, and the one the handler leads to, which is settled when the handler has ended.
  assert.deepStrictEqual(message, ['value', 101, 100])
  assert.strictEqual(pendingPromises(), before)
  await exit
})

test('an unhandled rejection ends its worker with that error', async () => {
  const worker = start("ChainedPromise.reject(new RangeError('nobody'))")
  const [error] = await once(worker, 'error')
  assert.strictEqual(error.name, 'RangeError')
  assert.strictEqual(error.message, 'nobody')
})

test('a worker is terminated inside of an endless chain, and with promises of every kind', async () => {
  for (let i = 0; i < 10; i++) {
    const worker = start(`
      const step = () => ChainedPromise.resolve().then(step)
      for (let i = 0; i < 200; i++) new ChainedPromise(() => {}).then(() => {})
      delay(10_000)
      parentPort.postMessage('running')
      setTimeout(step, 1)`)
    await once(worker, 'message')
    if (i % 2) await ChainedPromise.resolve().then(() => new Promise((resolve) => setTimeout(resolve, 5)))
    assert.strictEqual(await worker.terminate(), 1)
  }
})
