'use strict'
// What a handle knows of the loop object it belongs to. Handles of the module's own functions belong to none, and load no
// more of loop objects than this.

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
}
