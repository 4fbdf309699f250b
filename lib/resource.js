'use strict'
// What AsyncResource keeps in a handle, and how V8 is to see it.
//
// V8 drops the code it has optimized for a shape of objects when the last of them is collected, so one of each shape is
// kept. And it would box the numbers of AsyncResource, which Node hands out as doubles, in two objects per handle:
// a field that has held something else than a number holds small ones directly.

const { AsyncResource } = require('node:async_hooks')

const OPTIONS = { requireManualDestroy: true }

const resource = new AsyncResource('Example', OPTIONS)
const numbers = Object.getOwnPropertySymbols(resource).filter((key) => typeof resource[key] === 'number')

const kept = []

/** `handle` is new and of a shape that handles have; `changing` are its fields that change in the life of a handle. */
function keep(handle, changing) {
  for (const key of [...numbers, ...changing]) {
    const value = handle[key]
    handle[key] = undefined
    handle[key] = handle
    handle[key] = value
  }
  kept.push(handle)
}

/** Lets a handle begin a new life, with an id and the context of its own. Only `init` hooks see another object. */
function renew(handle, type) {
  const fresh = Reflect.construct(AsyncResource, [type, OPTIONS], handle.constructor)
  // Hooks leave their own things there, such as the stores of AsyncLocalStorage.
  for (const key of Reflect.ownKeys(fresh)) handle[key] = fresh[key]
}

module.exports = { OPTIONS, keep, renew }
