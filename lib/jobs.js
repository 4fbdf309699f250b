'use strict'
// The queue of microtasks: callbacks, and the reactions of promises. Each job takes a ticket of its own in V8's queue, by
// `then` on a settled promise, and when a ticket is called the oldest job runs: so ours and native ones interleave job by
// job, each in the async context in which its ticket was taken. What a job throws is an uncaught exception.

const { settled, then } = require('./native-promise')
const { uncaught } = require('./uncaught')

/** Chunks are arrays of jobs, each followed by what it is about; behind the last one is the next chunk. */
const LENGTH = 2048
const MOST_SPARES = 64

/** At `first` in the chunk `oldest` is the job that runs next; `next` in the chunk `newest` is free. */
let oldest = freshChunk()
let newest = oldest
let first = 0
let next = 0

/** Chunks for use again, one linked to the other. */
let spares
let spareCount = 0

function freshChunk() {
  return new Array(LENGTH + 1).fill(undefined)
}

/**
 * Lets a function be called, or `job.run(about)`. The ticket comes first: at each call the stack may be full, or the time
 * of the code over, and a ticket without a job does no harm, while a job without one would put all after it out of step.
 */
function enqueue(job, about) {
  if (next === LENGTH) addChunk()
  then(settled, runOldest)
  newest[next] = job
  newest[next + 1] = about
  next += 2
}

function runOldest() {
  if (first === LENGTH) dropChunk()
  const job = oldest[first]
  const about = oldest[first + 1]
  if (job === undefined) return
  oldest[first] = undefined
  oldest[first + 1] = undefined
  first += 2
  if (first === next && oldest === newest) first = next = 0
  try {
    if (typeof job === 'function') job()
    else job.run(about)
  } catch (error) {
    uncaught(error)
  }
}

function addChunk() {
  let chunk = spares
  if (chunk === undefined) {
    chunk = freshChunk()
  } else {
    spares = chunk[LENGTH]
    spareCount--
    chunk[LENGTH] = undefined
  }
  newest[LENGTH] = chunk
  newest = chunk
  next = 0
}

/** The oldest chunk is at its end, and another one follows: an only one begins anew when all its jobs have begun. */
function dropChunk() {
  const chunk = oldest
  oldest = chunk[LENGTH]
  first = 0
  if (spareCount === MOST_SPARES) return
  chunk[LENGTH] = spares
  spares = chunk
  spareCount++
}

module.exports = { enqueue }
