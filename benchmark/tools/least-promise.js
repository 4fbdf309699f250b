'use strict'
// The least that a promise outside of V8 can do and keep the language's order and Node's async context: a ticket of V8's for
// each job, and an AsyncResource for each reaction that waits. It has no slots, takes no thenables, catches nothing and
// knows no rejections: no promise for programs, but what no such promise can be faster than.

const { AsyncResource, executionAsyncId } = require('node:async_hooks')
const { LENGTH, freshChunk, nextChunk } = require('../../lib/chunk')
const { mayHaveContext } = require('../../lib/listening')
const { settled, then } = require('../../lib/native-promise')

const PENDING = Symbol('pending')

let oldest = freshChunk()
let first = 0
let newest = oldest
let next = 0

function enqueue(job, source) {
  then(settled, runOldest)
  if (next === LENGTH) addChunk()
  newest[next] = job
  newest[next + 1] = source
  next += 2
}

function addChunk() {
  const chunk = freshChunk()
  newest[LENGTH] = chunk
  newest = chunk
  next = 0
}

function runOldest() {
  if (first === LENGTH) {
    oldest = nextChunk(oldest)
    first = 0
  }
  const job = oldest[first]
  const source = oldest[first + 1]
  oldest[first] = undefined
  oldest[first + 1] = undefined
  first += 2
  job.run(source)
}

function react({ handler, child }, source) {
  child.settle(handler(source.value))
}

class Reaction extends AsyncResource {
  constructor(handler, child) {
    super('PROMISE', executionAsyncId())
    this.handler = handler
    this.child = child
  }

  run(source) {
    this.runInAsyncScope(react, undefined, this, source)
  }
}

class Job {
  constructor(handler, child) {
    this.handler = handler
    this.child = child
  }

  run(source) {
    react(this, source)
  }
}

class LeastPromise {
  value = PENDING
  reaction = undefined

  constructor(executor) {
    executor?.((value) => this.settle(value))
  }

  static resolve(value) {
    const promise = new LeastPromise()
    promise.settle(value)
    return promise
  }

  settle(value) {
    const { reaction } = this
    this.value = value
    this.reaction = undefined
    if (reaction !== undefined) enqueue(reaction, this)
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise has one
  then(handler) {
    const child = new LeastPromise()
    if (this.value === PENDING) this.reaction = new (mayHaveContext() ? Reaction : Job)(handler, child)
    else enqueue(new Job(handler, child), this)
    return child
  }
}

module.exports = { LeastPromise }
