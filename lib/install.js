'use strict'
// Puts our functions in the place of Node's: the globals, `node:timers` and `node:timers/promises`. What Node set stays
// Node's: the clear functions put there end timers of both kinds, because handles of both are about.

const { syncBuiltinESMExports } = require('node:module')
const nodeTimers = require('node:timers')
const nodePromises = require('node:timers/promises')
const ours = require('../index')

/** Node's own functions and classes, before anything is replaced. */
const theirs = { ...nodeTimers }
const NodeImmediate = classOf(theirs.setImmediate, theirs.clearImmediate)

function classOf(set, clear) {
  const handle = set(() => {})
  clear(handle)
  return handle.constructor
}

/** Numbers may be either's: no two handles have the same. */
function clearTimeout(timer) {
  ours.clearTimeout(timer)
  if (!(timer instanceof ours.Timeout)) theirs.clearTimeout(timer)
}

function clearInterval(timer) {
  clearTimeout(timer)
}

/** Node's own takes any object for an immediate, up to Node 22. */
function clearImmediate(immediate) {
  ours.clearImmediate(immediate)
  if (immediate instanceof NodeImmediate) theirs.clearImmediate(immediate)
}

const { setTimeout, setInterval, setImmediate, queueMicrotask, promises } = ours
const functions = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate }

/** What is put where. */
const PLACES = [
  [globalThis, { ...functions, queueMicrotask }],
  [nodeTimers, functions],
  [nodePromises, promises],
]

/** `{ object, name, before, value }`; `before` is a descriptor. */
let replaced = []

/** As which something is put where there was nothing. */
const REMOVABLE = { configurable: true, enumerable: true, writable: true }
/** Set in a process whose functions are to stay Node's. */
let isOff = false

/** All of it or, if something cannot be replaced, nothing. */
function install() {
  if (isOff || replaced.length > 0) return
  try {
    for (const [object, values] of PLACES) {
      for (const [name, value] of Object.entries(values)) {
        const before = Object.getOwnPropertyDescriptor(object, name)
        Object.defineProperty(object, name, { ...(before ?? REMOVABLE), value })
        replaced.push({ object, name, before, value })
      }
    }
  } catch (error) {
    uninstall()
    throw error
  }
  syncBuiltinESMExports()
}

/** What cannot be put back is ours for ever. */
function uninstall() {
  const all = replaced
  replaced = []
  for (const { object, name, before, value } of all) {
    const { configurable, writable } = Object.getOwnPropertyDescriptor(object, name) ?? {}
    // What somebody else has put there since is theirs to take away.
    if (object[name] !== value || !(configurable || writable)) continue
    if (before === undefined) delete object[name]
    else Object.defineProperty(object, name, configurable ? before : { value: before.value })
  }
  syncBuiltinESMExports()
}

/** From now on `install` does nothing. */
function turnOff() {
  uninstall()
  isOff = true
}

module.exports = { install, turnOff, uninstall }
