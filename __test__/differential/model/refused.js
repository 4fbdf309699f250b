'use strict'
// When the model refuses a program: its order is not fixed, or it is not worth running.

/** In milliseconds. What is apart by less may come in either order on a real clock. */
const MARGIN = 6

class Refused extends Error {}

module.exports = { MARGIN, Refused }
