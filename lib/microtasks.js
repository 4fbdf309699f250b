'use strict'
// queueMicrotask. Each job takes its own ticket in V8's queue, by `then` on a settled promise, and when a ticket is
// called the oldest job runs: so ours and native ones interleave job by job, each in the async context of its call.

const { validateFunction } = require('./errors')
const { settled, then } = require('./native-promise')
const { uncaught } = require('./uncaught')

/** Functions, and objects with a method `run`. First in, first out: `jobs[first]` is the oldest. */
let jobs = []
let first = 0

function runOldest() {
  if (first === jobs.length) return
  const job = jobs[first]
  jobs[first++] = undefined
  if (first === jobs.length) {
    if (first > 1024) jobs = []
    else jobs.length = 0
    first = 0
  }
  try {
    if (typeof job === 'function') job()
    else job.run()
  } catch (error) {
    uncaught(error)
  }
}

function queueMicrotask(callback) {
  validateFunction(callback, 'callback')
  queueJob(callback)
}

/** The ticket comes first: see `enqueue` in promise/jobs.js. */
function queueJob(job) {
  then(settled, runOldest)
  jobs.push(job)
}

module.exports = { queueJob, queueMicrotask }
