'use strict'
// Rings doorbells, from any thread. Apart, because a thread that only rings needs no loop object.

const binding = require('./binding')
const { coded, validateInteger } = require('./errors')
const { polledDoubles } = require('./memory')

/** Rings a doorbell of any thread's. */
function ring(id) {
  validateInteger(id, 'id', 1)
  polledDoubles[0] = id
  binding.ring()
  if (polledDoubles[0] === 0) {
    throw coded(Error, 'ERR_LOOP_CLOSED', `There is no doorbell ${id}: it or its event loop is closed`, ring)
  }
}

module.exports = { ring }
