'use strict'
// The questions in `questions/`, and which of their cases are asked.
//
// A question has a title, a unit, a shape (which chart shows it: ratios, scaling, lateness, or none for figures and metrics), and cases.
// One that is `slow` is asked less often in a quick look; the processes of one that may run `together` are not in turn.
// A case has a name, `sides` (Node's and ours, if it does not say), and either
//   run(functions)               does something `count` times, which is timed: a figure is ns for one
//   measure(functions, options)  resolves with its own { value, cpu }; options are { side, quick }
// `must` and `aim` are goals for the ratio ours / Node's, or an object of them by side. `quick: false` leaves the case out of
// a quick look. `loads: false` gives it no functions, because it loads them itself.

const { join } = require('node:path')

const FOLDER = join(__dirname, '..', 'questions')
const NAMES = [
  'set-and-clear',
  'set-and-fire',
  'immediates',
  'microtasks',
  'awaited-timers',
  'promise-chains',
  'many-pending',
  'loop-objects',
  'memory',
  'hand-over',
  'descriptors',
  'http',
  'lateness',
  'drift',
  'start-up',
]

/** One question. Each of its cases knows it by name, and where it is within it. */
function question(name) {
  const { cases, ...rest } = require(join(FOLDER, name))
  return {
    ...rest,
    name,
    cases: cases.map((one, index) =>
      Object.assign(one, { question: name, index, sides: one.sides ?? ['node', 'ours'], unit: one.unit ?? rest.unit }),
    ),
  }
}

/** Those whose name contains `part`, with the cases that are asked. */
function questions({ part = '', quick = false }) {
  return NAMES.filter((name) => name.includes(part)).map((name) => {
    const asked = question(name)
    return { ...asked, cases: asked.cases.filter((one) => one.sides.length > 0 && !(quick && one.quick === false)) }
  })
}

module.exports = { question, questions }
