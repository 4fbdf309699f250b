'use strict'
// Timers and immediates of loop objects: as those of the module's functions, but their loop object lists them, may hold
// them back from keeping the process alive, and calls their callbacks.

const { IMMEDIATE, INTERVAL } = require('./loop-handles')
const { FullTimeout, afterRun, begin, isPending, kRun, markRun } = require('./timeout')
const { keep } = require('./resource')
const { ImmediateWithArguments, enqueue, finish, kCallback } = require('./immediate')
const { lastRead, now } = require('./clock')
const { ABSENT, kIndex } = require('./handle-list')
const { owned, runOwned } = require('./own')
const { kKind, kOwner, kRefreshed, kSince } = require('./owner')

/** Refreshes a timer by `refresh`, and tells its owner if it counts anew. Not while its owner ends: each then runs once. */
function refreshOwned(timer, refresh) {
  if (timer[kOwner].state === 'terminating') return timer
  Reflect.apply(refresh, timer, [])
  if (isPending(timer)) timer[kOwner][kRefreshed](timer)
  return timer
}

class OwnedTimeout extends owned(FullTimeout) {
  constructor(owner, kind, callback, after, args) {
    super(callback, after, args, kind.repeats)
    this[kOwner] = owner
    this[kKind] = kind
    this[kSince] = 0
    this[kIndex] = ABSENT
  }

  refresh() {
    return refreshOwned(this, super.refresh)
  }

  [kRun]() {
    markRun(this)
    return runOwned(this, this._onTimeout, this._timerArgs, afterRun)
  }
}

class OwnedImmediate extends owned(ImmediateWithArguments) {
  constructor(owner, callback, args) {
    super(callback, args)
    this[kOwner] = owner
    this[kKind] = IMMEDIATE
    this[kSince] = now()
    this[kIndex] = ABSENT
  }

  [kRun]() {
    return runOwned(this, this._onImmediate, this._argv, finish)
  }
}

function setOwnedTimeout(owner, kind, callback, after, args) {
  const timer = begin(new OwnedTimeout(owner, kind, callback, after, args))
  timer[kSince] = lastRead()
  return timer
}

function setOwnedImmediate(owner, callback, args) {
  return enqueue(new OwnedImmediate(owner, callback, args))
}

const timer = new OwnedTimeout(undefined, INTERVAL, () => {}, 1, [])
keep(timer, ['_onTimeout', '_timerArgs', '_repeat', kOwner, kKind, kSince])._idleTimeout = -1
keep(new OwnedImmediate(undefined, () => {}, []), [kCallback, '_argv', kOwner, kSince])

module.exports = { refreshOwned, setOwnedImmediate, setOwnedTimeout }
