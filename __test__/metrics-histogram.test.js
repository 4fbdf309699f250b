'use strict'
// The histogram and the rate that metrics are made of, held against what is computed from all values.

const { test } = require('node:test')
const assert = require('node:assert')
const { Histogram } = require('../lib/histogram')
const { Rate } = require('../lib/rate')

const MS = 1e6
const PERCENTS = { p50: 50, p90: 90, p95: 95, p99: 99, p99_9: 99.9 }

/** Random numbers that are the same in each run. */
function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

function summaryOf(values) {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value, 1)
  return histogram.summary()
}

/** What `summary` tells of `values` is exact, and percentiles are at most 1/64 above the truth. */
function check(summary, values) {
  const sorted = values.toSorted((a, b) => a - b)
  const sum = values.reduce((a, b) => a + b, 0)
  assert.strictEqual(summary.count, values.length)
  assert.strictEqual(summary.sum, sum / MS)
  assert.strictEqual(summary.mean, sum / values.length / MS)
  assert.strictEqual(summary.min, sorted[0] / MS)
  assert.strictEqual(summary.max, sorted.at(-1) / MS)
  for (const [name, percent] of Object.entries(PERCENTS)) {
    const truth = sorted[Math.ceil((percent * values.length) / 100) - 1] / MS
    assert.ok(
      summary[name] >= truth && summary[name] <= truth * (1 + 1 / 64) + 1 / MS,
      `${name}: ${summary[name]}, ${truth}`,
    )
  }
}

test('a histogram tells the truth of durations from a nanosecond to weeks', () => {
  const random = randomFrom(7)
  for (const largest of [10, 1e3, 1e6, 1e9, 1e15]) {
    for (const count of [1, 2, 10, 1000, 5000]) {
      const even = Array.from({ length: count }, () => Math.floor(random() * largest))
      check(summaryOf(even), even)
      const skewed = Array.from({ length: count }, () => Math.floor(largest ** random()))
      check(summaryOf(skewed), skewed)
    }
  }
})

test('powers of two, and what is beside them, are in the buckets they belong to', () => {
  for (let power = 0; power < 53; power++) {
    for (const value of [2 ** power - 1, 2 ** power, 2 ** power + 1].filter(Number.isSafeInteger)) {
      check(summaryOf([value]), [value])
      check(
        summaryOf([value, value * 0.75, value * 0.5].map(Math.floor)),
        [value, value * 0.75, value * 0.5].map(Math.floor),
      )
    }
  }
})

test('a duration with a weight counts as often', () => {
  const random = randomFrom(5)
  const histogram = new Histogram()
  const values = []
  for (let i = 0; i < 500; i++) {
    const value = Math.floor(random() * 1e6)
    const weight = 1 + Math.floor(random() * 64)
    histogram.record(value, weight)
    values.push(...new Array(weight).fill(value))
  }
  check(histogram.summary(), values)
})

test('what is no duration counts as none, what is too long as the longest', () => {
  const { count, min, p50, max } = summaryOf([-5, Number.NaN, Number.POSITIVE_INFINITY])
  assert.deepStrictEqual([count, min, max], [3, 0, Number.MAX_SAFE_INTEGER / MS])
  assert.ok(p50 < 2 / MS)
})

test('a histogram without durations has no minimum, maximum, mean and percentiles', () => {
  const { count, sum, ...rest } = new Histogram().summary()
  assert.deepStrictEqual([count, sum], [0, 0])
  assert.deepStrictEqual(new Set(Object.values(rest)), new Set([undefined]))
  assert.deepStrictEqual(Object.keys(rest), ['min', 'max', 'mean', ...Object.keys(PERCENTS)])
})

const SECOND = 1e9

/** The same, from a list of all moments. */
function rateOf(moments, since, now) {
  const second = (moment) => Math.floor((moment - since) / SECOND)
  const counts = new Map()
  for (const moment of moments) counts.set(second(moment), (counts.get(second(moment)) ?? 0) + 1)
  const oldest = second(now) - 10
  const counted = moments.filter((moment) => second(moment) >= oldest).length
  const seconds = Math.max(1, (now - since - Math.max(0, oldest) * SECOND) / SECOND)
  return { perSecond: counted / seconds, peakPerSecond: Math.max(0, ...counts.values()) }
}

test('a rate is that of the last ten seconds, and of the best one', () => {
  const random = randomFrom(11)
  const since = 5e12
  for (const pause of [0.05, 0.4, 1, 3, 15]) {
    const rate = new Rate(since)
    const moments = []
    let now = since
    assert.deepStrictEqual(rate.summary(now), { perSecond: 0, peakPerSecond: 0 })
    for (let i = 0; i < 300; i++) {
      now += Math.floor(random() * 2 * pause * SECOND)
      const several = i % 3
      rate.count(now, several)
      moments.push(...new Array(several).fill(now))
      const asked = now + (i % 7 === 0 ? Math.floor(random() * 12 * SECOND) : 0)
      assert.deepStrictEqual(rate.summary(asked), rateOf(moments, since, asked), `pause ${pause}, step ${i}`)
      now = asked
    }
  }
})
