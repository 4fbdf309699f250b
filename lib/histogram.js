'use strict'
// A histogram of durations in nanoseconds, recorded to in constant time, whatever their range.
//
// A double is an exponent and a fraction: its upper bits number the buckets, 64 for each power of two. So finding the
// bucket is a shift, and a bucket is at most 1/64 of its values wide.

const { endianness } = require('node:os')

const FRACTION_BITS = 6
const SHIFT = 20 - FRACTION_BITS
/** What the upper bits of 1 are. Everything up to there is in the first bucket. */
const FIRST = 1023 << FRACTION_BITS
const BUCKETS = 53 << FRACTION_BITS
const LARGEST = Number.MAX_SAFE_INTEGER
// What else is kept, behind the buckets.
const COUNT = BUCKETS
const SUM = BUCKETS + 1
const MIN = BUCKETS + 2
const MAX = BUCKETS + 3

const PERCENTILES = [50, 90, 95, 99, 99.9]
const NANOS_PER_MS = 1e6

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)
const LOW = endianness() === 'LE' ? 0 : 1
const HIGH = 1 - LOW

/** The bucket of a value from 0 to LARGEST. */
function bucketOf(value) {
  double[0] = value
  const bucket = (halves[HIGH] >>> SHIFT) - FIRST
  return Math.max(bucket, 0)
}

/** Where the next bucket begins. */
function endOf(bucket) {
  halves[HIGH] = (bucket + 1 + FIRST) << SHIFT
  halves[LOW] = 0
  return double[0]
}

class Histogram {
  /** Made by the first duration: most loop objects have not all kinds of them. */
  #counts

  /** A duration, and for how many it stands. */
  record(duration, weight) {
    const counts = (this.#counts ??= emptyCounts())
    const value = duration > 0 ? Math.min(duration, LARGEST) : 0
    counts[bucketOf(value)] += weight
    counts[COUNT] += weight
    counts[SUM] += value * weight
    if (value < counts[MIN]) counts[MIN] = value
    if (value > counts[MAX]) counts[MAX] = value
  }

  /** What it tells, in milliseconds. Without any duration there is no minimum, maximum, mean or percentile. */
  summary() {
    const counts = this.#counts ?? emptyCounts()
    const count = counts[COUNT]
    const percentiles = PERCENTILES.map((percent) => [nameOf(percent), inMs(count, percentile(counts, percent))])
    return {
      count,
      sum: counts[SUM] / NANOS_PER_MS,
      min: inMs(count, counts[MIN]),
      max: inMs(count, counts[MAX]),
      mean: inMs(count, counts[SUM] / count),
      ...Object.fromEntries(percentiles),
    }
  }
}

function emptyCounts() {
  const counts = new Float64Array(BUCKETS + 4)
  counts[MIN] = Number.POSITIVE_INFINITY
  return counts
}

/** The least value that so many percent of the values do not exceed; never below it, at most 1/64 above. */
function percentile(counts, percent) {
  const rank = Math.ceil((percent * counts[COUNT]) / 100)
  let bucket = 0
  for (let seen = counts[0]; seen < rank; seen += counts[bucket]) bucket++
  return Math.max(counts[MIN], Math.min(counts[MAX], endOf(bucket)))
}

const inMs = (count, nanos) => (count > 0 ? nanos / NANOS_PER_MS : undefined)
const nameOf = (percent) => `p${String(percent).replace('.', '_')}`

module.exports = { Histogram }
