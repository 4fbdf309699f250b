'use strict'
// How many instructions the hot paths in Rust take (benches/instructions.rs), counted by valgrind's callgrind: the same
// number each time, whatever else the machine does.

const { execFileSync, spawnSync } = require('node:child_process')
const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { COMPILED } = require('./checkout')

const PROGRAM = 'instructions'

/** Compiles the program of a checkout. Undefined if that has none. */
function compile(checkout, here) {
  if (!existsSync(join(checkout, 'benches', `${PROGRAM}.rs`))) return undefined
  const args = ['bench', '--locked', '--no-default-features', '--bench', PROGRAM, '--no-run', '--message-format=json']
  const env = here ? process.env : { ...process.env, CARGO_TARGET_DIR: COMPILED }
  const stdout = execFileSync('cargo', args, {
    cwd: checkout,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: Infinity,
  })
  const messages = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  return messages.find(({ target, executable }) => executable && target.name === PROGRAM).executable
}

function count(program, path) {
  const args = ['--tool=callgrind', '--callgrind-out-file=/dev/null', program, path]
  const { stderr } = spawnSync('valgrind', args, { encoding: 'utf8' })
  return Number(stderr.match(/Collected : (\d+)/)[1])
}

/** The instructions of each path that a program knows, without those that starting it takes. */
function instructionsOf(program) {
  const paths = execFileSync(program, { encoding: 'utf8' }).trim().split('\n')
  const start = count(program, 'nothing')
  return new Map(paths.map((path) => [path, count(program, path) - start]))
}

/** Which paths take more instructions in `now` than `mayGrow` times those in `before`, in words. */
function compareInstructions(before, now, mayGrow) {
  if (spawnSync('valgrind', ['--version']).error) {
    console.log('\nvalgrind is not here: no instructions are counted.')
    return []
  }
  const [theirs, ours] = [compile(before, false), compile(now, true)].map(
    (program) => program && instructionsOf(program),
  )
  if (!theirs || !ours) {
    console.log('\nThe other commit counts no instructions.')
    return []
  }
  console.log('\nInstructions in Rust')
  const shared = [...ours].filter(([path]) => theirs.has(path))
  return shared.flatMap(([path, count]) => {
    const ratio = count / theirs.get(path)
    console.log(`${path.padEnd(50)}${theirs.get(path)} → ${count}, ratio ${ratio.toFixed(4)}`)
    return ratio > mayGrow ? [`${path}: ${ratio.toFixed(3)} times the instructions`] : []
  })
}

module.exports = { compareInstructions }
