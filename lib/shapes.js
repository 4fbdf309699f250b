'use strict'
// Keeps V8's idea of what a handle looks like, from the load of the package on.
//
// V8 drops the code it has optimized for a shape of objects when the last of them is collected, so one of each shape is
// kept. And it would box the numbers of AsyncResource, which Node hands out as doubles, in two objects per handle:
// a field that has held something else than a number holds small ones directly.

const { AsyncResource } = require('node:async_hooks')

const resource = new AsyncResource('Shape', { requireManualDestroy: true })
const numbers = Object.getOwnPropertySymbols(resource).filter((key) => typeof resource[key] === 'number')

const kept = []

/** `handle` is new and of a shape that handles have; `changing` are its fields that change in the life of a handle. */
function keep(handle, changing) {
  for (const key of [...numbers, ...changing]) {
    const value = handle[key]
    handle[key] = undefined
    handle[key] = handle
    handle[key] = value
  }
  kept.push(handle)
}

module.exports = { keep }
