'use strict'
// queueMicrotask.

const { validateFunction } = require('./errors')
const { enqueue } = require('./jobs')

function queueMicrotask(callback) {
  validateFunction(callback, 'callback')
  enqueue(callback, undefined)
}

module.exports = { queueMicrotask }
