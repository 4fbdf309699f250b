'use strict'
// Plays programs one after the other on one loop, and prints their traces: node run-batch.js <node|ours> [root]
// They come as a JSON array on standard input. Each begins where the loop is empty, as the main script does.

const { readFileSync, writeSync } = require('node:fs')
const { join } = require('node:path')
const { play, stepsOf } = require('./program')
const { makeMachine } = require('./machine')

/** Every kind of step once, before it counts: first calls load code. */
const WARM_UP = require('./warm-up.json')

const [, , loop, root = join(__dirname, '..', '..')] = process.argv
const programs = [WARM_UP, ...JSON.parse(readFileSync(0, 'utf8'))]
const machine = makeMachine(loop, root)
const traces = []
let handles = []
let delays = new Set()
let isBetween = true

/** What is unref'd outlives its program, and leaves an empty list to the timers of the next one. */
function clearUp() {
  for (const handle of handles) {
    machine.clearTimeout(handle)
    if ('_onImmediate' in handle) machine.clearImmediate(handle)
  }
  // The last of a list takes it along if it is ref'd.
  for (const delay of delays) machine.clearTimeout(machine.setTimeout(() => {}, delay))
  handles = []
}

process.on('beforeExit', () => {
  clearUp()
  // How the loop ended under one program shall be nothing to the next one: a timer is always the last thing before.
  isBetween = !isBetween
  if (isBetween) return machine.setTimeout(() => {}, 1)
  const program = programs[traces.length]
  if (!program) process.exit()
  traces.push(machine.reset())
  handles = play(program, machine)
  delays = new Set(Array.from(stepsOf(program), (step) => step.delay).filter((delay) => delay !== undefined))
})

/** Standard output may be a pipe that takes only so much at a time. */
function print(text) {
  const output = Buffer.from(text)
  for (let at = 0; at < output.length; ) {
    try {
      at += writeSync(1, output, at)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}

process.on('exit', () => print(JSON.stringify(traces.slice(1))))
