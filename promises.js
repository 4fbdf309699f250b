'use strict'
// `rs-eventloop/promises`: what node:timers/promises has, on our timers.

module.exports = require('./index').promises
