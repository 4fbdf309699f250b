'use strict'
// What makes a handle that of a loop object.

const { now } = require('./clock')
const { ABSENT, kIndex } = require('./handle-list')
const { kCall, kKind, kOwner, kSince } = require('./owner')

/** Calls the callback of a handle as its loop object wants it, then `finish(handle)`. True if it threw. */
function runOwned(handle, callback, args, finish) {
  return handle[kOwner][kCall](handle, callback, args, finish)
}

/** Whether the handle itself is to keep the process alive, if its loop object does. */
const kWants = Symbol('wants')

/**
 * A new handle belongs to a loop object. Those of which there are many have these lines in their constructors: written
 * for one shape of objects, they take a fifth of the time.
 */
function own(handle, owner, kind) {
  handle[kOwner] = owner
  handle[kKind] = kind
  handle[kSince] = now()
  handle[kIndex] = ABSENT
}

/** A handle of the package's own, which nobody lists. */
function hide(handle, owner) {
  handle[kOwner] = owner
  handle[kIndex] = ABSENT
  return handle
}

/** A class of handles of loop objects, which may hold them back from keeping the process alive. */
function owned(Base) {
  class Owned extends Base {
    ref() {
      this[kWants] = true
      if (this[kOwner].hasRef()) super.ref()
      return this
    }

    unref() {
      this[kWants] = false
      super.unref()
      return this
    }

    /** The loop object keeps the process alive from now on, or does not any more. */
    follow(refed) {
      if (refed && this[kWants]) super.ref()
      else super.unref()
    }

    /** It keeps the process alive, whatever it and its loop object want. */
    hold() {
      super.ref()
    }
  }
  // Most handles never have a value of their own.
  Owned.prototype[kWants] = true
  return Owned
}

module.exports = { hide, own, owned, runOwned }
