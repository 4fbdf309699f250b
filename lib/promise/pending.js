'use strict'
// Which promises are pending, by the loop objects they belong to. It costs a look at each of them, and nothing before.

const { kOwner } = require('../owner')
const { stateOf } = require('./core')
const { promisesWithSlots } = require('./slots')

/** How many promises are pending whose loop object, or undefined, `isOwner` says yes to. */
function countPending(isOwner) {
  let count = 0
  for (const promise of promisesWithSlots()) {
    if (isOwner(promise[kOwner]) && stateOf(promise) === 'pending') count++
  }
  return count
}

module.exports = { countPending }
