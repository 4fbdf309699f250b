'use strict'
// Another commit of this repository in a temporary folder, built, for as long as it is needed.

const { execFileSync } = require('node:child_process')
const { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { binaryName } = require('../../lib/platform')
const { root } = require('../sides')

const git = (...args) => execFileSync('git', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })

/** What was compiled for one comparison is there for the next. */
const COMPILED = join(root, 'target', 'compared')

function build(folder, env = process.env) {
  execFileSync(process.execPath, ['scripts/build.js'], { cwd: folder, env, stdio: 'inherit' })
}

const buildHere = () => build(root)

/**
 * Puts the addon of a checkout into a new file. Where in the machine's memory a file lies makes up to 7 % of the time of some
 * cases, for all processes that load it: two copies of one addon differed by that in 15 runs each.
 */
function renewAddon(folder) {
  const file = join(folder, binaryName)
  copyFileSync(file, `${file}.new`)
  renameSync(`${file}.new`, file)
}

/** Calls `use` with the folder of the built commit, and removes it afterwards. */
async function withCheckout(revision, use) {
  const folder = join(mkdtempSync(join(tmpdir(), 'rs-eventloop-compared-')), 'checkout')
  const remove = () => {
    if (existsSync(folder)) git('worktree', 'remove', '--force', folder)
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
  const interrupted = () => {
    remove()
    process.exit(130)
  }
  process.once('SIGINT', interrupted)
  try {
    git('worktree', 'add', '--quiet', '--detach', folder, revision)
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    build(folder, { ...process.env, CARGO_TARGET_DIR: COMPILED })
    return await use(folder)
  } finally {
    process.off('SIGINT', interrupted)
    remove()
  }
}

module.exports = { COMPILED, buildHere, renewAddon, withCheckout }
