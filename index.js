'use strict'
// The public names. See index.d.ts for what they do. What a program may not need is loaded when it asks for it.

const { promisify } = require('node:util')
const { Timeout, clearInterval, clearTimeout, setInterval, setTimeout } = require('./lib/timeout')
const { Immediate, clearImmediate, setImmediate } = require('./lib/immediate')
const { queueMicrotask } = require('./lib/microtasks')
require('./lib/turn')

const loadPromises = () => require('./lib/promises')

Object.defineProperty(setTimeout, promisify.custom, { enumerable: true, get: () => loadPromises().setTimeout })
Object.defineProperty(setImmediate, promisify.custom, { enumerable: true, get: () => loadPromises().setImmediate })

exports.setTimeout = setTimeout
exports.clearTimeout = clearTimeout
exports.setInterval = setInterval
exports.clearInterval = clearInterval
exports.setImmediate = setImmediate
exports.clearImmediate = clearImmediate
exports.queueMicrotask = queueMicrotask
exports.Timeout = Timeout
exports.Immediate = Immediate

const LATER = {
  EventLoop: () => require('./lib/loop').EventLoop,
  ring: () => require('./lib/ring').ring,
  defaultLoop: () => require('./lib/default-loop').defaultLoop,
  ChainedPromise: () => require('./lib/promise').ChainedPromise,
  delay: () => require('./lib/promise').delay,
  pendingPromises: () => require('./lib/promise').pendingPromises,
  promises: loadPromises,
  install: () => require('./lib/install').install,
  uninstall: () => require('./lib/install').uninstall,
}

for (const [name, load] of Object.entries(LATER)) {
  Object.defineProperty(exports, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = load()
      Object.defineProperty(exports, name, { configurable: true, enumerable: true, writable: true, value })
      return value
    },
  })
}
