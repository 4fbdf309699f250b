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

// Nothing here is made without options. Node then looks for them in an object that V8 keeps as a table, and V8, once it has
// seen that, looks them up each time for every kind of resource (180 of the 1,870 instructions of a link of a chain).

/** For what says itself when it is over. */
const OPTIONS = { requireManualDestroy: true }

/** For what is over when it is collected. */
const UNTIL_COLLECTED = { requireManualDestroy: false }

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

module.exports = { OPTIONS, UNTIL_COLLECTED, checkId, keep, renew, whereLoaded }
