'use strict'
// What does a timer cost that never fires, as a timeout of a request does?

const noop = () => {}
const PAIRS = 200_000
const DELAY = 1000
const REFRESHED = 100_000

module.exports = {
  title: 'Timers that are cleared or refreshed before they fire',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    {
      name: 'set+clear, one at a time',
      sides: ['node', 'ours', 'retimer', 'undici'],
      count: PAIRS,
      must: 0.5,
      aim: 0.25,
      run({ setTimeout, clearTimeout }) {
        for (let i = 0; i < PAIRS; i++) clearTimeout(setTimeout(noop, DELAY))
      },
    },
    {
      name: 'set 1,000, then clear them',
      sides: ['node', 'ours', 'retimer', 'undici'],
      count: PAIRS,
      must: 1,
      aim: 0.6,
      run({ setTimeout, clearTimeout }) {
        const timers = new Array(1000)
        for (let round = 0; round < PAIRS / 1000; round++) {
          for (let i = 0; i < 1000; i++) timers[i] = setTimeout(noop, DELAY)
          for (let i = 0; i < 1000; i++) clearTimeout(timers[i])
        }
      },
    },
    {
      name: 'set 100,000 of 100 to 160 s, clear all',
      count: 100_000,
      must: 0.5,
      aim: 0.3,
      run({ setTimeout, clearTimeout }) {
        const timers = []
        let seed = 1
        for (let i = 0; i < this.count; i++) {
          seed = (seed * 48271) % 2147483647
          timers.push(setTimeout(noop, 100_000 + (seed % 60_000)))
        }
        for (const timer of timers) clearTimeout(timer)
      },
    },
    {
      name: 'refresh over 1,000 timers',
      sides: ['node', 'ours', 'retimer'],
      count: PAIRS,
      must: 1,
      aim: 0.5,
      run({ setTimeout, refresh = (timer) => timer.refresh() }) {
        this.timers ??= Array.from({ length: 1000 }, () => setTimeout(noop, REFRESHED))
        for (let round = 0; round < PAIRS / 1000; round++) {
          for (let i = 0; i < 1000; i++) refresh(this.timers[i], REFRESHED)
        }
      },
    },
  ],
}
