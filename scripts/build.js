'use strict'
// Compiles the addon and puts it where lib/binding.js finds it. Runs at `npm install`; with --if-needed it leaves a
// binary alone that came with the package and loads on this machine. Says in one line what is missing.

const { spawnSync } = require('node:child_process')
const { copyFileSync, existsSync, renameSync, rmSync } = require('node:fs')
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

/** Runs Cargo. Returns the path of the library it made, wherever its settings put that. */
function compile() {
  const cargo = spawnSync('cargo', ['build', '--release', '--locked', '--message-format=json-render-diagnostics'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: Infinity,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (cargo.error && cargo.error.code === 'ENOENT') {
    stop('the Rust compiler is needed and was not found. Install it from https://rustup.rs and try again.')
  }
  if (cargo.error) stop(`cargo could not be started: ${cargo.error.message}`)
  if (cargo.status !== 0)
    stop('the addon did not compile, see above. Rust 1.88 or newer is needed: run `rustup update`.')
  const made = cargo.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .find(({ reason, target }) => reason === 'compiler-artifact' && target.name === 'rs_eventloop')
  return made.filenames.find((name) => /\.(so|dylib|dll)$/.test(name))
}

if (Number.parseInt(process.versions.node, 10) < 20) {
  stop(`Node 20 or newer is needed, this is ${process.version}. Install one from https://nodejs.org.`)
}
const packed = !existsSync(join(root, '__test__'))
if (process.argv.includes('--if-needed') && packed && existsSync(target) && loads()) process.exit(0)

// A running process may have the old file mapped: put the new one in its place as a whole.
copyFileSync(compile(), `${target}.new`)
renameSync(`${target}.new`, target)
// In a checkout the next build goes on from here; in a program's node_modules it is a hundred megabytes for nothing.
if (packed) rmSync(join(root, 'target'), { recursive: true, force: true })
