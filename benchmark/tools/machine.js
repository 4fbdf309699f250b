'use strict'
// Where and what was measured: without that, a figure says nothing.

const { execFileSync } = require('node:child_process')
const { arch, cpus, loadavg, platform, release, totalmem } = require('node:os')
const { root } = require('../sides')

/** The last commit that changed what is measured, which stays the same when figures are committed. */
function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const measured = ['--', 'src', 'lib', 'Cargo.toml', 'Cargo.lock']
  try {
    const last = git('log', '-1', '--format=%h', ...measured)
    return git('status', '--porcelain', ...measured) ? `${last} and changes` : last
  } catch {
    return 'unknown'
  }
}

const machine = () => ({
  node: process.version,
  commit: commit(),
  platform: `${platform()} ${release()}`,
  arch: arch(),
  processors: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  load: loadavg()[0],
})

module.exports = { machine }
