'use strict'
// A worker hands numbers over through shared memory and rings; the loop object takes all that are there with one call,
// however often it was rung. No message is copied, and the worker never waits.

const { Worker, isMainThread, workerData } = require('node:worker_threads')
const { EventLoop, ring } = require('rs-eventloop')

const ITEMS = 10_000

function main() {
  const loop = new EventLoop({ name: 'sums' })
  const written = new Int32Array(new SharedArrayBuffer(4))
  const items = new Int32Array(new SharedArrayBuffer(4 * ITEMS))
  let taken = 0
  let sum = 0
  let calls = 0
  const bell = loop.doorbell(() => {
    calls++
    for (const end = Atomics.load(written, 0); taken < end; taken++) sum += items[taken]
    if (taken < ITEMS) return
    console.log(`${taken} items, sum ${sum}, ${calls <= ITEMS ? 'no more calls than rings' : 'more calls than rings'}`)
    loop.close()
  })
  new Worker(__filename, { workerData: { bell: bell.id, written, items } })
}

function work({ bell, written, items }) {
  for (let i = 0; i < ITEMS; i++) {
    items[i] = i
    Atomics.store(written, 0, i + 1)
    ring(bell)
  }
}

if (isMainThread) main()
else work(workerData)
