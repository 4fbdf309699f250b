'use strict'
// A package that is wrong in one thing: it runs immediates as timers. The suite must find that out.

const timers = require('node:timers')
const promises = require('node:timers/promises')

const setImmediate = (callback) => timers.setTimeout(callback, 0)

module.exports = {
  ...timers,
  queueMicrotask,
  setImmediate,
  clearImmediate: timers.clearTimeout,
  promises: { ...promises, setImmediate: () => new Promise(setImmediate) },
}
