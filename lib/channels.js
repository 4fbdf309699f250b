'use strict'
// What loop objects tell on channels of node:diagnostics_channel. Without a subscriber nothing is made to be told.

const { channel } = require('node:diagnostics_channel')

// Kept here: a channel that nobody holds may be collected, subscribers and all.
const created = channel('rs-eventloop:created')
const shutdown = channel('rs-eventloop:shutdown')
const closed = channel('rs-eventloop:closed')
const error = channel('rs-eventloop:error')
const late = channel('rs-eventloop:late')

function publishCreated(loop) {
  if (created.hasSubscribers) created.publish({ loop })
}

/** A shutdown has begun. */
function publishShutdown(loop, options) {
  if (shutdown.hasSubscribers) shutdown.publish({ loop, options })
}

function publishClosed(loop) {
  if (closed.hasSubscribers) closed.publish({ loop })
}

/** A callback has thrown, or the promise it returned was rejected. */
function publishError(loop, handle, thrown) {
  if (error.hasSubscribers) error.publish({ loop, handle, error: thrown })
}

/** A timer runs so many milliseconds late. */
function publishLate(loop, handle, lateness) {
  if (late.hasSubscribers) late.publish({ loop, handle, lateness })
}

module.exports = { publishClosed, publishCreated, publishError, publishLate, publishShutdown }
