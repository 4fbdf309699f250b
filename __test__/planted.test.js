'use strict'
// The defects that scripts/loom.sh and scripts/sanitizer.sh put in to show that they find them: each can still be put in.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const folder = join(root, 'scripts', 'planted')
const patch = (...args) => spawnSync('patch', args, { cwd: root, encoding: 'utf8' })
const PATCH = patch('--version').error ? { skip: 'there is no patch, which puts them in' } : {}

for (const name of readdirSync(folder)) {
  test(`${name} fits`, PATCH, () => {
    const { status, stdout } = patch('--dry-run', '--strip', '1', '--input', join(folder, name))
    assert.strictEqual(status, 0, stdout)
  })
}
