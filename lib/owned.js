'use strict'
// Timers and immediates of loop objects: as those of the module's functions, but their loop object lists them, may hold
// them back from keeping the process alive, and calls their callbacks.

const { Timeout, afterRun, begin, isPending, kRun, markRun } = require('./timeout')
const { keep } = require('./resource')
const { Immediate, enqueue, finish } = require('./immediate')
const { kOwner, kRefreshed, owned, runOwned } = require('./owner')
const { OwnedTask, kCallback } = require('./task')

/** Tells the owner of a timer that it counts anew, if it does. */
function refreshed(timer) {
  if (isPending(timer)) timer[kOwner][kRefreshed](timer)
  return timer
}

class OwnedTimeout extends owned(Timeout) {
  refresh() {
    return refreshed(super.refresh())
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

/** A handle of each shape, with its kind. None of them was set. */
function examples(owner) {
  const callback = () => {}
  return [undefined, []].flatMap((args) => [
    ['timeout', keep(new OwnedTimeout(owner, callback, 1, args, false), ['_onTimeout'])],
    ['interval', keep(new OwnedTimeout(owner, callback, 1, args, true), ['_onTimeout'])],
    ['immediate', keep(new OwnedImmediate(owner, callback, args), [])],
    ['task', keep(new OwnedTask(owner, callback, args), ['_argv', kCallback])],
  ])
}

module.exports = { examples, refreshed, setOwnedImmediate, setOwnedTimeout }
