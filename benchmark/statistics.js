'use strict'
// What becomes of many measurements: the figures the benchmarks print.

const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))]

const median = (values) => percentile(values, 50)

module.exports = { median, percentile }
