'use strict'
// Measurements, each in a process of its own.

const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')

const CHILD = join(__dirname, 'child.js')
const SAMPLES = 3
const QUICK_SAMPLES = 1

/** What a case measures on a side, once. `of` is another checkout, whose functions are then "ours". */
async function measure(one, side, { quick = false, samples = quick ? QUICK_SAMPLES : SAMPLES, of }) {
  const task = { question: one.question, index: one.index, side, quick, samples }
  const env = of ? { ...process.env, BENCHMARK_OF: of } : process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', CHILD, JSON.stringify(task)], { env })
  return JSON.parse(stdout)
}

module.exports = { measure }
