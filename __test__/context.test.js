'use strict'
// AsyncLocalStorage and domains through each function: the same program on Node's functions and on ours.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { AsyncLocalStorage, AsyncResource, executionAsyncId, executionAsyncResource } = require('node:async_hooks')
const { join } = require('node:path')
const nodePromises = require('node:timers/promises')
const ours = require('..')
const { names } = require('./context/uncaught')

const node = { ...require('node:timers'), queueMicrotask, promises: nodePromises }
const major = Number.parseInt(process.versions.node, 10)

/** Runs `use(functions, storage)` on Node's functions and on ours, and compares. Returns what it came to. */
async function same(use) {
  const expected = await use(node, new AsyncLocalStorage())
  assert.deepStrictEqual(await use(ours, new AsyncLocalStorage()), expected)
  return expected
}

/** Ways to have `callback` called later. */
const KINDS = {
  setTimeout: (l, callback) => l.setTimeout(callback, 1),
  'setTimeout, refreshed elsewhere': (l, callback) => {
    const handle = l.setTimeout(callback, 1)
    new AsyncLocalStorage().run('elsewhere', () => handle.refresh())
  },
  'setInterval, once': (l, callback) => {
    const handle = l.setInterval(() => {
      l.clearInterval(handle)
      callback()
    }, 1)
  },
  setImmediate: (l, callback) => l.setImmediate(callback),
  queueMicrotask: (l, callback) => l.queueMicrotask(callback),
  'promises.setTimeout': (l, callback) => l.promises.setTimeout(1).then(callback),
  'promises.setTimeout with a signal': (l, callback) =>
    l.promises.setTimeout(1, 1, { signal: new AbortController().signal }).then(callback),
  'promises.setTimeout, aborted': (l, callback) => {
    const controller = new AbortController()
    l.promises.setTimeout(10_000, 1, { signal: controller.signal }).catch(() => callback())
    new AsyncLocalStorage().run('elsewhere', () => controller.abort())
  },
  'promises.setImmediate': (l, callback) => l.promises.setImmediate().then(callback),
  'promises.setInterval': async (l, callback) => {
    for await (const _ of l.promises.setInterval(1)) return callback()
  },
  'scheduler.wait': (l, callback) => l.promises.scheduler.wait(1).then(callback),
  'scheduler.yield': async (l, callback) => {
    await l.promises.scheduler.yield()
    callback()
  },
}

/** Ways to be in a context. Each calls `start` and is outside again when it returns. */
const SCOPES = {
  run: (storage, start) => storage.run('inside', start),
  'run in a run': (storage, start) => storage.run('outside', () => storage.run('inside', start)),
  exit: (storage, start) => storage.run('outside', () => storage.exit(start)),
  'enterWith, and another one after': (storage, start) => {
    storage.enterWith('inside')
    start()
    storage.enterWith('after')
  },
  snapshot: (storage, start) => {
    const inside = storage.run('inside', () => AsyncLocalStorage.snapshot())
    storage.run('outside', () => inside(start))
  },
  'bind of a resource': (storage, start) => {
    const bound = storage.run('inside', () => AsyncResource.bind(start))
    storage.run('outside', () => bound())
  },
}

for (const [scope, enter] of Object.entries(SCOPES)) {
  for (const [kind, later] of Object.entries(KINDS)) {
    test(`${kind} in ${scope}`, async () => {
      const seen = await same(
        (l, storage) =>
          new Promise((resolve) => {
            const seen = []
            const see = () => seen.push(storage.getStore())
            enter(storage, () =>
              later(l, () => {
                see()
                process.nextTick(see)
                Promise.resolve().then(see)
                l.queueMicrotask(see)
                // Other timers are far enough away to be last.
                l.setTimeout(() => {
                  see()
                  resolve(seen)
                }, 5)
              }),
            )
          }),
      )
      assert.deepStrictEqual(seen, new Array(5).fill(scope === 'exit' ? undefined : 'inside'))
    })
  }
}

test('a bound or snapshot callback keeps its own context', async () => {
  const seen = await same(async (l, storage) => {
    const bound = storage.run('bound', () => AsyncLocalStorage.bind(() => storage.getStore()))
    const seen = []
    await storage.run(
      'outside',
      () =>
        new Promise((resolve) => {
          const see = () => {
            seen.push(bound(), storage.getStore())
            if (seen.length === 6) resolve()
          }
          l.setTimeout(see, 1)
          l.setImmediate(see)
          l.queueMicrotask(see)
        }),
    )
    return seen
  })
  assert.deepStrictEqual(seen, new Array(3).fill(['bound', 'outside']).flat())
})

test('each repetition of an interval, and what it enters', async () => {
  await same((l, storage) =>
    storage.run('inside', async () => {
      const seen = []
      await new Promise((resolve) => {
        const handle = l.setInterval(() => {
          seen.push(storage.getStore())
          storage.enterWith(`entered ${seen.length}`)
          process.nextTick(() => seen.push(storage.getStore()))
          if (seen.length > 5) {
            l.clearInterval(handle)
            resolve()
          }
        }, 1)
      })
      return seen
    }),
  )
})

test('a timer that refreshes itself, and what it enters', async () => {
  await same((l, storage) =>
    storage.run('inside', async () => {
      const seen = []
      await new Promise((resolve) => {
        const handle = l.setTimeout(() => {
          seen.push(storage.getStore())
          storage.enterWith(`entered ${seen.length}`)
          if (seen.length < 3) handle.refresh()
          else resolve()
        }, 1)
      })
      return seen
    }),
  )
})

test('a timer revived after its end runs in the context that revived it', async () => {
  const seen = await same(async (l, storage) => {
    const seen = []
    let done
    const handle = storage.run('first life', () =>
      l.setTimeout(() => {
        seen.push(storage.getStore())
        done()
      }, 1),
    )
    for (const life of ['second life', 'third life', undefined]) {
      await new Promise((resolve) => {
        done = () => l.setImmediate(resolve)
      })
      if (life !== undefined) storage.run(life, () => handle.refresh())
    }
    return seen
  })
  assert.deepStrictEqual(seen, ['first life', 'second life', 'third life'])
})

test('a timer revived after its end is the resource of its second life, under a new number', async () => {
  const seen = await same(async (l) => {
    const seen = []
    const numbers = new Set()
    await new Promise((resolve) => {
      const handle = l.setTimeout(() => {
        numbers.add(+handle)
        seen.push(executionAsyncResource() === handle, +handle === executionAsyncId())
        if (numbers.size === 3) resolve()
        else l.setImmediate(() => handle.refresh())
      }, 1)
    })
    return seen
  })
  assert.deepStrictEqual(seen, Array(6).fill(true))
})

test('nothing of one callback leaks into the next', async () => {
  const seen = await same(async (l, storage) => {
    const seen = []
    for (const set of [(callback) => l.setTimeout(callback, 1), l.setImmediate, l.queueMicrotask]) {
      const enter = (name) =>
        new Promise((resolve) => {
          set(() => {
            seen.push(name, storage.getStore())
            storage.enterWith(name)
            resolve()
          })
        })
      await Promise.all([enter('first'), enter('second')])
    }
    return seen
  })
  assert.deepStrictEqual(seen, new Array(3).fill(['first', undefined, 'second', undefined]).flat())
})

function run(loop, name) {
  return new Promise((resolve) => {
    const script = join(__dirname, 'context', 'uncaught.js')
    execFile(process.execPath, [script, loop, name], { timeout: 60_000 }, (error, stdout) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, lines: stdout.trim().split('\n') })
    })
  })
}

/** What Node loses and ours keeps, for which it is enough that ours is right. */
const KEPT = {
  'a microtask in a domain': ['microtask true'],
}
if (major < 24) {
  const kinds = ['timeout', 'interval', 'interval', 'immediate', 'microtask', 'tick of a timeout']
  KEPT['the store in uncaughtException'] = [...kinds, 'timeout in an immediate'].map((kind) => `${kind} inside`)
}

test('errors find their domain and their store', { concurrency: 4 }, async (t) => {
  await Promise.all(
    names.map((name) =>
      t.test(name, async () => {
        const [theirs, got] = [await run('node', name), await run('ours', name)]
        if (name in KEPT) {
          assert.notDeepStrictEqual(theirs.lines, KEPT[name])
          assert.deepStrictEqual(got, { code: 0, lines: KEPT[name] })
        } else {
          assert.notStrictEqual(theirs.lines.length, 0)
          assert.deepStrictEqual(got, theirs)
        }
      }),
    ),
  )
})
