'use strict'
// The poll phase: what is to run there, and what of it keeps the process alive.
//
// A source is a function that runs what it has waiting. Each is called once per poll phase that was asked for, with
// whether a drain is due before anything runs, and returns the same for what comes next.

const binding = require('./binding')
const { words, POLL, HELD } = require('./memory')

const sources = []

/** `run` is called in each poll phase that `askForPoll` has asked for. */
function addSource(run) {
  sources.push(run)
}

/** Lets Node's loop come by in its poll phase, soon. */
function askForPoll() {
  if (words[POLL] === 0) {
    words[POLL] = 1
    binding.askForPoll()
  }
}

/** One thing more (1) or less (-1) keeps the process alive. */
function hold(change) {
  const held = words[HELD] + change
  words[HELD] = held
  if (held === 0 || held === change) binding.settle()
}

function pollTurn() {
  words[POLL] = 0
  let drainNext = false
  for (const run of sources) drainNext = run(drainNext)
}

module.exports = { addSource, askForPoll, hold, pollTurn }
