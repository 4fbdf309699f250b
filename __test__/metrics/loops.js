'use strict'
// Loop objects that measure, and what the tests of their metrics wait for.

const ours = require('../..')

const measured = (options) => new ours.EventLoop({ metrics: true, ...options })
const after = (ms) => new Promise((resolve) => ours.setTimeout(resolve, ms))
/** Until the immediates have run that are pending now. */
const turn = () => new Promise((resolve) => ours.setImmediate(resolve))
const nothing = () => {}

/** Takes so long, and tells the time then. */
function block(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
  return performance.now()
}

/** Of a kind, as [active, set, fired, cleared]. */
function counted(loop, kind) {
  const { active, set, fired, cleared } = loop.metrics().kinds[kind]
  return [active, set, fired, cleared]
}

module.exports = { after, block, counted, measured, nothing, turn }
