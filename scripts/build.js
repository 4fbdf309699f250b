'use strict'
// Compiles the addon and puts it where lib/binding.js finds it. Runs at `npm install`; with --if-needed it leaves a
// binary alone that came with the package and loads on this machine. Says in one line what is missing.

const { spawnSync } = require('node:child_process')
const { copyFileSync, existsSync, renameSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const target = join(root, require('../lib/platform').binaryName)

function stop(message) {
  console.error(`rs-eventloop: ${message}`)
  process.exit(1)
}

function loads() {
  return spawnSync(process.execPath, ['-e', 'require(process.argv[1])', target], { stdio: 'ignore' }).status === 0
}

if (Number.parseInt(process.versions.node, 10) < 20) {
  stop(`Node 20 or newer is needed, this is ${process.version}. Install one from https://nodejs.org.`)
}
const packed = !existsSync(join(root, '__test__'))
if (process.argv.includes('--if-needed') && packed && existsSync(target) && loads()) process.exit(0)

const cargo = spawnSync('cargo', ['build', '--release', '--locked'], { cwd: root, stdio: 'inherit' })
if (cargo.error?.code === 'ENOENT') {
  stop('the Rust compiler is needed and was not found. Install it from https://rustup.rs and try again.')
}
if (cargo.error) stop(`cargo could not be started: ${cargo.error.message}`)
if (cargo.status !== 0) stop('the addon did not compile, see above. Rust 1.88 or newer is needed: run `rustup update`.')

const { CARGO_TARGET_DIR } = process.env
const built = { win32: 'rs_eventloop.dll', darwin: 'librs_eventloop.dylib' }[process.platform] ?? 'librs_eventloop.so'
// A running process may have the old file mapped: put the new one in its place as a whole.
copyFileSync(join(CARGO_TARGET_DIR ?? join(root, 'target'), 'release', built), `${target}.new`)
renameSync(`${target}.new`, target)
