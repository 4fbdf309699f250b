'use strict'
// Doorbells: numbers by which any thread of the process makes a loop object call something, in its poll phase.

const binding = require('./binding')
const { Held, begin, end, kAlive, kRun, runEach } = require('./held')
const { words, polledDoubles, POLLED } = require('./memory')
const { DOORBELL } = require('./loop-handles')
const { own, owned, runOwned } = require('./own')
const { forget } = require('./owner')
const { addSource, askForPoll } = require('./poll')

const kId = Symbol('id')
const kCallback = Symbol('callback')
/** How often it was rung since its last call. */
const kRung = Symbol('rung')
/** It takes no more rings, and ends when all are answered. */
const kLast = Symbol('last')

/** Those that can be rung, by their numbers. */
const doorbells = new Map()
/** Those that are to be called once more. */
let last = []

class Doorbell extends Held {
  static shownAs = 'Doorbell'

  constructor(callback) {
    super('Doorbell')
    this[kCallback] = callback
    this[kRung] = 0
    this[kLast] = false
  }

  get id() {
    return this[kId]
  }

  close() {
    if (end(this)) {
      disconnect(this)
      finish(this)
    }
    return this
  }

  [kRun]() {
    const args = [this[kRung]]
    this[kRung] = 0
    return runOwned(this, this[kCallback], args, afterCall)
  }
}

class OwnedDoorbell extends owned(Doorbell) {
  constructor(owner, callback) {
    super(callback)
    own(this, owner, DOORBELL)
  }
}

function afterCall(doorbell) {
  if (doorbell[kLast] && doorbell[kRung] === 0) doorbell.close()
}

function finish(doorbell) {
  doorbell[kCallback] = undefined
  doorbell.emitDestroy()
  forget(doorbell)
}

/** It can be rung no more. How often it was, since that was looked at last. */
function disconnect(doorbell) {
  if (!doorbells.delete(doorbell[kId])) return 0
  polledDoubles[0] = doorbell[kId]
  binding.closeDoorbell()
  return polledDoubles[1]
}

/** It takes no more rings. False if it was not rung, and thus has nothing more to do. */
function stopTaking(doorbell) {
  const isInBatch = doorbell[kRung] > 0
  doorbell[kRung] += disconnect(doorbell)
  if (doorbell[kRung] === 0) return false
  doorbell[kLast] = true
  if (!isInBatch) {
    last.push(doorbell)
    askForPoll()
  }
  return true
}

function openDoorbell(owner, callback) {
  const doorbell = new OwnedDoorbell(owner, callback)
  try {
    binding.openDoorbell()
  } catch (error) {
    doorbell.emitDestroy()
    throw error
  }
  doorbell[kId] = polledDoubles[0]
  doorbells.set(doorbell[kId], doorbell)
  return begin(doorbell)
}

addSource((drainNext) => {
  const batch = last
  last = []
  if (doorbells.size > 0) {
    binding.takeRung()
    for (let i = 0; i < words[POLLED]; i++) {
      const doorbell = doorbells.get(polledDoubles[i * 2])
      doorbell[kRung] = polledDoubles[i * 2 + 1]
      batch.push(doorbell)
    }
  }
  return runEach(batch, drainNext, (doorbell) => doorbell[kAlive])
})

module.exports = { Doorbell, openDoorbell, stopTaking }
