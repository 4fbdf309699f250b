'use strict'
// What a handle knows of the loop object it belongs to. Handles of the module's own functions belong to none.

const { now } = require('./clock')
const { ABSENT, kIndex } = require('./handle-list')

/** The loop object, on each handle that has one. */
const kOwner = Symbol('owner')
/** What a loop object does for its handles. */
const kAdopt = Symbol('adopt')
const kForget = Symbol('forget')
/** As what it was set, and when. */
const kKind = Symbol('kind')
const kSince = Symbol('since')
const kRefreshed = Symbol('refreshed')
/** When a timer is due, if that is not simply its delay after it was set. For those who measure. */
const kDue = Symbol('due')
const kCall = Symbol('call')
const kCallMicrotask = Symbol('call microtask')
const kUnhandled = Symbol('unhandled')
/** What ends a handle that somebody waits for. */
const kGiveUp = Symbol('give up')

/** The handle is over. */
function forget(handle) {
  handle[kOwner][kForget](handle)
}

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

module.exports = {
  forget,
  kAdopt,
  kCall,
  kCallMicrotask,
  kDue,
  kForget,
  kGiveUp,
  kKind,
  kOwner,
  kRefreshed,
  kSince,
  kUnhandled,
  own,
  owned,
  runOwned,
}
