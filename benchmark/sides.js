'use strict'
// Who is measured: Node's own functions, ours, and packages that a user might pick instead, each under the names of Node's
// functions. A side is loaded only in the process that measures it.

const { join } = require('node:path')

/** The checkout whose functions are "ours": this one, or another that is compared with it. */
const root = process.env.BENCHMARK_OF ?? join(__dirname, '..')

const SIDES = {
  node: () => ({ ...require('node:timers'), queueMicrotask, Promise, promises: require('node:timers/promises') }),
  ours() {
    const ours = require(root)
    return { ...ours, Promise: ours.ChainedPromise, promises: require(join(root, 'promises')) }
  },
  /** In questions about metrics, which "ours" has. */
  'without metrics': () => ({ ...SIDES.ours(), metrics: false }),
  'each timed': () => ({ ...SIDES.ours(), metrics: { every: 1 } }),
  bluebird: () => ({ Promise: require('bluebird') }),
  /** Told to keep the async context, as Node's promises and ours do. */
  'bluebird with asyncHooks'() {
    const Promise = require('bluebird').getNewLibraryCopy()
    Promise.config({ asyncHooks: true })
    return { Promise }
  },
  'the least': () => ({ Promise: require('./tools/least-promise').LeastPromise }),
  retimer() {
    const retimer = require('retimer')
    return {
      setTimeout: retimer,
      clearTimeout: (timer) => timer.clear(),
      refresh: (timer, delay) => timer.reschedule(delay),
    }
  },
  /** Its fast timers, which it uses for whatever is longer than a second: they tick every half second. */
  undici() {
    const { setFastTimeout, clearFastTimeout } = require('undici/lib/util/timers.js')
    return { setTimeout: setFastTimeout, clearTimeout: clearFastTimeout }
  },
  nanotimer() {
    const NanoTimer = require('nanotimer')
    return {
      setTimeout: (callback, delay) => new NanoTimer().setTimeout(callback, '', `${delay}m`),
      setInterval(callback, delay) {
        const timer = new NanoTimer()
        timer.setInterval(callback, '', `${delay}m`)
        return timer
      },
      clearInterval: (timer) => timer.clearInterval(),
    }
  },
}

/** @param {string} name */
const load = (name) => SIDES[name]()

module.exports = { load, root }
