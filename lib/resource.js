'use strict'
// What AsyncResource keeps in a handle, and how V8 is to see it and other things there are many of.
//
// V8 drops the code it has optimized for a shape of objects when the last of them is collected, so one of each shape is
// kept. And it would box the numbers of AsyncResource, which Node hands out as doubles, in two objects per handle:
// a field that has held something else than a number holds small ones directly.

const asyncHooks = require('node:async_hooks')
const { coded } = require('./errors')

const { AsyncResource } = asyncHooks

// Newer Nodes change how async context is kept when the first program looks at this class. V8 then has seen AsyncResource
// work in two ways and never optimizes it as well again (an immediate costs 170 ns instead of 100): so look at it now.
void asyncHooks.AsyncLocalStorage

/**
 * What AsyncResource is given for everything there are many of: the id of what sets it, as it would find out by itself. For
 * a number Node asks for no options, which are two lookups and two calls less for V8 to inline. If hooks listen, the end of
 * what is collected before it has said that it is over is told them then; of what has said so they hear nothing more.
 */
const triggerId = asyncHooks.executionAsyncId

/** For what is made seldom and says itself when it is over. */
const OPTIONS = { requireManualDestroy: true }

/** Keeps the context in which the package was loaded. */
const whereLoaded = new AsyncResource('EventLoop', OPTIONS)

const numbers = Object.getOwnPropertySymbols(whereLoaded).filter((key) => typeof whereLoaded[key] === 'number')

const kept = []

/** `example` is new and of a shape there will be many of; `changing` are its fields that change in the life of one. */
function keep(example, changing) {
  for (const key of [...numbers, ...changing].filter((key) => Object.hasOwn(example, key))) {
    const value = example[key]
    example[key] = undefined
    example[key] = example
    example[key] = value
  }
  kept.push(example)
  return example
}

/** Lets a handle begin a new life, with an id and the context of its own. Only `init` hooks see another object. */
function renew(handle, type) {
  const fresh = Reflect.construct(AsyncResource, [type, OPTIONS], handle.constructor)
  // Hooks leave their own things there, such as the stores of AsyncLocalStorage.
  for (const key of Reflect.ownKeys(fresh)) handle[key] = fresh[key]
}

/**
 * Refuses a handle whose number is not its own any more. Its number is its async id, as in Node, so no two handles ever have
 * the same one. Called before anything is scheduled.
 */
function checkId(id) {
  if (id > Number.MAX_SAFE_INTEGER) {
    throw coded(RangeError, 'ERR_TIMER_ID_EXHAUSTED', 'No number up to 2^53 - 1 is left for another timer or immediate')
  }
}

module.exports = { checkId, keep, renew, triggerId, whereLoaded }
