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

test('what the last one of a budget queues is behind those that waited already', async () => {
  for (const microtasks of MODES) {
    const loop = new EventLoop({ microtasks, microtaskBudget: 2 })
    const trace = []
    const queue = (name, then) => loop.queueMicrotask(() => [trace.push(name), then?.()])
    queue('a')
    queue('b', () => queue('d'))
    queue('c', () => queue('e'))
    while (trace.length < 5) await turn()
    assert.deepStrictEqual(trace, ['a', 'b', 'c', 'd', 'e'], microtasks)
  }
})

test('what microtasks queue counts for the budget of their drain', async () => {
  for (const microtasks of MODES) {
    const loop = new EventLoop({ microtasks, microtaskBudget: 5 })
    let count = 0
    const inDrain = await new Promise((resolve) => {
      loop.setTimeout(() => {
        for (let i = 0; i < 5; i++) {
          loop.queueMicrotask(() => {
            loop.queueMicrotask(() => count++)
            // Behind the tickets of all of them.
            if (++count === 5) queueMicrotask(() => queueMicrotask(() => resolve(count)))
          })
        }
      }, 1)
    })
    assert.strictEqual(inDrain, 5, microtasks)
    await turn()
    await turn()
    assert.strictEqual(count, 10, microtasks)
  }
})

test('what waits keeps its order, also if a tick throws in each drain', () => {
  const script = `
    const { EventLoop, setImmediate } = require(${JSON.stringify(join(__dirname, '..'))})
    const trace = []
    process.on('uncaughtException', () => {})
    const loop = new EventLoop({ microtaskBudget: 2 })
    for (let i = 0; i < 10; i++) loop.queueMicrotask(() => trace.push(i))
    setImmediate(() => {
      for (let i = 0; i < 20; i++) process.nextTick(() => { throw new Error('tick') })
    })
    process.on('exit', () => console.log(trace.join('')))`
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  assert.strictEqual(stdout, '0123456789\n')
})

test('a drain does not spend the budget of the next one', async () => {
  const loop = new EventLoop({ microtaskBudget: 5 })
  for (let drain = 0; drain < 4; drain++) {
    let count = 0
    for (let i = 0; i < 4; i++) loop.queueMicrotask(() => count++)
    await new Promise((resolve) => process.nextTick(() => process.nextTick(resolve)))
    assert.strictEqual(count, 4)
  }
})

test('those that had to wait are a batch again', async () => {
  const loop = new EventLoop({ microtasks: 'batched', microtaskBudget: 3 })
  const trace = []
  const queue = (name) => loop.queueMicrotask(() => trace.push(name))
  for (const name of ['a', 'b', 'c']) queue(name)
  loop.queueMicrotask(() => {
    trace.push('d')
    queueMicrotask(() => trace.push('native'))
    queue('f')
  })
  queue('e')
  while (trace.length < 7) await turn()
  assert.deepStrictEqual(trace, ['a', 'b', 'c', 'd', 'e', 'f', 'native'])
})

test('what waits for the next turn is not listed, and keeps the process alive as its loop object does', () => {
  const script = `
    const { EventLoop, defaultLoop } = require(${JSON.stringify(join(__dirname, '..'))})
    const loop = new EventLoop({ microtaskBudget: 10 })
    let count = 0
    const next = () => {
      if (++count === 25) console.log(defaultLoop.handles().length, loop.handles().length)
      if (count === 100 && process.argv[1] === 'first') loop.ref()
      if (process.argv[1] === 'never' || count < 1000) loop.queueMicrotask(next)
      else console.log('all')
    }
    if (process.argv[1] !== 'later') loop.unref()
    if (process.argv[1] === 'later') setImmediate(() => setImmediate(() => loop.unref()))
    setImmediate(next)
    setTimeout(() => {}, process.argv[1] === 'first' ? 500 : 1)`
  const run = (when) => spawnSync(process.execPath, ['-e', script, when], { encoding: 'utf8', timeout: 60_000 })
  assert.strictEqual(run('first').stdout, '0 0\nall\n')
  for (const when of ['never', 'later']) {
    const { stdout, signal } = run(when)
    assert.deepStrictEqual([signal, stdout.includes('all')], [null, false], when)
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
