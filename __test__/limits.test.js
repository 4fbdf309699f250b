'use strict'
// At the limits of the system: descriptors, threads, memory. What cannot be had is an error with a code that stays the same,
// nothing is half done, and the process goes on and works again when there is room. The limits are the system's own.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')

const LINUX = process.platform === 'linux' ? {} : { skip: 'sets limits of Linux for a process that runs' }

/** What a program of `limits/program.js` says. */
async function run(what) {
  const args = [join(__dirname, 'limits', 'program.js'), what]
  return (await promisify(execFile)(process.execPath, args, { timeout: 30_000 })).stdout.trim()
}

const OUT_OF_MEMORY = 'ERR_LOOP_OUT_OF_MEMORY'
const works = 'microtask,timeout,immediate'

const programs = {
  descriptors: `${'ERR_LOOP_THREAD,'.repeat(4)}none 5 ${works}`,
  'descriptors of a watcher': `ERR_LOOP_THREAD ERR_LOOP_THREAD none none none 1 ERR_LOOP_THREAD ERR_LOOP_THREAD immediate 0 ${works}`,
  'descriptors when the thread has ended': `ERR_LOOP_THREAD none false read ERR_LOOP_THREAD,ERR_LOOP_THREAD ${works}`,
  'descriptors among immediates': `ERR_LOOP_THREAD,ERR_LOOP_THREAD ${works}`,
  'what the thread polls': `ERR_LOOP_THREAD ${works}`,
  threads: `ERR_LOOP_THREAD ERR_LOOP_THREAD ${works}`,
  'memory of timers': `${OUT_OF_MEMORY} true true ${works}`,
  'memory of timers for an interval': `${OUT_OF_MEMORY} true ${OUT_OF_MEMORY} ${OUT_OF_MEMORY} 1 1 0 0 true ${works}`,
  'memory of lists': `${OUT_OF_MEMORY} true ${OUT_OF_MEMORY} true ${works}`,
  'memory of doorbells': `${OUT_OF_MEMORY} true ${works}`,
  'memory of immediates': `${OUT_OF_MEMORY} none false`,
}

for (const [what, expected] of Object.entries(programs)) {
  test(`out of ${what}`, LINUX, async () => {
    assert.strictEqual(await run(what), expected)
  })
}
