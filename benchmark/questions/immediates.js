'use strict'
// What does an immediate cost, in a burst and when each sets the next?

const { called, countdown } = require('../tools/countdown')

const LINKS = 20_000
const BURST = 100_000

/** One link calls the other's function: made once for the side that this process measures. */
let link

module.exports = {
  title: 'Immediates',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    {
      name: 'setImmediate, burst of 100,000',
      count: BURST,
      must: 0.9,
      aim: 0.6,
      run({ setImmediate }) {
        return countdown(BURST, () => {
          for (let i = 0; i < BURST; i++) setImmediate(called)
        })
      },
    },
    {
      name: 'setImmediate, chain of 20,000',
      count: LINKS,
      must: 0.3,
      aim: 0.15,
      run({ setImmediate }) {
        return new Promise((resolve) => {
          this.left = LINKS
          this.done = resolve
          link ??= () => (--this.left === 0 ? this.done() : setImmediate(link))
          setImmediate(link)
        })
      },
    },
  ],
}
