'use strict'
// queueMicrotask.

const { validateFunction } = require('./errors')
const { enqueueCallback } = require('./jobs')

function queueMicrotask(callback) {
  validateFunction(callback, 'callback')
  enqueueCallback(callback)
}

module.exports = { queueMicrotask }
