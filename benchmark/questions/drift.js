'use strict'
// How far does an interval of 10 ms fall behind the clock in 30 s? (In a quick look: in 2 s.)

const EVERY = 10
const SECONDS = 30
const QUICK_SECONDS = 2

module.exports = {
  title: 'Drift of an interval of 10 ms',
  shape: 'figures',
  slow: true,
  unit: 'ms behind a second',
  /** The processes mostly sleep: those of all sides run at once. */
  together: true,
  cases: [
    {
      name: 'interval of 10 ms',
      sides: ['node', 'ours', 'nanotimer'],
      measure({ setInterval, clearInterval }, { quick }) {
        const seconds = quick ? QUICK_SECONDS : SECONDS
        return new Promise((resolve) => {
          const start = performance.now()
          const before = process.cpuUsage()
          let ticks = 0
          const interval = setInterval(() => {
            if (++ticks * EVERY < seconds * 1000) return
            clearInterval(interval)
            const { user, system } = process.cpuUsage(before)
            const behind = performance.now() - start - ticks * EVERY
            resolve({ value: behind / seconds, cpu: (user + system) / seconds / 1e3 })
          }, EVERY)
        })
      },
    },
  ],
}
