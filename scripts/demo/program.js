'use strict'
// The program of the demo. Everything in it has one order in Node, however fast the machine is: what is to be due is
// made due by blocking.

const { stat } = require('node:fs')

function busy(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Runs the program on the given functions and resolves with its trace: `{ phase, text }` a line. */
function record(loop) {
  const trace = []
  const log = (phase, text) => trace.push({ phase, text })

  return new Promise((resolve) => {
    // From a fresh turn of the loop, so that nothing that ran before plays a part.
    stat(__filename, () => {
      log('poll', 'an fs callback sets everything')
      loop.setTimeout(() => {
        log('timers', 'timeout of 0 ms')
        process.nextTick(log, 'tick', 'its next tick')
        loop.queueMicrotask(() => log('micro', 'its microtask'))
      }, 0)
      loop.setTimeout(() => {
        log('timers', 'timeout of 1 ms')
        loop.setTimeout(() => {
          log('timers', 'timeout set by a timeout')
          resolve(trace)
        }, 20)
        loop.setImmediate(() => log('check', 'immediate set by a timeout'))
      }, 1)
      const cancelled = loop.setTimeout(() => log('timers', 'never'), 1)
      let times = 0
      const interval = loop.setInterval(() => {
        log('timers', `interval, call ${++times}`)
        if (times === 2) loop.clearInterval(interval)
      }, 3)
      loop.setImmediate(() => {
        log('check', 'immediate')
        loop.clearTimeout(cancelled)
        loop.setImmediate(() => log('check', 'immediate set by an immediate'))
      })
      process.nextTick(log, 'tick', 'next tick')
      loop.queueMicrotask(() => log('micro', 'microtask'))
      Promise.resolve().then(() => log('micro', 'native promise'))
      loop.queueMicrotask(() => log('micro', 'microtask after it'))
      busy(8)
      log('poll', 'the fs callback ends, 8 ms later')
    })
  })
}

module.exports = { busy, record }
