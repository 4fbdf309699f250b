'use strict'
// What does a timer cost that fires, many of them being due together?

const { called, countdown } = require('../tools/countdown')

/** How many at a time, how many times over, of 1 ms to how many, and the goals. A million is too much for a quick look. */
const BURSTS = [
  { timers: 1_000, rounds: 20, must: 1, aim: 0.9 },
  { timers: 100_000, rounds: 1, must: 0.75, aim: 0.5 },
  { timers: 100_000, rounds: 1, delays: 50 },
  { timers: 1_000_000, rounds: 1, must: 0.65, aim: 0.5, quick: false },
]

module.exports = {
  title: 'Timers that fire',
  shape: 'ratios',
  unit: 'ns',
  cases: BURSTS.map(({ timers, rounds, delays = 1, ...goals }) => ({
    name: `set and fire ${timers.toLocaleString('en')} of ${delays === 1 ? 1 : `1 to ${delays}`} ms`,
    count: timers * rounds,
    ...goals,
    async run({ setTimeout }) {
      for (let round = 0; round < rounds; round++) {
        await countdown(timers, () => {
          for (let i = 0; i < timers; i++) setTimeout(called, 1 + (i % delays))
        })
      }
    },
  })),
}
