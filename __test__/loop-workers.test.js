'use strict'
// Loop objects that end while 8 workers hand work over at that moment: nothing that a shutdown has accepted is lost,
// nothing runs after the end, and every worker learns of it.

const { test, before, after } = require('node:test')
const assert = require('node:assert')
const { once } = require('node:events')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')
const ours = require('..')
const { EventLoop, ring } = ours

const turn = () => new Promise((resolve) => setImmediate(resolve))
const BUSY = 200

/** Rings each doorbell it is told of until that is an error, and tells how often it was none, and which error. */
const SOURCE = `
  const { ring } = require(${JSON.stringify(join(__dirname, '..'))})
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', (id) => {
    let accepted = 0
    try {
      for (;; accepted++) ring(id)
    } catch ({ code }) {
      parentPort.postMessage({ accepted, code })
    }
  })`

let workers
before(async () => {
  workers = Array.from({ length: 8 }, () => new Worker(SOURCE, { eval: true }))
  await Promise.all(workers.map((worker) => once(worker, 'online')))
})
after(() => Promise.all(workers.map((worker) => worker.terminate())))

/** All workers ring, and each comes to its end. How often it was accepted. */
async function ringUntilTheEnd(bell) {
  const reports = workers.map((worker) => once(worker, 'message'))
  for (const worker of workers) worker.postMessage(bell.id)
  let accepted = 0
  for (const [report] of await Promise.all(reports)) {
    assert.strictEqual(report.code, 'ERR_LOOP_CLOSED')
    accepted += report.accepted
  }
  return accepted
}

/** Where a loop object is ended when it is busy. Called with each of the rings that are answered. */
const PLACES = {
  'the callback of the doorbell': (_, end) => end(),
  'a task': (loop, end) => loop.submit(end),
  'an immediate': (loop, end) => loop.setImmediate(end),
  'a microtask': (loop, end) => loop.queueMicrotask(end),
  'the callback of another doorbell': (loop, end) => ring(loop.doorbell(end).id),
  'a callback that throws': (loop, end) =>
    loop.setImmediate(() => {
      end()
      throw new Error('of the place')
    }),
  'a timer of nobody': (_, end) => ours.setTimeout(end, 1),
}

for (const [place, call] of Object.entries(PLACES)) {
  test(`closed in ${place}: nothing runs any more`, { timeout: 60_000 }, async () => {
    const errors = []
    const loop = new EventLoop({ onError: ({ message }) => errors.push(message) })
    let answered = 0
    let ended = false
    const work = () => assert.ok(!ended, 'it runs after the end')
    const bell = loop.doorbell((rings) => {
      assert.ok(!ended, 'it is answered after the end')
      if (answered < BUSY && answered + rings >= BUSY) {
        call(loop, () => {
          ended = true
          loop.close()
        })
      }
      answered += rings
      if (ended) return
      loop.submit(work)
      loop.setImmediate(work)
      loop.queueMicrotask(work)
    })
    const accepted = await ringUntilTheEnd(bell)
    assert.ok(ended && accepted >= answered)
    await turn()
    await turn()
    assert.deepStrictEqual(errors, place === 'a callback that throws' ? ['of the place'] : [])
    assert.deepStrictEqual(loop.handles(), [])
  })

  test(`shut down in ${place}: all that was accepted is done`, { timeout: 60_000 }, async () => {
    const loop = new EventLoop({ onError: () => {} })
    let answered = 0
    let over
    const done = { submit: 0, setImmediate: 0, queueMicrotask: 0 }
    const bell = loop.doorbell((rings) => {
      if (answered < BUSY && answered + rings >= BUSY) {
        call(loop, () => {
          over = loop.shutdown()
        })
      }
      answered += rings
      for (const set of Object.keys(done)) {
        loop[set](() => {
          done[set] += rings
        })
      }
    })
    const accepted = await ringUntilTheEnd(bell)
    const { dropped, timedOut } = await over
    assert.strictEqual(answered, accepted)
    assert.deepStrictEqual(done, { submit: accepted, setImmediate: accepted, queueMicrotask: accepted })
    assert.deepStrictEqual([dropped.task, dropped.immediate, dropped.microtask, timedOut], [0, 0, 0, false])
  })
}
