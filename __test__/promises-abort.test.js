'use strict'
// Signals given to `rs-eventloop/promises`, beside Node's: what is a signal, the error, and the listeners.

const { test } = require('node:test')
const assert = require('node:assert')
const { getEventListeners } = require('node:events')
const { inspect } = require('node:util')
const { outcome, shapeOf } = require('./promises/outcome')
const { same } = require('./promises/same')

test('what is like a signal is taken for one', async () => {
  // An `aborted` property is all that Node asks for at first.
  const likeSignals = [{ aborted: true }, { aborted: true, reason: 'mine' }]
  // As Node does from 24 on: 20 and 22 reject, and hide the error behind that of a second attempt.
  if (Number.parseInt(process.versions.node, 10) >= 24) likeSignals.push({ aborted: false }, [], new Map())
  for (const signal of likeSignals) {
    await same((promises) => outcome(() => promises.setTimeout(1, 1, { signal })), inspect(signal))
    await same((promises) => outcome(() => promises.setImmediate(1, { signal })), inspect(signal))
    await same((promises) => outcome(() => promises.setInterval(1, 1, { signal }).next()), inspect(signal))
  }
})

test('the cause of an AbortError is the signal’s reason', async () => {
  for (const reason of [undefined, null, 0, 'text', new Error('mine'), { mine: true }]) {
    for (const early of [true, false]) {
      for (const start of [
        (promises, signal) => promises.setTimeout(10_000, 1, { signal }),
        (promises, signal) => promises.setImmediate(1, { signal }),
        (promises, signal) => promises.setInterval(10_000, 1, { signal }).next(),
        (promises, signal) => promises.scheduler.wait(10_000, { signal }),
      ]) {
        const error = await same(async (promises) => {
          const controller = new AbortController()
          if (early) controller.abort(reason)
          const promise = start(promises, controller.signal)
          if (!early) controller.abort(reason)
          const error = await promise.catch((error) => error)
          assert.strictEqual(error.cause, controller.signal.reason)
          return shapeOf(error)
        })
        assert.strictEqual(error.name, 'AbortError')
      }
    }
  }
})

test('a signal that times out aborts', async () => {
  const { cause } = await same(async (promises) => {
    const { rejected } = await outcome(() => promises.setTimeout(10_000, 1, { signal: AbortSignal.timeout(2) }))
    return { ...rejected, cause: rejected.cause.name }
  })
  assert.strictEqual(cause, 'TimeoutError')
})

test('an abort settles only what was not settled before', async () => {
  await same(async (promises, { setTimeout }) => {
    const controller = new AbortController()
    const { signal } = controller
    const before = promises.setTimeout(1, 'fulfilled before', { signal })
    setTimeout(() => controller.abort(), 1)
    const after = promises.setTimeout(1, 'never', { signal })
    const seen = await Promise.allSettled([before, after])
    return seen.map(({ value, reason }) => value ?? reason.name)
  })
})

test('a listener that stops the event does not keep the abort away', async () => {
  for (const start of [
    (promises, signal) => promises.setTimeout(30, 'stopped', { signal }),
    (promises, signal) => promises.setInterval(30, 'stopped', { signal }).next(),
  ]) {
    const { rejected } = await same((promises) => {
      const controller = new AbortController()
      controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation())
      const promise = start(promises, controller.signal)
      controller.abort()
      return outcome(() => promise)
    })
    assert.strictEqual(rejected.name, 'AbortError')
  }
})

test('the listener is there while it is needed, and then removed', async () => {
  const listening = (signal) => getEventListeners(signal, 'abort').length
  await same(async (promises) => {
    const seen = []
    const controller = new AbortController()
    const { signal } = controller
    for (const start of [() => promises.setTimeout(1, 1, { signal }), () => promises.setImmediate(1, { signal })]) {
      const promise = start()
      seen.push(listening(signal))
      await promise
      seen.push(listening(signal))
    }
    const interval = promises.setInterval(1, 1, { signal })
    seen.push(listening(signal))
    await interval.next()
    seen.push(listening(signal))
    await interval.return()
    seen.push(listening(signal))
    const aborted = [promises.setTimeout(10_000, 1, { signal }), promises.setInterval(10_000, 1, { signal }).next()]
    seen.push(listening(signal))
    controller.abort()
    await Promise.allSettled(aborted)
    seen.push(listening(signal))
    assert.deepStrictEqual(seen, [1, 0, 1, 0, 0, 1, 0, 2, 0])
    return seen
  })
})
