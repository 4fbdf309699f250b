'use strict'
// Plays programs on a loop in a process of its own, and tells whether a trace is right.

const { spawn } = require('node:child_process')
const { join } = require('node:path')
const { MARGIN } = require('./model/refused')

const PATIENCE = 30_000
/** Clocks of whole milliseconds take this much of the margin. */
const TRUNCATED = 2

/** `options`: `node`, which executable; `root`, the folder of the package. Gives a trace for each program begun. */
function playOn(loop, programs, { node = process.execPath, root } = {}) {
  return new Promise((resolve, reject) => {
    const args = [join(__dirname, 'run-batch.js'), loop]
    const child = spawn(node, root ? [...args, root] : args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: PATIENCE })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.on('error', reject)
    // A child that ended early says so by what it does not print.
    child.on('close', () => resolve(chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : []))
    child.stdin.on('error', () => {})
    child.stdin.end(JSON.stringify(programs))
  })
}

/** What is compared of a trace. */
function labelsOf(trace = []) {
  return trace.map(([label]) => label).filter((label) => label !== '')
}

function isRight(trace, expected) {
  return labelsOf(trace).join('|') === labelsOf(expected).join('|')
}

/**
 * Whether the machine kept the times of a program so badly, up to where its trace departs from the expected one, that
 * its order may have changed. Lateness is harmless as long as it is the same for all.
 */
function wasDisturbed(trace, expected) {
  let least = 0
  let most = 0
  for (let i = 0; i < trace.length; i++) {
    // What comes when all should be over is as late as the loop has gone on: one held up there meets more due timers.
    const [label, time] = expected[i] ?? [undefined, expected.at(-1)[1]]
    const late = trace[i][1] - time
    least = Math.min(least, late)
    most = Math.max(most, late)
    if (trace[i][0] !== label) break
  }
  return most - least > MARGIN - TRUNCATED
}

module.exports = { isRight, labelsOf, playOn, wasDisturbed }
