'use strict'
// ChainedPromise with everything it has, and the functions around it.

const { ChainedPromise } = require('./core')
require('./statics')
require('./combinators')
require('./methods')
const { delay } = require('./delay')
const { pendingPromises } = require('./slots')

module.exports = { ChainedPromise, delay, pendingPromises }
