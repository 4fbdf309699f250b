'use strict'
// The machine that plays programs on a real loop: Node's functions, or ours.

const { Worker } = require('node:worker_threads')
const fs = require('node:fs')
const nodes = require('./nodes-own')

const { nextTick } = process

/** Echoes. It is ref'd only while an answer is awaited. */
let worker

const SOURCES = {
  stat: (callback) => fs.stat(__filename, callback),
  worker: (callback) => {
    worker ??= new Worker(
      `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', (message) => parentPort.postMessage(message))`,
      { eval: true },
    )
    worker.ref()
    worker.once('message', () => {
      worker.unref()
      callback()
    })
    worker.postMessage('echo')
  },
}

/** `loop` is node, or ours: the package in the folder `root`. */
function makeMachine(loop, root) {
  const functions = loop === 'node' ? nodes : require(root)
  // After a handled error Node sets an immediate, by what is in `node:timers` then. It counts as any other does.
  if (loop === 'ours') functions.install?.()
  const { port1, port2 } = new MessageChannel()
  const posted = []
  let trace = []
  let begin = 0

  port1.onmessage = () => {
    const callback = posted.shift()
    if (posted.length === 0) port1.unref()
    callback()
  }
  port1.unref()

  const record = (label) => trace.push([label, performance.now() - begin])
  const listeners = {}
  process.on('uncaughtException', (error) => listeners.uncaught(error))
  process.on('unhandledRejection', (reason) => listeners.rejection(reason))
  process.on('rejectionHandled', () => listeners.handled())

  return {
    /** Begins another trace. */
    reset() {
      trace = []
      begin = performance.now()
      return trace
    },
    log: record,
    mark: () => record(''),
    busy: (ms) => {
      const end = performance.now() + ms
      while (performance.now() < end);
    },
    setTimeout: functions.setTimeout,
    setInterval: functions.setInterval,
    setImmediate: functions.setImmediate,
    clearTimeout: functions.clearTimeout,
    clearInterval: functions.clearInterval,
    clearImmediate: functions.clearImmediate,
    queueMicrotask: functions.queueMicrotask,
    nextTick,
    /** Ours make promises of their own if they can; Node has the native ones in both places. */
    promise: (by) => (by === 'own' && functions.ChainedPromise) || Promise,
    await: async (value, continuation) => {
      await value
      return continuation()
    },
    sleep: (delay) => functions.promises.setTimeout(delay),
    yield: () => functions.promises.setImmediate(),
    post(callback) {
      posted.push(callback)
      port1.ref()
      port2.postMessage('next')
    },
    io: (source, callback) => SOURCES[source](() => callback()),
    onUncaught: (listener) => (listeners.uncaught = listener),
    onRejection: (listener) => (listeners.rejection = listener),
    onHandled: (listener) => (listeners.handled = listener),
  }
}

module.exports = { makeMachine, sources: Object.keys(SOURCES) }
