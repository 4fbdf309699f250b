'use strict'
// What does a microtask cost?

const { called, countdown } = require('../tools/countdown')

const BURST = 10_000

module.exports = {
  title: 'Microtasks',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    {
      name: 'queueMicrotask, bursts of 10,000',
      count: 20 * BURST,
      must: 0.8,
      aim: 0.5,
      async run({ queueMicrotask }) {
        for (let burst = 0; burst < this.count / BURST; burst++) {
          await countdown(BURST, () => {
            for (let i = 0; i < BURST; i++) queueMicrotask(called)
          })
        }
      },
    },
  ],
}
