'use strict'
// What does the loop cost while it does nothing? The time of `require`, the threads it adds before the first timer, and
// the processor time of a process that only waits for a timer.

const { readdirSync } = require('node:fs')
const { root } = require('../sides')

const IDLE_SECONDS = 2

const threads = () => readdirSync('/proc/self/task').length
const nodeTimeout = setTimeout

module.exports = {
  title: 'Start, and doing nothing',
  shape: 'figures',
  slow: true,
  unit: 'ms',
  cases: [
    {
      name: 'require',
      sides: ['ours'],
      must: 5,
      loads: false,
      measure() {
        const start = performance.now()
        void require(root).setTimeout
        return { value: performance.now() - start }
      },
    },
    {
      name: 'threads added before the first timer',
      sides: process.platform === 'linux' ? ['ours'] : [],
      unit: 'threads',
      must: 0,
      loads: false,
      measure() {
        const before = threads()
        const { setImmediate } = require(root)
        return new Promise((resolve) => setImmediate(() => resolve({ value: threads() - before })))
      },
    },
    {
      name: 'processor time, waiting for a timer far ahead',
      unit: 'µs a second',
      measure({ setTimeout }) {
        setTimeout(() => {}, 3_600_000)
        return new Promise((resolve) => {
          // The measuring itself waits for timers of Node's, and the first one lets the start die away.
          nodeTimeout(() => {
            const before = process.cpuUsage()
            nodeTimeout(() => {
              const { user, system } = process.cpuUsage(before)
              resolve({ value: (user + system) / IDLE_SECONDS })
            }, IDLE_SECONDS * 1000)
          }, 300)
        })
      },
    },
  ],
}
