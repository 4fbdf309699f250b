'use strict'
// The queue of microtasks: callbacks, and the reactions of promises. Each job takes a ticket of its own in V8's queue, by
// `then` on a settled promise, and when a ticket is called the oldest job runs: so ours and native ones interleave job by
// job, each in the async context in which its ticket was taken. What a job throws is an uncaught exception.

const { LENGTH, freshChunk, nextChunk } = require('./chunk')
const { settled, then } = require('./native-promise')
const { uncaught } = require('./uncaught')

/** A chunk with less room than this is full, as a job with what it is about takes two entries. */
const FULL = LENGTH - 1

/** At `first` in `oldest` is the job that runs next. */
let oldest = freshChunk()
let first = 0
/** Where the next one is put. */
let newest = oldest
let next = 0

// The ticket comes first: at each call the stack may be full, or the time of the code over, and a ticket without a job does
// no harm, while a job without one would put all after it out of step. Room is made before, where a full stack spoils
// nothing, and again if async hooks, which see the ticket, have put in jobs of theirs.

/** Lets a function be called. */
function enqueueCallback(callback) {
  if (next >= FULL) addChunk()
  then(settled, runOldest)
  if (next >= FULL) addChunk()
  newest[next] = callback
  next += 1
}

/** Lets `job.run(about)` be called. The ticket. */
function enqueue(job, about) {
  if (next >= FULL) addChunk()
  const ticket = then(settled, runOldest)
  if (next >= FULL) addChunk()
  newest[next] = job
  newest[next + 1] = about
  next += 2
  return ticket
}

/** Another job is to run in place of the one that was put in last. */
function replaceNewest(job) {
  newest[next - 2] = job
}

function runOldest() {
  if (first >= FULL) dropChunk()
  const job = oldest[first]
  if (job === undefined) return
  oldest[first] = undefined
  first += 1
  try {
    if (typeof job === 'function') {
      job()
    } else {
      const about = oldest[first]
      oldest[first] = undefined
      first += 1
      job.run(about)
    }
  } catch (error) {
    uncaught(error)
  }
}

function addChunk() {
  const chunk = freshChunk()
  newest[LENGTH] = chunk
  newest = chunk
  next = 0
}

/** The oldest chunk is at its end. If no other one follows, this was a ticket without a job. */
function dropChunk() {
  if (oldest[LENGTH] === undefined) return
  oldest = nextChunk(oldest)
  first = 0
}

module.exports = { enqueue, enqueueCallback, replaceNewest }
