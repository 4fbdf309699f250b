'use strict'
// Timers and immediates of loop objects: as those of the module's functions, but their loop object lists them, may hold
// them back from keeping the process alive, and calls their callbacks.

const { Timeout, afterRun, begin, isPending, kRun, markRun } = require('./timeout')
const { Immediate, enqueue, finish } = require('./immediate')
const { kOwner, kRefreshed, owned, runOwned } = require('./owner')

class OwnedTimeout extends owned(Timeout) {
  refresh() {
    super.refresh()
    if (isPending(this)) this[kOwner][kRefreshed](this)
    return this
  }

  [kRun]() {
    markRun(this)
    return runOwned(this, this._onTimeout, this._timerArgs, afterRun)
  }
}

class OwnedImmediate extends owned(Immediate) {
  [kRun]() {
    return runOwned(this, this._onImmediate, this._argv, finish)
  }
}

function setOwnedTimeout(owner, callback, after, args, repeats) {
  return begin(new OwnedTimeout(owner, callback, after, args, repeats))
}

function setOwnedImmediate(owner, callback, args) {
  return enqueue(new OwnedImmediate(owner, callback, args))
}

module.exports = { setOwnedImmediate, setOwnedTimeout }
