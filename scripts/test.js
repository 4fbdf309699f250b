'use strict'
// `npm test`: the Rust unit tests, then the JavaScript tests, on the Node that runs this.

const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}

const files = readdirSync(join(root, '__test__'))
  .filter((name) => name.endsWith('.test.js') || name.endsWith('.test.mjs'))
  .map((name) => join('__test__', name))

if (!process.argv.includes('--js')) run('cargo', ['test', '--locked', '--no-default-features'])
run(process.execPath, ['--expose-gc', '--test', ...files])
