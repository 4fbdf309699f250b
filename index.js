'use strict'
// The public names. See index.d.ts for what they do.

const { promisify } = require('node:util')
const { Timeout, clearInterval, clearTimeout, setInterval, setTimeout } = require('./lib/timeout')
const { Immediate, clearImmediate, setImmediate } = require('./lib/immediate')
const { queueMicrotask } = require('./lib/microtasks')
const { EventLoop } = require('./lib/loop')
const { ChainedPromise, delay, pendingPromises } = require('./lib/promise')
require('./lib/turn')

let promises
function loadPromises() {
  return (promises ??= require('./lib/promises'))
}

Object.defineProperty(setTimeout, promisify.custom, { enumerable: true, get: () => loadPromises().setTimeout })
Object.defineProperty(setImmediate, promisify.custom, { enumerable: true, get: () => loadPromises().setImmediate })

exports.setTimeout = setTimeout
exports.clearTimeout = clearTimeout
exports.setInterval = setInterval
exports.clearInterval = clearInterval
exports.setImmediate = setImmediate
exports.clearImmediate = clearImmediate
exports.queueMicrotask = queueMicrotask
exports.EventLoop = EventLoop
exports.ChainedPromise = ChainedPromise
exports.delay = delay
exports.pendingPromises = pendingPromises
exports.Timeout = Timeout
exports.Immediate = Immediate
let defaultLoop
function loadDefaultLoop() {
  return (defaultLoop ??= require('./lib/default-loop').defaultLoop)
}

Object.defineProperty(exports, 'defaultLoop', { configurable: true, enumerable: true, get: loadDefaultLoop })
Object.defineProperty(exports, 'promises', { configurable: true, enumerable: true, get: loadPromises })
