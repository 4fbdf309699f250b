'use strict'
// What do metrics cost a loop object, and what if each callback is timed? The base is one without metrics, not Node.

const { called, countdown } = require('../tools/countdown')

const COUNT = 100_000
const noop = () => {}

/** What `use` does with a loop object that measures as its side says. */
function load(name, use) {
  return {
    name,
    count: COUNT,
    sides: ['ours', 'without metrics', 'each timed'],
    must: { 'without metrics': 1.1 },
    async run({ EventLoop, metrics = true }) {
      const loop = new EventLoop({ metrics })
      await use(loop)
      loop.close()
    },
  }
}

/** As many of something as are counted, until all have run. */
const burst = (name, set) =>
  load(name, (loop) =>
    countdown(COUNT, () => {
      for (let i = 0; i < COUNT; i++) set(loop)
    }),
  )

module.exports = {
  title: 'Loop objects that measure',
  shape: 'metrics',
  unit: 'ns',
  slow: true,
  cases: [
    load('set+clear a timer, one at a time', (loop) => {
      for (let i = 0; i < COUNT; i++) loop.clearTimeout(loop.setTimeout(noop, 1000))
    }),
    load('set 1,000 timers, then clear them', (loop) => {
      for (let left = COUNT; left > 0; left -= 1000) {
        const timers = Array.from({ length: 1000 }, () => loop.setTimeout(noop, 1000))
        for (const timer of timers) loop.clearTimeout(timer)
      }
    }),
    burst('set and fire 100,000 timers of 1 ms', (loop) => loop.setTimeout(called, 1)),
    burst('setImmediate, burst of 100,000', (loop) => loop.setImmediate(called)),
    burst('submit, burst of 100,000', (loop) => loop.submit(called)),
    burst('queueMicrotask, burst of 100,000', (loop) => loop.queueMicrotask(called)),
  ],
}
