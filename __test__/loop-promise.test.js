'use strict'
// The promises of loop objects: their class, what hears of unhandled rejections, and delay.

const { test } = require('node:test')
const assert = require('node:assert')
const ours = require('..')
const { ChainedPromise, EventLoop } = ours

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** What Node reports while `run` runs. */
async function reportedWhile(run) {
  const kinds = ['unhandledRejection', 'rejectionHandled']
  const before = kinds.map((kind) => process.listeners(kind))
  const reported = []
  for (const kind of kinds) {
    process.removeAllListeners(kind)
    process.on(kind, (...args) => reported.push([kind, args.at(-1)]))
  }
  try {
    await run()
  } finally {
    kinds.forEach((kind, i) => {
      process.removeAllListeners(kind)
      for (const listener of before[i]) process.on(kind, listener)
    })
  }
  return reported
}

test('loop.Promise is ChainedPromise, and stays itself', async () => {
  const loop = new EventLoop()
  const { Promise: LoopPromise } = loop
  assert.strictEqual(loop.Promise, LoopPromise)
  assert.notStrictEqual(new EventLoop().Promise, LoopPromise)
  assert.strictEqual(LoopPromise.name, 'ChainedPromise')
  const promise = LoopPromise.resolve(1).then((value) => value + 1)
  assert.ok(promise instanceof LoopPromise && promise instanceof ChainedPromise)
  assert.strictEqual(await promise, 2)
})

test('onUnhandledRejection hears of its promises, and Node does not', async () => {
  const heard = []
  const loop = new EventLoop({ onUnhandledRejection: (reason, promise) => heard.push([reason, promise]) })
  let mine
  let others
  const reported = await reportedWhile(async () => {
    mine = loop.Promise.reject('mine')
    loop.Promise.reject('handled').catch(() => {})
    others = ChainedPromise.reject('others')
    assert.deepStrictEqual(heard, [])
    await turn()
    assert.deepStrictEqual(heard, [['mine', mine]])
    mine.catch(() => {})
    others.catch(() => {})
    await turn()
  })
  assert.deepStrictEqual(reported, [
    ['unhandledRejection', others],
    ['rejectionHandled', others],
  ])
  assert.strictEqual(heard.length, 1)
})

test('without onUnhandledRejection Node reports the promises of a loop', async () => {
  let promise
  const reported = await reportedWhile(async () => {
    promise = new EventLoop().Promise.reject('why')
    await turn()
  })
  assert.deepStrictEqual(reported, [['unhandledRejection', promise]])
})

test('delay is a promise of the loop, listed and counted', async () => {
  const loop = new EventLoop()
  const promise = loop.delay(2, 'value')
  assert.ok(promise instanceof loop.Promise)
  assert.deepStrictEqual(
    loop.handles().map(({ kind, delay }) => [kind, delay]),
    [['delay', 2]],
  )
  const start = performance.now()
  assert.strictEqual(await promise, 'value')
  assert.ok(performance.now() - start < 5_000)
  assert.deepStrictEqual(loop.handles(), [])
  const last = loop.delay(1, 'last')
  const { ran, dropped } = await loop.shutdown({ timers: 'run' })
  assert.deepStrictEqual([await last, ran.delay, dropped.delay], ['last', 1, 0])
})

test('delays that a loop does not run any more are rejected', async () => {
  const loop = new EventLoop({ name: 'gone' })
  const pending = [loop.delay(1), loop.delay(100_000, 1, { ref: false })]
  const controller = new AbortController()
  const aborted = loop.delay(1, 1, { signal: controller.signal })
  controller.abort(new Error('why'))
  loop.close()
  for (const promise of pending) await assert.rejects(promise, { code: 'ERR_LOOP_CLOSED', message: /'gone'/ })
  await assert.rejects(aborted, { name: 'AbortError', code: 'ABORT_ERR' })
  assert.throws(() => loop.delay(1), { code: 'ERR_LOOP_CLOSED' })
  const other = new EventLoop()
  const dropped = other.delay(100_000)
  const rejected = assert.rejects(dropped, { code: 'ERR_LOOP_CLOSED' })
  assert.strictEqual((await other.shutdown()).dropped.delay, 1)
  await rejected
})

test('a delay whose handle is closed by somebody is rejected, too', async () => {
  const loop = new EventLoop({ name: 'gone' })
  const delayed = loop.delay(100_000)
  const [{ handle }] = loop.handles()
  handle.close()
  await assert.rejects(delayed, { name: 'AbortError', code: 'ABORT_ERR' })
  const controller = new AbortController()
  const signalled = loop.delay(100_000, 1, { signal: controller.signal })
  controller.abort('why')
  await assert.rejects(signalled, { name: 'AbortError', cause: 'why' })
  const late = loop.delay(100_000)
  const over = loop.shutdown({ timers: 'run' })
  loop.handles()[0].handle.close()
  await assert.rejects(late, { code: 'ERR_LOOP_CLOSED', message: "The event loop 'gone' is closed" })
  assert.strictEqual((await over).ran.delay, 0)
})

test('wrong arguments of delay reject as those of the module do', async () => {
  const loop = new EventLoop()
  for (const args of [['1'], [1, 1, null], [1, 1, { signal: 5 }], [1, 1, { ref: 'no' }]]) {
    let expected
    await ours.delay(...args).catch((error) => {
      expected = error
    })
    await assert.rejects(loop.delay(...args), { code: expected.code, message: expected.message })
  }
  assert.deepStrictEqual(loop.handles(), [])
})
