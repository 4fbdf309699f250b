'use strict'
// What is over is gone: its callback, its arguments, its handle, and whatever was kept to find it by.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
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
  'microtask run': (watched) => {
    watched.argument()
    return called(watched, (callback) => ours.queueMicrotask(callback))
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
