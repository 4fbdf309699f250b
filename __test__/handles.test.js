'use strict'
// Handles, clearing, arguments and errors. Where a claim is "as in Node", the same code runs on Node's functions too.

const { test } = require('node:test')
const assert = require('node:assert')
const { inspect, promisify } = require('node:util')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')
const ours = require('..')

const node = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask }

function thrownBy(run) {
  try {
    run()
  } catch (error) {
    return { Class: error.constructor, name: error.name, code: error.code, message: error.message }
  }
  return undefined
}

const BAD_CALLBACKS = [undefined, null, 'code', 5, 5n, {}, [], Symbol('s'), true, new Date(0), Object.create(null)]

for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) {
  test(`${name} refuses what is no function, in Node's words`, () => {
    for (const bad of BAD_CALLBACKS) {
      const expected = thrownBy(() => node[name](bad, 1))
      assert.ok(expected, 'Node throws')
      assert.deepStrictEqual(
        thrownBy(() => ours[name](bad, 1)),
        expected,
      )
    }
  })
}

test('a delay that cannot be a number throws, and nothing is scheduled', () => {
  const thrower = {
    valueOf() {
      throw new RangeError('mine')
    },
  }
  for (const bad of [Symbol('s'), 5n, thrower]) {
    const { Class } = thrownBy(() => node.setTimeout(() => {}, bad))
    assert.strictEqual(thrownBy(() => ours.setTimeout(assert.fail, bad)).Class, Class)
  }
})

test('a delay is coerced once', () => {
  let times = 0
  const delay = {
    valueOf() {
      times++
      return 5
    },
  }
  const timeout = ours.setTimeout(() => {}, delay)
  assert.strictEqual(timeout._idleTimeout, 5)
  assert.strictEqual(times, 1)
  ours.clearTimeout(timeout)
})

test('delays are read as in Node, up to 2^31 - 1', () => {
  for (const delay of [
    undefined,
    null,
    0,
    -5,
    0.5,
    1.9,
    '7',
    '0x10',
    ' 8 ',
    'abc',
    NaN,
    true,
    [3],
    {},
    '',
    2 ** 31 - 1,
  ]) {
    const [theirs, mine] = [node.setTimeout(() => {}, delay), ours.setTimeout(() => {}, delay)]
    assert.strictEqual(mine._idleTimeout, theirs._idleTimeout, inspect(delay))
    node.clearTimeout(theirs)
    ours.clearTimeout(mine)
  }
})

test('delays up to 2^53 - 1 are kept, and are far away', async () => {
  for (const delay of [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const timeout = ours.setTimeout(() => assert.fail('fired'), delay)
    assert.strictEqual(timeout._idleTimeout, delay)
    await new Promise((resolve) => ours.setTimeout(resolve, 5))
    ours.clearTimeout(timeout)
  }
})

test('callbacks get their handle as this, and any number of arguments', async () => {
  for (const count of [0, 1, 2, 3, 4, 9]) {
    const args = Array.from({ length: count }, (_, i) => ({ i }))
    for (const [set, before] of [
      [ours.setTimeout, [1]],
      [ours.setInterval, [1]],
      [ours.setImmediate, []],
    ]) {
      const seen = await new Promise((resolve) => {
        const handle = set(
          function (...got) {
            resolve({ self: this === handle, got })
            ours.clearInterval(handle)
          },
          ...before,
          ...args,
        )
      })
      assert.ok(seen.self)
      assert.deepStrictEqual(seen.got, args)
    }
  }
})

test('lengths and names are those of Node 24', () => {
  const shape = Object.fromEntries(Object.keys(node).map((name) => [name, [ours[name].length, ours[name].name]]))
  assert.deepStrictEqual(shape, {
    setTimeout: [2, 'setTimeout'],
    setInterval: [2, 'setInterval'],
    setImmediate: [1, 'setImmediate'],
    clearTimeout: [1, 'clearTimeout'],
    clearInterval: [1, 'clearInterval'],
    clearImmediate: [1, 'clearImmediate'],
    queueMicrotask: [1, 'queueMicrotask'],
  })
})

test('clears by handle, number and numeric string; timeouts and intervals alike', async () => {
  const keys = [(handle) => handle, (handle) => +handle, (handle) => `${+handle}`]
  for (const key of keys) {
    for (const set of [ours.setTimeout, ours.setInterval]) {
      for (const clear of [ours.clearTimeout, ours.clearInterval]) {
        const handle = set(() => assert.fail('cleared'), 1)
        assert.strictEqual(clear(key(handle)), undefined)
        assert.ok(handle._destroyed)
      }
    }
    const immediate = ours.setImmediate(() => assert.fail('cleared'))
    assert.strictEqual(ours.clearImmediate(key(immediate)), undefined)
    assert.ok(!immediate.hasRef())
  }
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
})

test('timeouts and immediates are apart, and never have the same number', async () => {
  const fired = []
  const timeout = ours.setTimeout(() => fired.push('timeout'), 1)
  const immediate = ours.setImmediate(() => fired.push('immediate'))
  assert.notStrictEqual(+timeout, +immediate)
  ours.clearImmediate(timeout)
  ours.clearImmediate(+timeout)
  ours.clearTimeout(immediate)
  ours.clearTimeout(+immediate)
  while (fired.length < 2) await new Promise((resolve) => node.setImmediate(resolve))
  assert.deepStrictEqual(fired.toSorted(), ['immediate', 'timeout'])
})

test('hundreds of immediates, set and cleared in their batch and behind it, run as in Node', async () => {
  async function play({ setImmediate, clearImmediate }) {
    const trace = []
    const set = (name, count) => Array.from({ length: count }, (_, i) => setImmediate(() => trace.push(`${name} ${i}`)))
    const clear = (handles) => {
      for (const handle of handles) clearImmediate(handle)
    }
    clear(set('cleared', 300))
    set('first', 130)
    setImmediate(() => {
      clear(set('cleared in a batch', 200))
      set('second', 3)
      clear(set('every other', 150).filter((_, i) => i % 2))
    })
    const rest = set('behind', 140)
    setImmediate(() => clear(rest))
    clear(rest.slice(70))
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
    return trace
  }
  const expected = await play(node)
  assert.strictEqual(expected.length, 130 + 70 + 3 + 75)
  assert.deepStrictEqual(await play(ours), expected)
})

test('what is foreign, unknown or over is ignored', () => {
  const theirs = node.setTimeout(() => {}, 1000)
  const theirImmediate = node.setImmediate(() => {})
  const over = ours.setTimeout(() => {}, 1000)
  ours.clearTimeout(over)
  const foreign = { _onTimeout: () => {} }
  const values = [
    undefined,
    null,
    0,
    -1,
    NaN,
    1e9,
    '',
    'abc',
    ' 1',
    true,
    {},
    [],
    () => {},
    Symbol('s'),
    10n,
    over,
    foreign,
  ]
  for (const value of [...values, theirs, theirImmediate, +over]) {
    for (const clear of [ours.clearTimeout, ours.clearInterval, ours.clearImmediate]) {
      assert.strictEqual(clear(value), undefined)
    }
  }
  assert.strictEqual(typeof foreign._onTimeout, 'function', 'foreign objects are left as they are')
  assert.ok(!theirs._destroyed)
  node.clearTimeout(theirs)
  node.clearImmediate(theirImmediate)
})

test('ref, unref and hasRef answer as in Node at each point of a life', async () => {
  async function life({ setTimeout, setImmediate, clearTimeout, clearImmediate }) {
    const seen = []
    const timeout = setTimeout(() => seen.push(timeout.hasRef()), 1)
    seen.push(timeout.hasRef(), timeout.unref() === timeout, timeout.hasRef(), timeout.ref() === timeout)
    const unrefed = setTimeout(() => {}, 1000).unref()
    clearTimeout(unrefed)
    seen.push(unrefed.hasRef(), unrefed.ref().hasRef())
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen.push(timeout.hasRef())
    const immediate = setImmediate(() => seen.push(immediate.hasRef()))
    seen.push(immediate.hasRef(), immediate.unref().hasRef(), immediate.ref().hasRef())
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen.push(immediate.hasRef())
    const gone = setImmediate(() => {})
    clearImmediate(gone)
    seen.push(gone.hasRef(), gone.ref().hasRef())
    return seen
  }
  assert.deepStrictEqual(await life(ours), await life(node))
})

test('unref and ref tolerate a foreign this', () => {
  for (const method of ['ref', 'unref']) {
    const handle = ours.setTimeout(() => {}, 1)
    handle[method].call({})
    ours.clearTimeout(handle)
  }
})

test('refresh revives what has fired, not what was cleared', async () => {
  let times = 0
  const handle = ours.setTimeout(() => times++, 1)
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
  assert.strictEqual(times, 1)
  assert.strictEqual(handle.refresh(), handle)
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
  assert.strictEqual(times, 2)
  ours.clearTimeout(handle.refresh())
  handle.refresh()
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
  assert.strictEqual(times, 2)
})

test('close and Symbol.dispose clear', async () => {
  const dispose = Symbol.dispose ?? Symbol.for('nodejs.dispose')
  const timeout = ours.setTimeout(() => assert.fail('closed'), 1)
  assert.strictEqual(timeout.close(), timeout)
  ours.setTimeout(() => assert.fail('disposed'), 1)[dispose]()
  ours.setImmediate(() => assert.fail('disposed'))[dispose]()
  const immediate = ours.setImmediate(() => assert.fail('closed'))
  assert.strictEqual(immediate.close(), immediate)
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
})

test('inspect says what a handle is', () => {
  const timeout = ours.setTimeout(() => {}, 1234)
  assert.match(inspect(timeout), /^Timeout \{ id: \d+, delay: 1234, repeat: false, ref: true, state: 'pending' \}$/)
  ours.clearTimeout(timeout)
  assert.match(inspect(timeout), /state: 'cleared'/)
  assert.match(inspect({ deep: { timeout } }, { depth: 0 }), /deep/)
  const immediate = ours.setImmediate(() => {})
  assert.match(inspect(immediate), /^Immediate \{ id: \d+, ref: true, state: 'pending' \}$/)
  ours.clearImmediate(immediate)
})

test('a timeout becomes an interval when its _repeat is set, as in Node', async () => {
  async function count({ setTimeout, clearTimeout }) {
    let times = 0
    return new Promise((resolve) => {
      const handle = setTimeout(() => {
        if (++times === 3) {
          clearTimeout(handle)
          resolve(times)
        }
      }, 1)
      handle._repeat = 1
    })
  }
  assert.strictEqual(await count(ours), await count(node))
})

test("Node's own clear functions end a timer of ours, and leave an immediate of ours alone", async () => {
  const timeout = ours.setTimeout(() => assert.fail('it was cleared'), 1)
  const interval = ours.setInterval(() => assert.fail('it was cleared'), 1)
  node.clearTimeout(timeout)
  node.clearInterval(interval)
  assert.ok(timeout._destroyed && interval._destroyed)
  const ran = new Promise((resolve) => {
    const immediate = ours.setImmediate(resolve)
    node.clearImmediate(immediate)
  })
  await ran
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
  await new Promise((resolve) => node.setImmediate(resolve))
})

test('numbers end at 2^53 - 1 with an error, before anything is scheduled', () => {
  const script = join(__dirname, 'handles', 'last-number.js')
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', '--expose-internals', script], {
    encoding: 'utf8',
  })
  assert.strictEqual(stderr, '')
  assert.strictEqual(status, 0)
  const refused = 'ERR_TIMER_ID_EXHAUSTED'
  assert.deepStrictEqual(JSON.parse(stdout), [Number.MAX_SAFE_INTEGER, refused, refused, refused])
})

test('util.promisify gives the promise forms', async () => {
  assert.strictEqual(promisify(ours.setTimeout), ours.promises.setTimeout)
  assert.strictEqual(promisify(ours.setImmediate), ours.promises.setImmediate)
  assert.strictEqual(await promisify(ours.setTimeout)(1, 'value'), 'value')
  assert.strictEqual(await promisify(ours.setImmediate)('value'), 'value')
})

test('a throwing microtask is an uncaught exception, and the rest runs', async () => {
  const seen = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.once('uncaughtException', (error) => seen.push(error.message))
  ours.queueMicrotask(() => {
    throw new Error('mine')
  })
  ours.queueMicrotask(() => seen.push('rest'))
  await null
  for (const listener of listeners) process.on('uncaughtException', listener)
  assert.deepStrictEqual(seen, ['mine', 'rest'])
})

test('a timer that is told that it is not destroyed goes on, one that is told that it is ends', async () => {
  const ran = []
  const timers = ['goes on', 'ends'].map((name) => ours.setTimeout(() => ran.push(name), 1))
  timers[0]._destroyed = false
  timers[1]._destroyed = true
  await new Promise((resolve) => ours.setTimeout(resolve, 5))
  assert.deepStrictEqual(ran, ['goes on'])
})
