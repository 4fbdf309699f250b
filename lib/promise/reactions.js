'use strict'
// Reactions: what a `then` leaves behind until its promise is settled, in which async context it runs, and how it gets its
// ticket. What a reaction does is core.js's business, as that has the values.

const { AsyncResource } = require('node:async_hooks')
const { enqueue, replaceNewest } = require('../jobs')
const { hasId, isKeptByHooks, nowhere } = require('../listening')
const { triggerId } = require('../resource')

/** Calls the handler of a reaction to `source`, which is settled, and settles the target. */
let react

/** Says what a reaction does: once, before there is any. */
function reactBy(reacts) {
  react = reacts
}

/** A reaction to a pending promise. It runs in the async context of the `then`. Hooks hear of its end when it is collected. */
class Reaction extends AsyncResource {
  constructor(handlers, target) {
    super('PROMISE', triggerId())
    this.handlers = handlers
    this.target = target
  }

  run(source) {
    this.runInAsyncScope(react, undefined, this, source)
  }
}

/** A reaction that runs in its ticket as it is: to a settled promise, or to a pending one when there was no async context. */
class Job {
  constructor(handlers, target) {
    this.handlers = handlers
    this.target = target
  }

  run(source) {
    react(this, source)
  }
}

/** A Job of when there was no async context, whose ticket has that of whoever has settled the promise. */
class Late {
  constructor(job) {
    this.job = job
  }

  run(source) {
    nowhere.runInAsyncScope(withResource, undefined, this.job).run(source)
  }
}

function withResource({ handlers, target }) {
  return new Reaction(handlers, target)
}

/** All reactions to a promise that has several, each with its context. Nothing can come between them: they share a ticket. */
class Burst {
  constructor(reactions) {
    this.reactions = reactions
  }

  run(source) {
    const { reactions } = this
    for (let i = 0; i < reactions.length; i++) reactions[i].run(source)
  }
}

/** The reactions to a promise that has had one or more. */
function withOthers(others, reaction) {
  if (!Array.isArray(others)) return [others, reaction]
  others.push(reaction)
  return others
}

/** Lets the reactions to `promise` run. */
function start(reactions, promise) {
  if (Array.isArray(reactions)) {
    startAll(reactions, promise)
  } else {
    const ticket = enqueue(reactions, promise)
    if (isKeptByHooks && reactions instanceof Job && hasId(ticket)) replaceNewest(new Late(reactions))
  }
}

function startAll(reactions, promise) {
  if (reactions[0] instanceof Job) {
    // Each needs a ticket of its own: one of them may begin to listen, or enter the first context.
    for (let i = 0; i < reactions.length; i++) start(reactions[i], promise)
  } else {
    enqueue(new Burst(reactions), promise)
  }
}

module.exports = { Job, Reaction, reactBy, start, withOthers }
