'use strict'
// `rs-eventloop diff script.js`: the script on both loops, and what differs.

const { realpathSync, statSync, writeFileSync } = require('node:fs')
const { basename, resolve } = require('node:path')
const { parseArgs } = require('node:util')
const { pageOf } = require('./page')
const { play } = require('./play')
const { sideBySide } = require('./text')
const { firstDifference } = require('./trace')

const USAGE = `Usage: rs-eventloop diff script.js [options] [-- arguments of the script]

Runs the script on Node's loop and on rs-eventloop, each in a process of its own. Shows both side by side: what ran, in
which phase, and after the arrow the number of what set it. Exits with 0 if they are the same, with 1 if not.

  --html FILE      writes a page with both, too
  --seconds N      ends the script when it has run for so long (10)
  --events N       ends the script after so many events (1000)
  --help           shows this
`
const OPTIONS = {
  html: { type: 'string' },
  seconds: { type: 'string', default: '10' },
  events: { type: 'string', default: '1000' },
  help: { type: 'boolean' },
}
const NAMES = [`Node ${process.version}`, 'rs-eventloop']
/** How often Node plays a script that differs once more, to tell whether Node fixes its order. */
const AGAIN = 3

const SAME = 0
const DIFFERENT = 1
const MISUSE = 2

class Misuse extends Error {}

function positive(values, name) {
  const number = Number(values[name])
  if (!(number > 0 && number <= 1e6)) throw new Misuse(`--${name} must be a number above 0, up to 1000000`)
  return number
}

function scriptAt(path) {
  const script = resolve(path)
  if (!statSync(script, { throwIfNoEntry: false })?.isFile()) throw new Misuse(`no such file: ${path}`)
  // As V8 names it in stacks.
  return realpathSync(script)
}

function readArguments(args) {
  let parsed
  try {
    parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new Misuse(error.message)
  }
  const { values, positionals } = parsed
  const [command, path, ...rest] = positionals
  if (values.help) return { help: true }
  if (command !== 'diff') throw new Misuse(command === undefined ? 'which command?' : `no such command: ${command}`)
  if (path === undefined) throw new Misuse('which script?')
  const limits = { seconds: positive(values, 'seconds'), events: positive(values, 'events') }
  return { script: scriptAt(path), rest, limits, html: values.html }
}

/** Whether Node itself plays the script in more than one way. */
async function variesOnNode(node, again) {
  for (let i = 0; i < AGAIN; i++) {
    if (firstDifference(node, await again()) !== undefined) return true
  }
  return false
}

function verdictOf(difference, sides, varies) {
  if (difference === undefined) {
    const count = Math.min(...sides.map(({ entries }) => entries.length))
    return `The same: ${count} events in the same order.`
  }
  const note = varies ? ' Node itself plays this script in more than one way: its rules leave that order open.' : ''
  return `Different from event ${difference} on.${note}`
}

async function diff({ script, rest, limits, html }) {
  const playOn = (loop) => play(loop, script, rest, limits)
  const sides = [await playOn('node'), await playOn('ours')]
  const difference = firstDifference(...sides)
  const varies = difference !== undefined && (await variesOnNode(sides[0], () => playOn('node')))
  const verdict = verdictOf(difference, sides, varies)
  if (html !== undefined)
    writeFileSync(html, pageOf({ title: basename(script), names: NAMES, sides, difference, verdict }))
  console.log(`${sideBySide(NAMES, sides, difference)}\n\n${verdict}`)
  const complaint = sides.find(({ stderr }) => stderr !== '')
  if (complaint) console.error(`\nStandard error of the script:\n${complaint.stderr}`)
  return difference === undefined ? SAME : DIFFERENT
}

/** Resolves with the exit code. */
async function main(args) {
  try {
    const options = readArguments(args)
    if (!options.help) return await diff(options)
    console.log(USAGE)
    return SAME
  } catch (error) {
    if (!(error instanceof Misuse) && error.syscall === undefined) throw error
    console.error(`rs-eventloop: ${error.message}\n\n${USAGE}`)
    return MISUSE
  }
}

module.exports = { main }
