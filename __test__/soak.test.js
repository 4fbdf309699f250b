'use strict'
// A short soak, with a seed: that the long one still runs, that all its work comes to its end, and that nothing grows.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')

const run = promisify(execFile)
const SECONDS = 10
const SEED = 1

test('ten seconds of everything at once', { skip: process.platform === 'win32' }, async () => {
  const script = join(__dirname, '..', 'scripts', 'soak.js')
  const command = ['--expose-gc', script, String(SECONDS), String(SEED)]
  const { stdout } = await run(process.execPath, command, { timeout: 120_000 })
  assert.match(stdout, /^seed 1, Node .*: flat /m)
})
