'use strict'
// What is over is gone: its callback, its arguments, its handle, and whatever was kept to find it by.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks')
const { execFile } = require('node:child_process')
const { getEventListeners } = require('node:events')
const { join } = require('node:path')
const { promisify } = require('node:util')
const { setImmediate: turn } = require('node:timers/promises')
const v8 = require('node:v8')
const vm = require('node:vm')
const ours = require('..')

v8.setFlagsFromString('--expose-gc')
const gc = vm.runInNewContext('gc')
const run = promisify(execFile)

/** Makes callbacks and arguments whose end can be seen. */
class Watched {
  gone = new Set()
  #registry = new FinalizationRegistry((name) => this.gone.add(name))

  callback(body = () => {}) {
    const callback = (...args) => body(...args)
    this.#registry.register(callback, 'callback')
    return callback
  }

  argument() {
    const argument = {}
    this.#registry.register(argument, 'argument')
    return argument
  }
}

/** Collects until as many things are gone as are expected. Values may stand in a register for a while. */
async function collect(gone, expected) {
  for (let tries = 0; tries < 40 && gone.size < expected; tries++) {
    await turn()
    gc()
  }
}

/** Resolves when `set`, which is given a callback, has called it, and all that follows has run. */
async function called(watched, set) {
  await new Promise((resolve) => set(watched.callback(resolve)))
  await turn()
}

/** Resolves, with what `set` has returned, when the callback it was given has thrown; nobody else hears of that. */
async function threw(watched, set) {
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const heard = new Promise((resolve) => process.once('uncaughtException', resolve))
  const callback = () => {
    throw new Error('thrown')
  }
  const handle = set(watched.callback(callback))
  assert.strictEqual((await heard).message, 'thrown')
  await turn()
  for (const listener of others) process.on('uncaughtException', listener)
  return handle
}

/**
 * Each sets something with a callback and an argument, and resolves when it is over. What it returns is kept meanwhile:
 * the handles that must not keep anything alive.
 */
const over = {
  'timeout cleared, handle kept': (watched) => {
    const timer = ours.setTimeout(watched.callback(), 1e6, watched.argument())
    ours.clearTimeout(timer)
    return timer
  },
  'interval cleared, handle kept': (watched) => {
    const interval = ours.setInterval(watched.callback(), 1e6, watched.argument())
    interval.close()
    return interval
  },
  'interval cleared by its own callback, handle kept': async (watched) => {
    let interval
    await called(watched, (callback) => {
      interval = ours.setInterval(
        watched.callback(() => {
          ours.clearInterval(interval)
          callback()
        }),
        1,
        watched.argument(),
      )
    })
    return interval
  },
  'timeout fired': (watched) => called(watched, (callback) => void ours.setTimeout(callback, 1, watched.argument())),
  'timeout fired, its number kept': async (watched) => {
    let number
    await called(watched, (callback) => {
      number = Number(ours.setTimeout(callback, 1, watched.argument()))
    })
    return number
  },
  'timeout fired, then cleared, handle kept': async (watched) => {
    let timer
    await called(watched, (callback) => {
      timer = ours.setTimeout(callback, 1, watched.argument())
    })
    ours.clearTimeout(timer)
    return timer
  },
  'immediate cleared, handle kept': (watched) => {
    const immediate = ours.setImmediate(watched.callback(), watched.argument())
    ours.clearImmediate(immediate)
    return immediate
  },
  'immediate cleared beside one that waits, handle kept': async (watched) => {
    const immediate = ours.setImmediate(watched.callback(), watched.argument())
    const ran = new Promise((resolve) => ours.setImmediate(resolve))
    ours.clearImmediate(immediate)
    await ran
    return immediate
  },
  'immediate fired, handle kept': async (watched) => {
    let immediate
    await called(watched, (callback) => {
      immediate = ours.setImmediate(callback, watched.argument())
    })
    return immediate
  },
  // It is given no arguments, but may hold something.
  'microtask run': (watched) =>
    called(watched, (callback) => {
      const argument = watched.argument()
      ours.queueMicrotask(() => callback(argument))
    }),
  // As long as it may be refreshed, a handle keeps what it needs for that.
  'timeout that threw': (watched) =>
    threw(watched, (callback) => void ours.setTimeout(callback, 1, watched.argument())),
  'interval that threw and was cleared, handle kept': async (watched) => {
    const interval = await threw(watched, (callback) => ours.setInterval(callback, 1, watched.argument()))
    ours.clearInterval(interval)
    return interval
  },
  'immediate that threw, handle kept': (watched) =>
    threw(watched, (callback) => ours.setImmediate(callback, watched.argument())),
  'task that threw, handle kept': (watched) =>
    threw(watched, (callback) => new ours.EventLoop().submit(callback, watched.argument())),
  'microtask that threw': (watched) =>
    threw(watched, (callback) => {
      const argument = watched.argument()
      ours.queueMicrotask(() => callback(argument))
    }),
  'timeout refreshed, then fired': (watched) =>
    called(watched, (callback) => void ours.setTimeout(callback, 1, watched.argument()).refresh()),
  'timeout refreshed after it had fired, then cleared, handle kept': async (watched) => {
    let timer
    await called(watched, (callback) => {
      timer = ours.setTimeout(callback, 1, watched.argument())
    })
    ours.clearTimeout(timer.refresh())
    return timer
  },
  'interval in deadline order cleared, handle kept': async (watched) => {
    const loop = new ours.EventLoop({ order: 'deadline' })
    let interval
    await called(watched, (callback) => {
      interval = loop.setInterval(callback, 1, watched.argument())
    })
    interval.close()
    return [loop, interval]
  },
  'task run, handle kept': async (watched) => {
    let task
    await called(watched, (callback) => {
      task = new ours.EventLoop().submit(callback, watched.argument())
    })
    return task
  },
  'task closed, handle kept': (watched) => {
    const task = new ours.EventLoop().submit(watched.callback(), watched.argument())
    task.close()
    return task
  },
  'deadline fired': (watched) =>
    called(
      watched,
      (callback) => void new ours.EventLoop({ order: 'deadline' }).setTimeout(callback, 1, watched.argument()),
    ),
  'all of a closed loop object, which is kept': (watched) => {
    const loop = new ours.EventLoop({ metrics: true, origins: true })
    loop.setTimeout(watched.callback(), 1e6, watched.argument())
    loop.close()
    return loop
  },
  'fired in a loop object that is open': async (watched) => {
    const loop = new ours.EventLoop({ metrics: true, origins: true })
    await called(watched, (callback) => void loop.setTimeout(callback, 1, watched.argument()))
    return loop
  },
}

for (const [name, make] of Object.entries(over)) {
  test(`callback and argument are gone: ${name}`, async () => {
    const watched = new Watched()
    const kept = await make(watched)
    await collect(watched.gone, 2)
    assert.deepStrictEqual([...watched.gone].sort(), ['argument', 'callback'])
    assert.notStrictEqual(kept, null)
  })
}

/** Each sets something in an async context, and returns what is kept: the context is not. */
const inContext = {
  'timeout fired': () => new Promise((resolve) => ours.setTimeout(resolve, 1)),
  'immediate fired': () => new Promise((resolve) => ours.setImmediate(resolve)),
  'timeout cleared': () => ours.clearTimeout(ours.setTimeout(() => {}, 1e6)),
  'immediate cleared': () => ours.clearImmediate(ours.setImmediate(() => {})),
  'microtask run': () => new Promise((resolve) => ours.queueMicrotask(resolve)),
  'task run': () => new Promise((resolve) => new ours.EventLoop().submit(resolve)),
}

for (const [name, set] of Object.entries(inContext)) {
  test(`the store of a context is gone: ${name}`, async () => {
    const store = new AsyncLocalStorage()
    const watched = new Watched()
    await new Promise((resolve) => {
      // Whoever waits for it does so in his own context.
      const done = AsyncResource.bind(resolve)
      store.run(watched.argument(), () => Promise.resolve(set()).then(done))
    })
    await collect(watched.gone, 1)
    assert.deepStrictEqual([...watched.gone], ['argument'])
  })
}

for (const [name, wait] of Object.entries({
  delay: (value, signal) => ours.delay(1, value, { signal }),
  'delay of a loop object': (value, signal) => new ours.EventLoop().delay(1, value, { signal }),
  setTimeout: (value, signal) => ours.promises.setTimeout(1, value, { signal }),
  setImmediate: (value, signal) => ours.promises.setImmediate(value, { signal }),
  setInterval: async (value, signal) => {
    for await (const _ of ours.promises.setInterval(1, value, { signal })) break
  },
})) {
  test(`nothing listens to a signal any more, which is kept: ${name}`, async () => {
    const watched = new Watched()
    const { signal } = new AbortController()
    await wait(watched.argument(), signal)
    await collect(watched.gone, 1)
    assert.deepStrictEqual([...watched.gone], ['argument'])
    assert.strictEqual(getEventListeners(signal, 'abort').length, 0)
  })
}

test('a handle that is over and that nobody has is gone itself', async () => {
  const gone = new Set()
  const registry = new FinalizationRegistry((name) => gone.add(name))
  await new Promise((resolve) => {
    registry.register(ours.setTimeout(resolve, 1), 'fired timeout')
    registry.register(
      ours.setImmediate(() => {}),
      'fired immediate',
    )
    for (const [name, set, clear] of [
      ['cleared timeout', ours.setTimeout, ours.clearTimeout],
      ['cleared interval', ours.setInterval, ours.clearInterval],
      ['cleared immediate', ours.setImmediate, ours.clearImmediate],
    ]) {
      const handle = set(() => {}, 1)
      registry.register(handle, name)
      clear(handle)
    }
  })
  await collect(gone, 5)
  assert.strictEqual(gone.size, 5, [...gone].join())
})

test('what still waits is there, though nobody has its handle', async () => {
  const watched = new Watched()
  const far = 1e6 + 1
  ours.setTimeout(watched.callback(), far, watched.argument())
  for (let i = 0; i < 5; i++) {
    await turn()
    gc()
  }
  assert.strictEqual(watched.gone.size, 0)
  ours.defaultLoop
    .handles()
    .find(({ delay }) => delay === far)
    .handle.close()
  await collect(watched.gone, 2)
  assert.strictEqual(watched.gone.size, 2)
})

test('100 lives of intervals with random clears: none runs after its end, and none is left', async () => {
  const before = ours.defaultLoop.handles().length
  let random = 1
  const below = (limit) => {
    random = (random * 48271) % 2147483647
    return random % limit
  }
  const wrong = []
  let alive = 100
  await new Promise((resolve) => {
    for (let i = 0; i < 100; i++) {
      let runs = 0
      let ended = false
      const end = () => {
        if (ended) return
        ended = true
        ours.clearInterval(interval)
        if (--alive === 0) ours.setTimeout(resolve, 20)
      }
      const most = 1 + below(8)
      const interval = ours.setInterval(() => {
        if (ended) wrong.push(i)
        if (++runs === most) end()
      }, 1 + below(5))
      if (below(2)) ours.setTimeout(end, below(20))
    }
  })
  assert.deepStrictEqual(wrong, [])
  assert.strictEqual(ours.defaultLoop.handles().length, before)
})

test('30,000 of each kind, cleared, fired and thrown in, keep nothing', async () => {
  await run(process.execPath, ['--expose-gc', join(__dirname, 'memory', 'millions.js'), '30000'], { timeout: 60_000 })
})
