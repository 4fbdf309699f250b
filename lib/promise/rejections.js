'use strict'
// Unhandled rejections, reported by Node itself: at its moment, in its order, as its --unhandled-rejections mode says.
//
// Node watches native promises only. So a rejection that nobody handles gets a native stand-in, rejected at the same
// moment. Node asks the domain of a rejection, if there is one, to emit it: the stand-in is rejected in a domain made for
// it alone, which emits `unhandledRejection` with our promise. A stand-in that is handled later makes Node emit
// `rejectionHandled` with the stand-in; there is no such way in, so `process.emit` is watched from then until that event.

const { NativePromise, then } = require('../native-promise')
const { kOwner, kUnhandled } = require('../owner')

const { process } = globalThis
const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect

const ignore = () => {}

/** The rejection of a promise that nobody handles yet. For Node it is the domain of the stand-in. */
class Rejection {
  constructor(promise, reason) {
    this.promise = promise
    this.reason = reason
    this.domain = undefined
    this.standIn = undefined
    this.reported = false
    /** Its loop object has taken it: Node is not to hear of it again. */
    this.taken = false
  }

  /** Lets Node know of it. */
  report() {
    let reject
    this.standIn = new NativePromise((_, rejectStandIn) => {
      reject = rejectStandIn
    })
    this.domain = process.domain
    process.domain = this
    reject(this.reason)
    process.domain = this.domain
  }

  /** Node reports it. True if somebody listens. */
  emit(type, reason) {
    this.taken = this.promise[kOwner]?.[kUnhandled](reason, this.promise) === true
    if (this.taken) return true
    this.reported = true
    if (this.domain) return this.domain.emit(type, reason)
    return process.emit('unhandledRejection', reason, this.promise)
  }

  /** Somebody handles it now. */
  handle() {
    if (this.taken) return
    if (this.reported) {
      late.set(this.standIn, this.promise)
      watchEmit()
    }
    then(this.standIn, undefined, ignore)
  }
}

/** Our promises whose `rejectionHandled` is due, by their stand-ins. */
const late = new Map()
/** What was put in the place of `process.emit` last. */
let watching
/** As what it was found there. */
let previous

/** Anew, if somebody has put something else there since. */
function watchEmit() {
  if (watching !== undefined && process.emit === watching) return
  const inner = process.emit
  previous = getOwnPropertyDescriptor(process, 'emit')
  watching = function emit(type, ...args) {
    if (type === 'rejectionHandled' && late.has(args[0])) {
      const standIn = args[0]
      args[0] = late.get(standIn)
      late.delete(standIn)
      if (late.size === 0) unwatchEmit()
    }
    return apply(inner, this, [type, ...args])
  }
  defineProperty(process, 'emit', { configurable: true, enumerable: false, value: watching, writable: true })
}

/** Unless somebody has wrapped it meanwhile: then it stays, and passes everything on. */
function unwatchEmit() {
  const isThere = process.emit === watching
  watching = undefined
  if (!isThere) return
  if (previous === undefined) deleteProperty(process, 'emit')
  else defineProperty(process, 'emit', previous)
}

module.exports = { Rejection }
