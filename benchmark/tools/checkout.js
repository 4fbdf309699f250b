'use strict'
// Another commit of this repository, built, and what this checkout has, in temporary folders for as long as they are needed.

const { execFileSync } = require('node:child_process')
const { copyFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } = require('node:fs')
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

/** What a program loads of the package. */
const LOADED = ['index.js', 'lib', 'package.json', 'promises.js', binaryName]

/**
 * Calls `use` with the folders of the built commit and of a copy of this checkout, and removes them afterwards. Their paths are
 * of one length: V8 keeps the path of each file, and what it keeps decides where in a burst garbage is collected. A copy of
 * one commit in `/tmp/lane1` took 17 % more processor time for microtasks than one with a path 40 letters longer.
 */
async function withCheckouts(revision, use) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-compared-'))
  const [older, newer] = ['older', 'newer'].map((name) => join(folder, name))
  const remove = () => {
    if (existsSync(older)) git('worktree', 'remove', '--force', older)
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupted = () => {
    remove()
    process.exit(130)
  }
  process.once('SIGINT', interrupted)
  try {
    git('worktree', 'add', '--quiet', '--detach', older, revision)
    symlinkSync(join(root, 'node_modules'), join(older, 'node_modules'))
    build(older, { ...process.env, CARGO_TARGET_DIR: COMPILED })
    for (const name of LOADED) cpSync(join(root, name), join(newer, name), { recursive: true })
    return await use({ older, newer })
  } finally {
    process.off('SIGINT', interrupted)
    remove()
  }
}

module.exports = { COMPILED, buildHere, renewAddon, withCheckouts }
