'use strict'
// What does it cost to await a timer or a turn of the loop, as with node:timers/promises?

module.exports = {
  title: 'Awaited timers',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    {
      name: 'await 10,000 timers of 1 ms at once',
      count: 10_000,
      async run({ promises: { setTimeout: sleep } }) {
        const pending = []
        for (let i = 0; i < this.count; i++) pending.push(sleep(1))
        await Promise.all(pending)
      },
    },
    {
      name: 'await scheduler.yield(), 10,000 times',
      count: 10_000,
      async run({ promises: { scheduler } }) {
        for (let i = 0; i < this.count; i++) await scheduler.yield()
      },
    },
  ],
}
