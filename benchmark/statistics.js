'use strict'
// What becomes of many measurements: the figures that the benchmarks print, and how sure they are.

const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))]

const median = (values) => percentile(values, 50)

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The same numbers in each run, between 0 and 1: an interval shall not change when it is computed again. */
function* pseudoRandom() {
  for (let seed = 1; ; ) {
    seed = (seed * 48271) % 2147483647
    yield seed / 2147483647
  }
}

const RESAMPLES = 2000

/** The 95 % interval of the ratio of two medians, by bootstrap: both sides drawn anew from themselves, many times. */
function ratioInterval(above, below) {
  const random = pseudoRandom()
  const redraw = (values) => values.map(() => values[Math.floor(random.next().value * values.length)])
  const ratios = Array.from({ length: RESAMPLES }, () => median(redraw(above)) / median(redraw(below)))
  return [percentile(ratios, 2.5), percentile(ratios, 97.5)]
}

/** How probable a standard normal variable is above `z` (Abramowitz and Stegun 26.2.17). */
function normalTail(z) {
  if (z < 0) return 1 - normalTail(-z)
  const t = 1 / (1 + 0.2316419 * z)
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}

/**
 * Mann and Whitney's test: how probable it is that chance alone makes `larger` rank at least so far above `smaller`. It
 * asks for order only, so that one run that was disturbed weighs no more than any other.
 */
function probabilityOfChance(larger, smaller) {
  let wins = 0
  for (const a of larger) for (const b of smaller) wins += a > b ? 1 : a === b ? 0.5 : 0
  const pairs = larger.length * smaller.length
  const deviation = Math.sqrt((pairs * (larger.length + smaller.length + 1)) / 12)
  return normalTail((wins - pairs / 2 - 0.5) / deviation)
}

module.exports = { mean, median, percentile, probabilityOfChance, ratioInterval }
