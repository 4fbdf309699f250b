'use strict'
// Loop objects that are closed or shut down from every place there is, with everything they can have waiting around it,
// some of it in the same batch: after a close nothing runs any more, and a shutdown loses nothing it has accepted.

const { test } = require('node:test')
const assert = require('node:assert')
const diagnostics = require('node:diagnostics_channel')
const { writeSync } = require('node:fs')
const ours = require('..')
const { makeFds, settled } = require('./watch/fifos')
const { EventLoop, ring } = ours

const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }
const after = (ms) => new Promise((resolve) => ours.setTimeout(resolve, ms))
const fail = () => {
  throw new Error('of the place')
}
const failLater = async () => fail()

/** Calls `run` inside a callback of each kind. `fd` is always ready. */
const PLACES = {
  timeout: (loop, run) => loop.setTimeout(run, 1),
  interval: (loop, run) => loop.setInterval(run, 1),
  immediate: (loop, run) => loop.setImmediate(run),
  task: (loop, run) => loop.submit(run),
  microtask: (loop, run) => loop.queueMicrotask(run),
  watcher: (loop, run, fd) => loop.watch(fd, { readable: true }, run),
  'watcher of edges': (loop, run, fd) => loop.watch(fd, { readable: true, mode: 'edge' }, run),
  'watcher that tells once': (loop, run, fd) => loop.watch(fd, { readable: true, mode: 'once' }, run),
  async iteration(loop, run, fd) {
    try {
      for await (const _ of loop.watch(fd, { readable: true })) run()
    } catch (error) {
      if (error.code !== 'ERR_LOOP_CLOSED') throw error
    }
  },
  doorbell: (loop, run) => ring(loop.doorbell(run).id),
  'reaction to a delay': (loop, run) => loop.delay(1).then(run),
  'reaction to a promise of it': (loop, run) => loop.Promise.resolve().then(run),
  'callback of another loop object': (_, run) => new EventLoop().setImmediate(run),
  'callback of nobody': (_, run) => ours.setTimeout(run, 1),
  'callback of Node’s': (_, run) => setTimeout(run, 1),
  'next tick': (loop, run) => loop.setImmediate(() => process.nextTick(run)),
  'async callback that goes on': (loop, run) =>
    loop.setImmediate(async () => {
      await undefined
      run()
    }),
  'callback that throws': (loop, run) =>
    loop.setImmediate(() => {
      run()
      fail()
    }),
  'onError, of a throw': (loop) => loop.setTimeout(fail, 1),
  'onError, of a rejection': (loop) => loop.setTimeout(failLater, 1),
  onUnhandledRejection: (loop) => void loop.Promise.reject(new Error('unhandled')),
  'listener for uncaught exceptions'(_, run) {
    new EventLoop().setImmediate(fail)
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', () => {
      for (const listener of listeners) process.on('uncaughtException', listener)
      run()
    })
  },
  'subscriber to errors'(loop, run) {
    const channel = diagnostics.channel('rs-eventloop:error')
    channel.subscribe(function told(message) {
      if (message.loop !== loop) return
      channel.unsubscribe(told)
      run()
    })
    loop.setTimeout(fail, 1)
  },
}

/** What `run` may be called by instead of the place. */
const optionsFor = (place, run) => ({
  onError: place.startsWith('onError') ? run : () => {},
  onUnhandledRejection: run,
})

/** Three of everything a loop object can have, all due soon. Notes in `calls` what each is called. */
function fill(loop, fds, calls) {
  const note = (kind) => () => {
    calls.push(kind)
    calls.tell?.(kind)
  }
  for (const fd of fds) {
    loop.setTimeout(note('timeout'), 1)
    loop.setInterval(note('interval'), 1)
    loop.setImmediate(note('immediate'))
    loop.submit(note('task'))
    loop.queueMicrotask(note('microtask'))
    loop.watch(fd, { readable: true }, note('watcher'))
    ring(loop.doorbell(note('doorbell')).id)
    loop.delay(1).then(note('delay'), ({ code }) => calls.push(code))
  }
}

/** Fills a loop object, and ends it by `end` in one place of it. */
async function endIn(t, place, options, end) {
  const fds = makeFds(t, 7)
  for (const fd of fds) writeSync(fd, 'a')
  const calls = []
  let ended
  let finish
  const isOver = new Promise((resolve) => {
    finish = resolve
  })
  const run = () => {
    if (ended) return
    ended = { before: calls.length }
    try {
      finish(end(loop, calls))
    } catch (error) {
      finish(Promise.reject(error))
    }
  }
  const loop = new EventLoop({ name: 'gone', ...options, ...optionsFor(place, run) })
  t.after(() => loop.close())
  fill(loop, fds.slice(0, 3), calls)
  PLACES[place](loop, run, fds[6])
  fill(loop, fds.slice(3, 6), calls)
  const result = await isOver
  return { loop, calls, ...ended, result }
}

const VARIANTS = [
  {},
  { microtasks: 'batched', asyncContext: false, metrics: true },
  { order: 'deadline', microtaskBudget: 2, nestedClamp: true },
]

for (const place of Object.keys(PLACES)) {
  test(`close: ${place}`, UNIX, async (t) => {
    for (const options of VARIANTS) {
      const { loop, calls, before } = await endIn(t, place, options, (loop, calls) => {
        loop.close()
        calls.tell = assert.fail
        assert.strictEqual(loop.state, 'terminated')
        assert.deepStrictEqual(loop.handles(), [])
      })
      await after(5)
      await settled(t)
      const late = calls.slice(before)
      const delays = 6 - calls.slice(0, before).filter((kind) => kind === 'delay').length
      // Delays that were over but whose reactions had not run yet are fulfilled.
      const fulfilled = late.filter((kind) => kind === 'delay').length
      assert.deepStrictEqual(
        late.filter((kind) => kind !== 'delay'),
        Array(delays - fulfilled).fill('ERR_LOOP_CLOSED'),
      )
      for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'submit', 'queueMicrotask', 'doorbell']) {
        assert.throws(() => loop[name](assert.fail, 1), { code: 'ERR_LOOP_CLOSED', message: /'gone'/ }, name)
      }
    }
  })

  test(`shutdown: ${place}`, UNIX, async (t) => {
    for (const options of VARIANTS) {
      const { loop, calls, before, result } = await endIn(t, place, options, (loop) => {
        const over = loop.shutdown()
        assert.strictEqual(loop.shutdown(), over)
        return over
      })
      const { ran, dropped, timedOut } = result
      assert.deepStrictEqual([loop.state, timedOut], ['terminated', false])
      const all = calls.length
      const count = (kind, from = 0) => calls.slice(from).filter((called) => called === kind).length
      for (const kind of ['immediate', 'task', 'microtask', 'doorbell']) {
        assert.strictEqual(count(kind), 6, `${kind}s that were called`)
        assert.ok(ran[kind] >= count(kind, before), `${kind}s that ran`)
      }
      for (const kind of ['timeout', 'interval', 'watcher']) assert.strictEqual(count(kind, before), 0, kind)
      for (const kind of ['interval', 'watcher']) assert.ok(dropped[kind] >= 6, kind)
      assert.ok(count('timeout') + dropped.timeout >= 6)
      assert.strictEqual(count('delay') + count('ERR_LOOP_CLOSED'), 6)
      await after(5)
      await settled(t)
      assert.strictEqual(calls.length, all)
    }
  })
}
