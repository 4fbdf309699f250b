'use strict'
// The types of promises, with the compiler of the development dependencies.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

test('the types say what Promise says', () => {
  const compiler = join(__dirname, '..', 'node_modules', '.bin', 'tsc')
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
  const { stdout, status } = spawnSync(compiler, [...options, join(__dirname, 'promise', 'types.ts')], {
    encoding: 'utf8',
  })
  assert.strictEqual(stdout, '')
  assert.strictEqual(status, 0)
})
