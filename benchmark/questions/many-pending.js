'use strict'
// Does a timer cost more beside many others? set+clear while 10 to 1,000,000 are pending, of one delay and of 60,000.

const noop = () => {}
const PAIRS = 100_000
const OTHERS = [10, 1_000, 100_000, 1_000_000]

/** Where delays come from. */
const DELAYS = {
  'one delay': () => 100_000,
  'mixed delays': (i) => 100_000 + ((i * 48271) % 60_000),
}

module.exports = {
  title: 'set+clear beside pending timers',
  shape: 'scaling',
  unit: 'ns',
  axis: 'pending timers',
  cases: Object.entries(DELAYS).flatMap(([delays, delayOf]) =>
    OTHERS.map((others) => ({
      name: `beside ${others.toLocaleString('en')}, ${delays}`,
      line: delays,
      x: others,
      count: PAIRS,
      run({ setTimeout, clearTimeout }) {
        for (let i = 0; i < PAIRS; i++) clearTimeout(setTimeout(noop, delayOf(i)))
      },
      prepare({ setTimeout }) {
        this.pending = Array.from({ length: others }, (_, i) => setTimeout(noop, delayOf(i)))
      },
    })),
  ),
}
