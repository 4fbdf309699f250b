'use strict'
// What does it cost workers to tell the main thread something: by messages, or by a doorbell, which is called once for all
// rings since the call before?

const { once } = require('node:events')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')

const TELLER = join(__dirname, '..', 'tools', 'teller.js')
const TOLD = 96_000
const ROUND_TRIPS = 5_000

const ignore = () => {}

/** The threads of one case. `told(count)` is called on the main thread with how often something was told. */
class Tellers {
  /** What is told by a doorbell goes to whom it concerns at the moment. */
  told = ignore
  generation = new Int32Array(new SharedArrayBuffer(4))

  async start({ EventLoop, ring }, workers, times) {
    const doorbell = EventLoop && new EventLoop().doorbell((count) => this.told(count))
    this.workers = Array.from({ length: workers }, () => {
      const side = EventLoop ? 'ours' : 'node'
      return new Worker(TELLER, {
        workerData: { side, times: times / workers, generation: this.generation, doorbell: doorbell?.id },
      })
    })
    const [[id]] = await Promise.all(this.workers.map((worker) => once(worker, 'message')))
    if (!doorbell) for (const worker of this.workers) worker.on('message', () => this.told(1))
    this.ask = doorbell ? () => ring(id) : () => this.workers[0].postMessage(1)
  }

  /** Resolves when `count` things were told. `each` is called before it is looked at. */
  until(count, each = ignore) {
    let left = count
    return new Promise((resolve) => {
      this.told = (more) => {
        left -= more
        if (left === 0) resolve()
        else each()
      }
    })
  }
}

async function prepared(one, functions, workers, times) {
  if (one.tellers) return one.tellers
  one.tellers = new Tellers()
  await one.tellers.start(functions, workers, times)
  return one.tellers
}

module.exports = {
  title: 'Telling the main thread something',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    ...[1, 8, 32].map((workers) => ({
      name: `tell it 96,000 times, from ${workers} worker${workers > 1 ? 's' : ''}`,
      count: TOLD,
      async run(functions) {
        const tellers = await prepared(this, functions, workers, TOLD)
        const all = tellers.until(TOLD)
        Atomics.add(tellers.generation, 0, 1)
        Atomics.notify(tellers.generation, 0)
        await all
      },
    })),
    {
      name: 'tell a worker, and be told back',
      count: ROUND_TRIPS,
      async run(functions) {
        const tellers = await prepared(this, functions, 1, 0)
        const all = tellers.until(ROUND_TRIPS, tellers.ask)
        tellers.ask()
        await all
      },
    },
  ],
}
