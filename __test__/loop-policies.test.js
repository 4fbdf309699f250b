'use strict'
// How loop objects call callbacks: errors, context, nesting, microtasks.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage } = require('node:async_hooks')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')
const ours = require('..')
const { EventLoop } = ours

const turn = () => new Promise((resolve) => setImmediate(resolve))
/** What `run` makes somebody handle as an uncaught exception, instead of the test runner. */
async function uncaughtFrom(run) {
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const seen = []
  process.on('uncaughtException', (error) => seen.push(error.message))
  try {
    await run()
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const listener of listeners) process.on('uncaughtException', listener)
  }
  return seen
}

test('onError takes what callbacks throw, and what their promises are rejected with', async () => {
  const errors = []
  const loop = new EventLoop({ onError: (error, handle) => errors.push([error.message, handle]) })
  const handles = [
    loop.setTimeout(() => {
      throw new Error('timeout')
    }, 1),
    loop.setTimeout(async () => {
      await turn()
      throw new Error('async')
    }, 1),
    loop.setImmediate(() => {
      throw new Error('immediate')
    }),
    loop.submit(() => {
      throw new Error('task')
    }),
  ]
  loop.queueMicrotask(() => {
    throw new Error('microtask')
  })
  const uncaught = await uncaughtFrom(async () => {
    while (errors.length < 5) await turn()
  })
  assert.deepStrictEqual(uncaught, [])
  const taken = new Map(errors)
  assert.deepStrictEqual([...taken.keys()].toSorted(), ['async', 'immediate', 'microtask', 'task', 'timeout'])
  for (const [i, name] of ['timeout', 'async', 'immediate', 'task'].entries()) {
    assert.strictEqual(taken.get(name), handles[i])
  }
})

test('what only looks like a promise, and throws, is an error of its callback as well', async () => {
  const errors = []
  const loop = new EventLoop({ onError: (error, handle) => errors.push([error.message, handle]) })
  const throws = (name) => () => {
    throw new Error(name)
  }
  const returns = (then) => () => Object.defineProperty({}, 'then', then)
  const handles = [
    loop.setImmediate(returns({ get: throws('getter') })),
    loop.setImmediate(returns({ value: throws('then') })),
  ]
  await turn()
  await turn()
  assert.deepStrictEqual(errors, [
    ['getter', handles[0]],
    ['then', handles[1]],
  ])
  assert.strictEqual(loop.state, 'sleeping')
})

test('without onError, or when it throws itself, the error is uncaught', async () => {
  const throws = (name) => () => {
    throw new Error(name)
  }
  const uncaught = await uncaughtFrom(async () => {
    const plain = new EventLoop()
    plain.setImmediate(throws('plain'))
    const failing = new EventLoop({ onError: throws('from onError') })
    failing.setImmediate(throws('never seen'))
    await turn()
    await turn()
    assert.deepStrictEqual(plain.handles(), [])
  })
  assert.deepStrictEqual(uncaught, ['plain', 'from onError'])
})

test('nestedClamp: 4 ms from the sixth timer on, also after a throw, and not beside it', async () => {
  const delays = []
  const loop = new EventLoop({ nestedClamp: true, onError: () => {} })
  await new Promise((resolve) => {
    loop.setTimeout(function next() {
      delays.push(this._idleTimeout)
      if (delays.length === 9) return resolve()
      loop.setTimeout(next, 1)
      if (delays.length === 3) throw new Error('it counts on')
    }, 1)
  })
  assert.deepStrictEqual(delays, [1, 1, 1, 1, 1, 4, 4, 4, 4])
  const beside = loop.setTimeout(() => {}, 1)
  assert.strictEqual(beside._idleTimeout, 1)
  const without = new EventLoop()
  let depth = 0
  await new Promise((resolve) => {
    without.setTimeout(function next() {
      assert.strictEqual(this._idleTimeout, 1)
      if (++depth < 9) without.setTimeout(next, 1)
      else resolve()
    }, 1)
  })
})

test('nestedClamp: an interval nests in itself, in both orders', async () => {
  for (const order of ['node', 'deadline']) {
    const loop = new EventLoop({ nestedClamp: true, order })
    for (const [period, expected] of [
      [1, [1, 1, 1, 1, 1, 4, 4]],
      [5, [5, 5, 5, 5, 5, 5, 5]],
    ]) {
      const periods = []
      await new Promise((resolve) => {
        const interval = loop.setInterval(() => {
          periods.push(interval._idleTimeout)
          if (periods.length < 7) return
          loop.clearInterval(interval)
          resolve()
        }, period)
      })
      assert.deepStrictEqual(periods, expected, order)
    }
  }
})

test('asyncContext: false drops the context, and the default keeps it', async () => {
  const storage = new AsyncLocalStorage()
  for (const [options, expected] of [
    [{}, 'store'],
    [{ asyncContext: false }, undefined],
  ]) {
    const loop = new EventLoop(options)
    const seen = []
    await storage.run('store', async () => {
      const see = (resolve) => () => {
        seen.push(storage.getStore())
        resolve()
      }
      await new Promise((resolve) => loop.setTimeout(see(resolve), 1))
      await new Promise((resolve) => loop.setImmediate(see(resolve)))
      await new Promise((resolve) => loop.submit(see(resolve)))
      await new Promise((resolve) => loop.queueMicrotask(see(resolve)))
    })
    assert.deepStrictEqual(seen, Array(4).fill(expected))
  }
})

test('asyncContext: false drops the context also where loop objects were first asked for', () => {
  const script = `
    const storage = new (require('node:async_hooks').AsyncLocalStorage)()
    const ours = require(${JSON.stringify(join(__dirname, '..'))})
    storage.run('store', () => {
      new ours.EventLoop({ asyncContext: false }).setImmediate(() => console.log(storage.getStore()))
    })`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  assert.deepStrictEqual([stdout, stderr], ['undefined\n', ''])
})
