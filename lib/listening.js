'use strict'
// Whether anybody listens to async_hooks.
//
// Older Nodes keep the async context by hooks: as long as nobody listens there is none to keep, and what a native promise
// does has no async id of its own. Newer ones keep it without hooks, and nobody can see from outside whether there is any.

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks')

/** Where it is kept by hooks, the stores of an AsyncLocalStorage are fields of resources, and it has the name of its field. */
const isKeptByHooks = 'kResourceStore' in new AsyncLocalStorage()

/** The context of nobody, unless somebody listens already. */
const nowhere = new AsyncResource('EventLoop', { requireManualDestroy: true })

/** What Node calls the field with the async id, which promises get as well as resources, if somebody listens. */
const kAsyncId = Object.getOwnPropertySymbols(nowhere).find((key) => key.description === 'async_id_symbol')

/** Makes a native promise, whatever a program has put in the place of the functions that do. */
const probe = async () => {}

/** Once somebody has listened, there may be contexts for ever. */
let hasListener = !isKeptByHooks || kAsyncId === undefined || hasId(probe())

/** Whether there can be an async context: asked of a promise made for that, which is what nobody sees if nobody listens. */
function mayHaveContext() {
  if (hasListener) return true
  hasListener = hasId(probe())
  return hasListener
}

/** Whether somebody listened when this native promise was made. A `then` that was replaced may not return one. */
function hasId(promise) {
  return promise?.[kAsyncId] !== undefined
}

module.exports = { hasId, isKeptByHooks, mayHaveContext, nowhere }
