'use strict'
// `rs-eventloop/promises` beside `node:timers/promises`: each call runs on both, and what it comes to must be the same.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { EventEmitter } = require('node:events')
const { join } = require('node:path')
const { inspect, promisify } = require('node:util')
const ours = require('../promises')
const node = require('node:timers/promises')
const callbacks = require('..')
const { same } = require('./promises/same')
const { outcome } = require('./promises/outcome')

const BAD_VALUES = [
  null,
  'text',
  '28 characters are just shown',
  'a text that is longer than is shown',
  "one that's quoted otherwise",
  'two\nlines',
  5n,
  10n ** 40n,
  true,
  Symbol('s'),
  Symbol('a description that is longer than is shown of a text'),
  [],
  [1],
  {},
  () => {},
  function named() {},
  class Named {},
  new Date(0),
  new Map(),
  Object.assign(Object.create(null), { deep: { deeper: {} } }),
  { constructor: {} },
  { constructor: null },
]
// From 26 on Node shows the object instead of an empty name.
if (Number.parseInt(process.versions.node, 10) <= 24) BAD_VALUES.push({ constructor: { name: '' } })

const PLACES = {
  'a delay': (promises, value) => promises.setTimeout(value, 'value'),
  'a delay to wait': (promises, value) => promises.scheduler.wait(value),
  'options of setTimeout': (promises, value) => promises.setTimeout(1, 'value', value),
  'options of setImmediate': (promises, value) => promises.setImmediate('value', value),
  'options to wait': (promises, value) => promises.scheduler.wait(1, value),
  'a signal of setTimeout': (promises, signal) => promises.setTimeout(1, 'value', { signal }),
  'a signal of setImmediate': (promises, signal) => promises.setImmediate('value', { signal }),
  'ref of setTimeout': (promises, ref) => promises.setTimeout(1, 'value', { ref }),
  'ref of setImmediate': (promises, ref) => promises.setImmediate('value', { ref }),
  'a delay of setInterval': (promises, value) => firstOf(promises.setInterval(value)),
  'options of setInterval': (promises, value) => firstOf(promises.setInterval(1, 'value', value)),
  'a signal of setInterval': (promises, signal) => firstOf(promises.setInterval(1, 'value', { signal })),
  'ref of setInterval': (promises, ref) => firstOf(promises.setInterval(1, 'value', { ref })),
}

async function firstOf(interval) {
  for await (const value of interval) return value
}

for (const [place, use] of Object.entries(PLACES)) {
  test(`whatever is given as ${place} comes to the same`, async () => {
    let refused = 0
    for (const value of [undefined, 1.5, ...BAD_VALUES]) {
      const { rejected } = await same((promises) => outcome(() => use(promises, value)), inspect(value))
      if (rejected) refused++
    }
    assert.ok(refused > BAD_VALUES.length / 2, `${refused} refused`)
  })
}

test('the stack of what is refused begins with the function that was called', async () => {
  const place = (error) => error.stack.split('\n')[1].trim().split(' ')[1]
  for (const use of [
    (promises) => promises.setTimeout('wrong'),
    (promises) => promises.setTimeout(1, 1, 'wrong'),
    (promises) => promises.setImmediate(1, { signal: 'wrong' }),
    (promises) => promises.setInterval('wrong').next(),
    (promises) => promises.setInterval(1, 1, { ref: 'wrong' }).next(),
    (_promises, { setTimeout }) => setTimeout('wrong'),
    async (promises) => promises.scheduler.yield.call({}),
    async (promises) => new promises.scheduler.constructor(),
  ]) {
    const first = await same(async (promises, callbacks) => {
      try {
        return await use(promises, callbacks)
      } catch (error) {
        return place(error)
      }
    }, String(use))
    assert.match(first, /set|yield|new/)
  }
})

test('what is wrong is found in the same order', async () => {
  const aborted = AbortSignal.abort('reason')
  for (const delay of [1, 'wrong']) {
    for (const signal of [undefined, aborted, 'wrong']) {
      for (const ref of [undefined, false, 'wrong']) {
        const options = { signal, ref }
        // What is not ref’d runs only when something else makes the loop go round.
        const alive = setInterval(() => {}, 1)
        await same((promises) => outcome(() => promises.setTimeout(delay, 1, options)), inspect({ delay, options }))
        await same((promises) => outcome(() => promises.setImmediate(1, options)), inspect(options))
        await same((promises) => outcome(() => firstOf(promises.setInterval(delay, 1, options))), inspect(options))
        clearInterval(alive)
      }
    }
    await same((promises) => outcome(() => promises.setTimeout(delay, 1, 'wrong')))
  }
})

test('options that throw when they are read reject', async () => {
  const error = new Error('mine')
  const thrower = {
    get signal() {
      throw error
    },
  }
  for (const use of [
    (promises) => promises.setTimeout(1, 1, thrower),
    (promises) => promises.setImmediate(1, thrower),
  ]) {
    const { rejected } = await same((promises) => outcome(() => use(promises)))
    assert.strictEqual(rejected.message, 'mine')
  }
})

test('values are passed on as they are, and promises are waited for', async () => {
  const object = {}
  const rejected = Promise.reject(new Error('inner'))
  rejected.catch(() => {})
  for (const value of [undefined, null, object, Promise.resolve('inner'), rejected]) {
    await same((promises) => outcome(() => promises.setTimeout(1, value)))
    await same((promises) => outcome(() => promises.setImmediate(value)))
    await same((promises) => outcome(() => firstOf(promises.setInterval(1, value))))
  }
  assert.strictEqual(await ours.setTimeout(1, object), object)
})

test('the module has the same shape', () => {
  const describe = (object) =>
    Object.entries(Object.getOwnPropertyDescriptors(object)).map(([key, { value, ...rest }]) => [
      key,
      rest,
      typeof value === 'function' ? [value.name, value.length, Object.prototype.toString.call(value)] : typeof value,
    ])
  const shape = (promises, { setTimeout, setImmediate, setInterval }) => ({
    module: describe(promises),
    scheduler: describe(promises.scheduler),
    inspected: inspect(promises.scheduler, { showHidden: true }),
    tag: Object.prototype.toString.call(promises.scheduler),
    methods: describe(Object.getPrototypeOf(promises.scheduler)),
    Scheduler: describe(promises.scheduler.constructor),
    promisified: [setTimeout, setImmediate, setInterval].map((set) => {
      const custom = Object.getOwnPropertyDescriptor(set, promisify.custom)
      return custom && { ...custom, get: Object.values(promises).indexOf(custom.get()) }
    }),
  })
  assert.deepStrictEqual(shape(ours, callbacks), shape(node, globalThis))
  assert.strictEqual(callbacks.promises, ours)
})

test('scheduler’s methods, its class and a foreign this', async () => {
  const { scheduler } = node
  assert.ok(scheduler)
  for (const call of [
    ({ scheduler }) => scheduler.wait(1),
    ({ scheduler }) => scheduler.yield(),
    ({ scheduler }) => Object.create(scheduler).yield(),
    ({ scheduler }) => scheduler.yield.call({}),
    ({ scheduler }) => scheduler.wait.call(new EventEmitter(), 1),
    ({ scheduler }) => scheduler.yield.call(undefined),
    ({ scheduler: { wait } }) => wait(1),
    ({ scheduler }) => new scheduler.constructor(),
  ]) {
    await same((promises) => outcome(() => call(promises)), String(call))
  }
})

test('what was aborted, left or is not ref’d lets the process go', async () => {
  const script = join(__dirname, 'promises', 'lets-go.js')
  const run = (loop) =>
    new Promise((resolve) => {
      execFile(process.execPath, [script, loop], { timeout: 20_000 }, (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: error ? (error.code ?? error.signal) : 0 })
      })
    })
  const [expected, got] = await Promise.all([run('node'), run('ours')])
  assert.strictEqual(expected.code, 0)
  assert.deepStrictEqual(got, expected)
})

test('promises are native ones, whatever stands in for Promise', () => {
  const { Promise: Native } = globalThis
  const file = require.resolve('../lib/promises')
  const loaded = require.cache[file]
  delete require.cache[file]
  globalThis.Promise = class Other extends Native {}
  try {
    const fresh = require('../lib/promises')
    assert.notStrictEqual(fresh, ours)
    for (const promise of [fresh.setImmediate(), fresh.setImmediate(1, { signal: new AbortController().signal })]) {
      assert.strictEqual(promise.constructor, Native)
    }
  } finally {
    globalThis.Promise = Native
    require.cache[file] = loaded
  }
})
