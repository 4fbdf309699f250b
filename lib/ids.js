'use strict'
// The numbers of handles. Timeouts and immediates draw from one counter, so no two handles ever have the same number.

const { coded } = require('./errors')

let last = 0

/** The number for a new handle, before anything is scheduled. */
function nextId() {
  if (last >= Number.MAX_SAFE_INTEGER) {
    throw coded(RangeError, 'ERR_TIMER_ID_EXHAUSTED', 'No number up to 2^53 - 1 is left for another timer or immediate')
  }
  return ++last
}

/** For tests of the end of the numbers: the next one is `id`. Returns what it would have been. */
function skipTo(id) {
  const would = last + 1
  last = id - 1
  return would
}

module.exports = { nextId, skipTo }
