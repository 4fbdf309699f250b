'use strict'
// Options are looked into, and delays are converted, by code of the program: it may throw, or end the loop object. Nothing is
// half made then, and nothing comes alive behind the end.

const { test } = require('node:test')
const assert = require('node:assert')
const { EventLoop, defaultLoop, promises } = require('..')

const thrown = new Error('thrown by a getter')
const getting = (name, get, others) => Object.defineProperty({ ...others }, name, { get })
const throwing = (name, others) =>
  getting(
    name,
    () => {
      throw thrown
    },
    others,
  )
const never = () => {}
const isThrown = (error) => error === thrown
const isUnix = process.platform !== 'win32'

const OF_LOOPS = [
  'name',
  'origins',
  'asyncContext',
  'nestedClamp',
  'microtasks',
  'microtaskBudget',
  'order',
  'missed',
].concat(['onError', 'onUnhandledRejection', 'metrics'])

test('no loop object is made of options that throw', () => {
  const created = []
  const { subscribe, unsubscribe } = require('node:diagnostics_channel')
  const listener = ({ loop }) => created.push(loop)
  subscribe('rs-eventloop:created', listener)
  for (const name of OF_LOOPS) assert.throws(() => new EventLoop(throwing(name)), isThrown, name)
  for (const name of ['lateAfter', 'every']) assert.throws(() => new EventLoop({ metrics: throwing(name) }), isThrown)
  unsubscribe('rs-eventloop:created', listener)
  assert.deepStrictEqual(created, [])
})

test('a shutdown whose options throw has not begun', async () => {
  const options = ['timers', 'timeout', 'signal'].map((name) => throwing(name))
  const signals = [
    throwing('aborted'),
    new Proxy(new AbortController().signal, { get: () => assert.fail(thrown) }),
    { aborted: false },
  ]
  for (const given of [...options, ...signals.map((signal) => ({ timeout: 1e6, signal }))]) {
    const loop = new EventLoop()
    const before = defaultLoop.handles().length
    loop.setTimeout(never, 1e6)
    assert.throws(() => loop.shutdown(given))
    assert.strictEqual(loop.state, 'sleeping')
    assert.strictEqual(loop.handles().length, 1)
    assert.strictEqual(defaultLoop.handles().length, before)
    assert.strictEqual((await loop.shutdown()).dropped.timeout, 1)
  }
})

/** A signal as a program might make it: `on` what it is asked for, this is called. */
const signalWith = (on, call) => ({ aborted: false, addEventListener: never, removeEventListener: never, [on]: call })

test('a shutdown that is ended while it listens to its signal is over', async () => {
  const ways = ['close', 'shutdown']
  for (const way of ways) {
    const loop = new EventLoop()
    loop.setTimeout(never, 1e6)
    const signal = signalWith('addEventListener', () => loop[way]())
    assert.strictEqual((await loop.shutdown({ timers: 'run', signal })).timedOut, false)
    assert.strictEqual(loop.state, 'terminated', way)
  }
  const aborting = signalWith('addEventListener', (_, onAbort) => onAbort())
  await assert.rejects(new EventLoop().shutdown({ signal: aborting }), { name: 'AbortError' })
})

test('a signal that does not let go of its listener keeps nobody waiting', async () => {
  const closed = []
  const { subscribe, unsubscribe } = require('node:diagnostics_channel')
  const listener = ({ loop }) => closed.push(loop)
  subscribe('rs-eventloop:closed', listener)
  const signal = signalWith('removeEventListener', () => {
    throw thrown
  })
  const loop = new EventLoop()
  assert.throws(() => loop.shutdown({ signal }), isThrown)
  assert.deepStrictEqual(closed, [loop])
  unsubscribe('rs-eventloop:closed', listener)
  assert.strictEqual((await loop.shutdown()).timedOut, false)

  const errors = []
  const other = new EventLoop({ onError: (error) => errors.push(error) })
  assert.strictEqual(await other.delay(1, 'over', { signal }), 'over')
  assert.deepStrictEqual(errors, [thrown])
  other.close()
})

test('a shutdown of what is no loop object sets no limit of time', () => {
  const made = []
  const hook = require('node:async_hooks').createHook({ init: (_, type) => made.push(type) })
  hook.enable()
  for (const other of [{}, null]) {
    assert.throws(() => EventLoop.prototype.shutdown.call(other, { timeout: 1 }), TypeError)
  }
  hook.disable()
  assert.deepStrictEqual(made, [])
})

test('a watcher whose options throw is none', { skip: !isUnix }, (t) => {
  const { openSync, closeSync } = require('node:fs')
  const fd = openSync('/dev/ptmx', 'r+')
  t.after(() => closeSync(fd))
  const loop = new EventLoop()
  for (const name of ['readable', 'writable', 'priority', 'mode']) {
    assert.throws(() => loop.watch(fd, throwing(name, { readable: true }), never), isThrown)
  }
  assert.deepStrictEqual(loop.handles(), [])
  const watcher = loop.watch(fd, { writable: true }, never)
  assert.throws(() => watcher.update(throwing('mode')), isThrown)
  const closing = getting('mode', () => void watcher.close())
  assert.throws(() => watcher.update(closing), { code: 'ERR_INVALID_STATE' })
  loop.close()
})

test('a delay whose options throw sets nothing', async () => {
  const loop = new EventLoop()
  for (const name of ['signal', 'ref']) {
    await assert.rejects(loop.delay(1e6, 1, throwing(name)), isThrown)
    await assert.rejects(promises.setTimeout(1e6, 1, throwing(name)), isThrown)
    await assert.rejects(promises.setInterval(1e6, 1, throwing(name)).next(), isThrown)
  }
  await assert.rejects(loop.delay(1e6, 1, { signal: throwing('aborted') }), isThrown)
  await assert.rejects(loop.delay(1e6, 1, { signal: { aborted: false } }))
  assert.deepStrictEqual(loop.handles(), [])
  assert.deepStrictEqual(
    defaultLoop.handles().filter(({ delay }) => delay === 1e6),
    [],
  )
})

test('what ends the loop object while it is looked into comes too late', { skip: !isUnix }, (t) => {
  const { openSync, closeSync } = require('node:fs')
  const fd = openSync('/dev/ptmx', 'r+')
  t.after(() => closeSync(fd))
  for (const order of ['node', 'deadline']) {
    for (const end of [(loop) => loop.close(), (loop) => void loop.shutdown()]) {
      const sets = {
        setTimeout: (loop, value) => loop.setTimeout(never, { valueOf: value }),
        setInterval: (loop, value) => loop.setInterval(never, { valueOf: value }),
        watch: (loop, value) =>
          loop.watch(
            fd,
            getting('readable', () => value() === 1),
            never,
          ),
      }
      for (const [name, set] of Object.entries(sets)) {
        const loop = new EventLoop({ order })
        const value = () => {
          end(loop)
          return 1
        }
        assert.throws(() => set(loop, value), { code: 'ERR_LOOP_CLOSED' }, name)
        assert.deepStrictEqual([loop.state, loop.handles().length], ['terminated', 0], name)
      }
    }
  }
})
