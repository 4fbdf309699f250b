'use strict'
// The queue of reaction jobs. Each job takes a ticket of its own in V8's queue of microtasks, by `then` on a settled
// promise, and when a ticket is called the oldest job runs: so ours and native ones interleave job by job. The ticket
// also carries the async context in which it was taken; a job that is an AsyncResource has a context of its own.

const { AsyncResource } = require('node:async_hooks')
const { settled, then } = require('../native-promise')

/** A ring whose length is a power of two: at `first` is the oldest job and the promise it is about, `next` is free. */
let jobs = new Array(2048).fill(undefined)
let first = 0
let next = 0

/**
 * Lets `job.run(source)` be called. The ticket comes first: the stack may be full, or the time of the code over, between
 * any two lines, and a ticket without a job does no harm, while a job without one would put all after it out of step.
 */
function enqueue(job, source) {
  const after = (next + 2) & (jobs.length - 1)
  if (after === first) {
    grow()
    enqueue(job, source)
    return
  }
  then(settled, runOldest)
  jobs[next] = job
  jobs[next + 1] = source
  next = after
}

function runOldest() {
  const job = jobs[first]
  const source = jobs[first + 1]
  if (job === undefined) return
  jobs[first] = undefined
  jobs[first + 1] = undefined
  first = (first + 2) & (jobs.length - 1)
  runJob(job, source)
}

function runJob(job, source) {
  if (job instanceof AsyncResource) job.runInAsyncScope(run, undefined, job, source)
  else job.run(source)
}

function run(job, source) {
  job.run(source)
}

/** All reactions to a promise that has several. Nothing can come between them, so they share a ticket. */
class Burst {
  constructor(reactions) {
    this.reactions = reactions
  }

  run(source) {
    const { reactions } = this
    for (let i = 0; i < reactions.length; i++) runJob(reactions[i], source)
  }
}

/** There is one free place, which would make the full ring look like an empty one: twice the room. */
function grow() {
  const { length } = jobs
  const grown = new Array(2 * length).fill(undefined)
  for (let i = 0; i < length; i++) grown[i] = jobs[(first + i) & (length - 1)]
  jobs = grown
  first = 0
  next = length - 2
}

module.exports = { Burst, enqueue }
