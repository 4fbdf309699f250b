'use strict'
// The two sides of every benchmark, under the names they are printed with: Node's own functions and ours.

const node = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask }

module.exports = { node, ours: require('..') }
