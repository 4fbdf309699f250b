'use strict'
// Who hears of errors and rejections of a loop object: its options, or, as without loop objects, everybody.

const { publishError } = require('./channels')
const { uncaught } = require('./uncaught')

/** A callback has thrown, or the promise it has returned was rejected. True if nobody takes that. */
function tellError(loop, onError, error, handle) {
  publishError(loop, handle, error)
  if (!onError) {
    uncaught(error)
    return true
  }
  try {
    onError(error, handle)
    return false
  } catch (another) {
    uncaught(another)
    return true
  }
}

/** What a callback has returned may be a promise. Calls `failed` if it is rejected, or only looks like one and throws. */
function heed(result, failed) {
  try {
    if (typeof result?.then === 'function') result.then(undefined, failed)
  } catch (error) {
    failed(error)
  }
}

/** A promise is rejected and nobody handles it. False if that is Node's business. */
function tellUnhandled(onUnhandledRejection, reason, promise) {
  if (!onUnhandledRejection) return false
  try {
    onUnhandledRejection(reason, promise)
  } catch (error) {
    uncaught(error)
  }
  return true
}

module.exports = { heed, tellError, tellUnhandled }
