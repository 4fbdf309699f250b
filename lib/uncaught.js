'use strict'
// What a callback throws and nobody catches. Whoever reports it must be ready for the process to end in here.

const { reportUncaught } = require('./binding')

let afterwards = () => {}

/** `run` is called after each error that somebody handled. */
function whenHandled(run) {
  afterwards = run
}

/** `uncaughtException`, at once. Returns only if somebody handled it. */
function uncaught(error) {
  reportUncaught(error)
  afterwards()
}

module.exports = { uncaught, whenHandled }
