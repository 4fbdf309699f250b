'use strict'
// A benchmark whose measurements each need a process of their own: the file runs itself again, and the child prints what
// it measured as JSON.

const { execFileSync } = require('node:child_process')
const { median } = require('./statistics')

/** What the child runs, if this is one. */
const role = process.env.BENCHMARK_ROLE

/** The medians of `runs` children, figure by figure. */
function mediansOf(file, childRole, runs) {
  const results = Array.from({ length: runs }, () => {
    const env = { ...process.env, BENCHMARK_ROLE: childRole }
    return JSON.parse(execFileSync(process.execPath, ['--expose-gc', file], { env, encoding: 'utf8' }))
  })
  return Object.fromEntries(Object.keys(results[0]).map((key) => [key, median(results.map((result) => result[key]))]))
}

module.exports = { mediansOf, role }
