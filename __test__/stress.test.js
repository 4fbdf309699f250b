'use strict'
// Everything at once, from many threads: nothing is lost, nothing comes twice, each in its order.

const { test } = require('node:test')
const assert = require('node:assert')
const { once } = require('node:events')
const { writeSync } = require('node:fs')
const { Worker } = require('node:worker_threads')
const { makeFds, makeLoop, read } = require('./watch/fifos')
const ours = require('..')

const UNIX = process.platform === 'win32' ? { skip: 'there are no file descriptors to watch' } : {}
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A thread that rings each of `bells` so often. It first writes down how often it has, for all to see. */
function producer(bells, times, written) {
  const source = `
    const { workerData } = require('node:worker_threads')
    const { ring } = require(workerData.path)
    for (let i = 0; i < workerData.times; i++) {
      for (const bell of workerData.bells) {
        Atomics.add(workerData.written, 0, 1)
        ring(bell)
      }
    }`
  const worker = new Worker(source, { eval: true, workerData: { path: require.resolve('..'), bells, times, written } })
  return once(worker, 'exit')
}

test('10 producers, 10,000 rings each: all are told, and none twice', async (t) => {
  const loop = makeLoop(t)
  const written = new Int32Array(new SharedArrayBuffer(4))
  let told = 0
  const bell = loop.doorbell((rings) => {
    told += rings
    assert.ok(told <= Atomics.load(written, 0))
  })
  await Promise.all(Array.from({ length: 10 }, () => producer([bell.id], 10_000, written)))
  while (told < 100_000) await turn()
  await turn()
  assert.strictEqual(told, 100_000)
})

test('1,000 timers, 100 doorbells, 100 pipes and 1,000 microtasks together', UNIX, async (t) => {
  const loop = makeLoop(t)
  const fired = []
  const cleared = new Set()
  const timers = Array.from({ length: 1000 }, (_, i) => ours.setTimeout(() => fired.push(i), 5 + (i % 20)))
  for (let i = 0; i < 1000; i += 2) {
    ours.clearTimeout(timers[i])
    cleared.add(i)
  }

  const rings = new Array(100).fill(0)
  const bells = rings.map((_, i) =>
    loop.doorbell((count) => {
      rings[i] += count
    }),
  )
  const written = new Int32Array(new SharedArrayBuffer(4))
  const ids = bells.map(({ id }) => id)
  const producers = Promise.all(Array.from({ length: 4 }, () => producer(ids, 25, written)))

  const bytes = new Array(100).fill('')
  makeFds(t, 100).forEach((fd, i) => {
    loop.watch(fd, { readable: true }, () => {
      bytes[i] += read(fd)
      if (bytes[i].length < 5) writeSync(fd, String(bytes[i].length))
    })
    writeSync(fd, '0')
  })

  const microtasks = []
  for (let i = 0; i < 1000; i++) {
    ours.queueMicrotask(() => {
      microtasks.push(i)
      if (i % 100 === 0) ours.setImmediate(() => ours.queueMicrotask(() => microtasks.push(1000 + i)))
    })
  }

  await producers
  const isDone = () =>
    fired.length >= 500 && rings.every((count) => count >= 100) && bytes.every((text) => text.length >= 5)
  while (!isDone()) await turn()
  await turn()
  // By delay, and in each list in the order in which they were set.
  const delays = new Map()
  for (const i of fired) delays.set(i % 20, [...(delays.get(i % 20) ?? []), i])
  for (const list of delays.values()) {
    assert.deepStrictEqual(
      list,
      list.toSorted((a, b) => a - b),
    )
  }
  assert.strictEqual(new Set(fired).size, 500)
  assert.ok(fired.every((i) => !cleared.has(i)))
  assert.deepStrictEqual([...new Set(rings)], [100])
  assert.deepStrictEqual([...new Set(bytes)], ['01234'])
  assert.deepStrictEqual(microtasks.slice(0, 1000), [...Array(1000).keys()])
  assert.deepStrictEqual(
    microtasks.slice(1000),
    Array.from({ length: 10 }, (_, i) => 1000 + i * 100),
  )
})
