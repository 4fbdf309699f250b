'use strict'
// Doorbells: rung from any thread, answered by one callback, and dead from the moment on at which nobody would answer.

const { test } = require('node:test')
const assert = require('node:assert')
const { once } = require('node:events')
const { join } = require('node:path')
const { inspect } = require('node:util')
const { Worker } = require('node:worker_threads')
const { EventLoop, ring } = require('..')
const { makeLoop } = require('./watch/fifos')

const root = join(__dirname, '..')
const turn = () => new Promise((resolve) => setImmediate(resolve))
const never = () => assert.fail('it is not to be called')
const dead = (id) => ({
  name: 'Error',
  code: 'ERR_LOOP_CLOSED',
  message: `There is no doorbell ${id}: it or its event loop is closed`,
})

/** A worker that runs this function, with `ring` and what it is given. */
function work(program, workerData, options) {
  const source = `
    const { EventLoop, ring } = require(${JSON.stringify(root)})
    const { parentPort, workerData } = require('node:worker_threads');
    (${program})(workerData, { EventLoop, ring, parentPort })`
  return new Worker(source, { eval: true, workerData, ...options })
}

test('one call for all rings, with their number', async (t) => {
  const loop = makeLoop(t)
  const calls = []
  const bell = loop.doorbell(function (rings) {
    calls.push([this === bell, rings])
  })
  assert.strictEqual(ring(bell.id), undefined)
  ring(bell.id)
  ring(bell.id)
  assert.deepStrictEqual(calls, [])
  while (calls.length < 1) await turn()
  ring(bell.id)
  while (calls.length < 2) await turn()
  assert.deepStrictEqual(calls, [
    [true, 3],
    [true, 1],
  ])
  assert.match(inspect(bell), /^Doorbell { id: \d+, ref: true, state: 'pending' }$/)
  assert.deepStrictEqual(
    loop.handles().map(({ kind, handle }) => [kind, handle]),
    [['doorbell', bell]],
  )
})

test('a ring from its own callback is another call', async (t) => {
  const loop = makeLoop(t)
  let calls = 0
  await new Promise((resolve) => {
    const bell = loop.doorbell((rings) => {
      assert.strictEqual(rings, 1)
      if (++calls === 3) resolve()
      else ring(bell.id)
    })
    ring(bell.id)
  })
  assert.strictEqual(calls, 3)
})

test('many at once: all are called, each for itself', async (t) => {
  const loop = makeLoop(t)
  const rung = new Map()
  const wanted = new Map()
  for (let i = 0; i < 1000; i++) {
    const { id } = loop.doorbell((rings) => rung.set(i, rings))
    for (let times = 0; times <= i % 3; times++) ring(id)
    wanted.set(i, (i % 3) + 1)
  }
  while (rung.size < wanted.size) await turn()
  assert.deepStrictEqual(rung, wanted)
})

test('8 workers ring while it is answered: no ring is lost, and memory written before is seen', async (t) => {
  const loop = makeLoop(t)
  const EACH = 20_000
  const counters = new Int32Array(new SharedArrayBuffer(4 * 8))
  let answered = 0
  let calls = 0
  const bell = loop.doorbell((rings) => {
    calls++
    answered += rings
    let written = 0
    for (const value of counters) written += value
    assert.ok(written >= answered, `${written} written, ${answered} answered`)
  })
  const workers = Array.from({ length: 8 }, (_, index) =>
    work(
      ({ id, counters, index, each }, { ring }) => {
        for (let i = 0; i < each; i++) {
          counters[index]++
          ring(id)
        }
      },
      { id: bell.id, counters, index, each: EACH },
    ),
  )
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  while (answered < 8 * EACH) await turn()
  assert.strictEqual(answered, 8 * EACH)
  assert.ok(calls < answered)
})

test('a closed one is dead, and what it was rung for is dropped', async (t) => {
  const loop = makeLoop(t)
  const bell = loop.doorbell(never)
  ring(bell.id)
  assert.strictEqual(bell.close(), bell)
  assert.throws(() => ring(bell.id), dead(bell.id))
  bell.close()
  bell[Symbol.dispose ?? Symbol.for('nodejs.dispose')]()
  const other = new EventLoop()
  const another = other.doorbell(never)
  ring(another.id)
  other.close()
  assert.throws(() => ring(another.id), dead(another.id))
  assert.throws(() => other.doorbell(never), { code: 'ERR_LOOP_CLOSED' })
  assert.throws(() => ring(2 ** 53 - 1), dead(2 ** 53 - 1))
  await turn()
  await turn()
  assert.deepStrictEqual(loop.handles(), [])
})

test('wrong numbers and callbacks are refused', (t) => {
  const loop = makeLoop(t)
  for (const id of ['1', null, undefined, 1n, {}]) assert.throws(() => ring(id), { code: 'ERR_INVALID_ARG_TYPE' })
  for (const id of [0, -1, 1.5, Number.NaN, 2 ** 53]) assert.throws(() => ring(id), { code: 'ERR_OUT_OF_RANGE' })
  for (const callback of [undefined, null, 'callback']) {
    assert.throws(() => loop.doorbell(callback), { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError' })
  }
})

test('a shutdown answers what was rung before, and takes no more', async (t) => {
  const loop = makeLoop(t)
  const calls = []
  const [rung, quiet] = [0, 1].map((index) => loop.doorbell((rings) => calls.push([index, rings])))
  ring(rung.id)
  ring(rung.id)
  const over = loop.shutdown()
  for (const { id } of [rung, quiet]) assert.throws(() => ring(id), dead(id))
  const { ran, dropped } = await over
  assert.deepStrictEqual(calls, [[0, 2]])
  assert.deepStrictEqual([ran.doorbell, dropped.doorbell], [1, 1])
})

test('a shutdown by another callback of the same phase, and by its own', async (t) => {
  const loop = makeLoop(t)
  const calls = []
  let over
  const bells = [0, 1, 2].map((index) =>
    loop.doorbell((rings) => {
      calls.push([index, rings])
      if (!over && index === 0) {
        ring(bells[0].id)
        ring(bells[1].id)
        over = loop.shutdown()
      }
    }),
  )
  for (const { id } of [bells[0], bells[1]]) ring(id)
  while (!over) await turn()
  const { ran, dropped } = await over
  assert.deepStrictEqual(calls, [
    [0, 1],
    [1, 2],
    [0, 1],
  ])
  assert.deepStrictEqual([ran.doorbell, dropped.doorbell], [3, 1])
})

test('a shutdown while 8 workers ring: what was accepted is answered', async (t) => {
  for (let round = 0; round < 3; round++) {
    const loop = makeLoop(t)
    let answered = 0
    let go
    const begun = new Promise((resolve) => {
      go = resolve
    })
    const bell = loop.doorbell((rings) => {
      answered += rings
      if (answered > 100) go()
    })
    const workers = Array.from({ length: 8 }, () =>
      work((id, { ring, parentPort }) => {
        let accepted = 0
        try {
          for (;;) {
            ring(id)
            accepted++
          }
        } catch (error) {
          parentPort.postMessage({ accepted, code: error.code })
        }
      }, bell.id),
    )
    const reports = workers.map((worker) => once(worker, 'message'))
    await begun
    await loop.shutdown()
    let accepted = 0
    for (const [report] of await Promise.all(reports)) {
      assert.strictEqual(report.code, 'ERR_LOOP_CLOSED')
      accepted += report.accepted
    }
    assert.strictEqual(answered, accepted)
  }
})

test('the doorbells of a worker die with it, rung or not', async () => {
  for (let round = 0; round < 10; round++) {
    const worker = work((_, { EventLoop, parentPort }) => {
      const bell = new EventLoop().doorbell(() => {})
      parentPort.postMessage(bell.id)
    })
    const [id] = await once(worker, 'message')
    ring(id)
    const exit = once(worker, 'exit')
    const over = worker.terminate()
    // All the way through its end.
    const ended = exit.then(() => true)
    for (;;) {
      try {
        for (let i = 0; i < 1000; i++) ring(id)
      } catch (error) {
        assert.strictEqual(error.code, 'ERR_LOOP_CLOSED')
        break
      }
      if (await Promise.race([ended, turn()])) break
    }
    await over
    await ended
    assert.throws(() => ring(id), dead(id))
  }
})
