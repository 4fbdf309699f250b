'use strict'
// The two sides of every benchmark, under the names they are printed with: Node's own functions and ours.

module.exports = {
  node: { ...require('node:timers'), queueMicrotask, promises: require('node:timers/promises') },
  ours: { ...require('..'), promises: require('../promises') },
}
