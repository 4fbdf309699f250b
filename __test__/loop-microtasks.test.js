'use strict'
// The microtasks of loop objects: in batches, and over a budget in the next turn.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage } = require('node:async_hooks')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const { join } = require('node:path')
const ours = require('..')
const { EventLoop } = ours

const turn = () => new Promise((resolve) => setImmediate(resolve))
const after = (ms) => new Promise((resolve) => ours.setTimeout(resolve, ms))
const MODES = ['interleaved', 'batched']

test('a microtask gets neither this nor arguments', async () => {
  for (const options of [{}, { microtasks: 'batched' }, { asyncContext: false }, { metrics: true }]) {
    const seen = await new Promise((resolve) => {
      new EventLoop(options).queueMicrotask(function (...args) {
        resolve([this, args])
      })
    })
    assert.deepStrictEqual(seen, [undefined, []])
  }
})

test('a batch of microtasks runs in one go, in order, with what it queues', async () => {
  const loop = new EventLoop({ microtasks: 'batched' })
  const trace = []
  loop.queueMicrotask(() => {
    trace.push(1)
    loop.queueMicrotask(() => trace.push(3))
  })
  queueMicrotask(() => trace.push('native'))
  loop.queueMicrotask(() => trace.push(2))
  await turn()
  assert.deepStrictEqual(trace, [1, 2, 3, 'native'])
})

test('a budget lets the rest wait for the next turn, in order', async () => {
  for (const microtasks of MODES) {
    const loop = new EventLoop({ microtasks, microtaskBudget: 10 })
    const trace = []
    const queued = () => {
      for (let i = 0; i < 25; i++) loop.queueMicrotask(() => trace.push(i))
    }
    setImmediate(queued)
    const counts = []
    for (let i = 0; i < 4; i++) {
      await turn()
      counts.push(trace.length)
    }
    assert.deepStrictEqual(counts, [10, 20, 25, 25], microtasks)
    assert.deepStrictEqual(trace, [...trace.keys()], microtasks)
    assert.strictEqual(loop.state, 'sleeping')
  }
})

test('an endless chain of microtasks with a budget starves nobody', async () => {
  const loop = new EventLoop({ microtaskBudget: 100 })
  let count = 0
  const next = () => {
    count++
    loop.queueMicrotask(next)
  }
  next()
  await new Promise((resolve, reject) => fs.stat('.', (error) => (error ? reject(error) : resolve())))
  await after(2)
  loop.close()
  const ended = count
  await turn()
  assert.ok(count > 100)
  assert.strictEqual(count, ended)
})

test('what is over a budget stays before what is queued later', async () => {
  for (const microtasks of MODES) {
    const loop = new EventLoop({ microtasks, microtaskBudget: 2 })
    const trace = []
    const queue = (name) => loop.queueMicrotask(() => trace.push(name))
    setImmediate(() => {
      for (let i = 0; i < 5; i++) queue(i)
      // The budget is a new one by then.
      process.nextTick(() => process.nextTick(queue, 'late'))
    })
    while (trace.length < 6) await turn()
    assert.deepStrictEqual(trace, [0, 1, 2, 3, 4, 'late'], microtasks)
  }
})

test('each microtask has the context of its call, also in a batch and in the next turn', async () => {
  const storage = new AsyncLocalStorage()
  const stores = ['first', 'second', 'third']
  for (const asyncContext of [true, false]) {
    for (const options of [{ microtasks: 'batched' }, { microtaskBudget: 1 }]) {
      const loop = new EventLoop({ ...options, asyncContext })
      const seen = []
      for (const store of stores) storage.run(store, () => loop.queueMicrotask(() => seen.push(storage.getStore())))
      while (seen.length < stores.length) await turn()
      assert.deepStrictEqual(seen, asyncContext ? stores : Array(3).fill(undefined))
    }
  }
})

test('a batch that goes on and on keeps nothing of what has run', () => {
  // Apart, because the hooks of the test runner keep something of each async resource until the next turn.
  const script = `
    const { EventLoop } = require(${JSON.stringify(join(__dirname, '..'))})
    const loop = new EventLoop({ microtasks: 'batched' })
    const sizes = []
    let count = 0
    const next = () => {
      if (++count % 50_000 === 0) {
        gc()
        sizes.push(process.memoryUsage().heapUsed)
      }
      if (sizes.length < 3) loop.queueMicrotask(next)
      else console.log(sizes[2] - sizes[0])
    }
    next()`
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', script], { encoding: 'utf8' })
  assert.strictEqual(stderr, '')
  assert.ok(Number(stdout) < 1_000_000 && stdout !== '', `${stdout} bytes`)
})
