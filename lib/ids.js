'use strict'
// The numbers of handles. A handle's number is its async id, as in Node, so no two handles ever have the same one.

const { coded } = require('./errors')

/** Refuses a handle whose number is not its own any more. Called before anything is scheduled. */
function checkId(id) {
  if (id > Number.MAX_SAFE_INTEGER) {
    throw coded(RangeError, 'ERR_TIMER_ID_EXHAUSTED', 'No number up to 2^53 - 1 is left for another timer or immediate')
  }
}

module.exports = { checkId }
