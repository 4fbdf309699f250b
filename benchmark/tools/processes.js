'use strict'
// Measurements, each in a process of its own.

const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')

const CHILD = join(__dirname, 'child.js')
const SAMPLES = 3
const QUICK_SAMPLES = 1
/** V8's room for young objects grows in the first half second, and each page of it is slow when it is touched first. */
const MS = 600
const QUICK_MS = 50

/**
 * What a case measures on a side, once: warmed up for so many ms, and then timed for so many, and for so many samples.
 * `of` is another checkout, whose functions are then "ours".
 */
async function measure(one, side, options) {
  const { quick = false, samples = quick ? QUICK_SAMPLES : SAMPLES, ms = quick ? QUICK_MS : MS, of } = options
  const task = { question: one.question, index: one.index, side, quick, samples, ms }
  const env = of ? { ...process.env, BENCHMARK_OF: of } : process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', CHILD, JSON.stringify(task)], { env })
  return JSON.parse(stdout)
}

module.exports = { measure }
