'use strict'
// Runs programs on Node's loop and on ours, and finds those whose traces differ: from each other, or from the model.
//
// A wrong trace counts at once if the machine kept the times of the program. Otherwise the program is played again, alone;
// one that is wrong each time counts, too. Nothing wrong is ever taken for right.

const { predict } = require('./model')
const { isRight, playOn, wasDisturbed } = require('./run')

const BATCH = 20
/** On a machine that is overloaded most runs of a long program are disturbed. */
const ATTEMPTS = 40
const LOOPS = ['node', 'ours']

/** Plays a program, by `playAgain`, until its trace is right, or wrong beyond doubt. */
async function judge(playAgain, expected, first) {
  let trace = first
  let attempts = 0
  while (!isRight(trace, expected)) {
    if (trace && !wasDisturbed(trace, expected)) return { right: false, trace }
    if (++attempts > ATTEMPTS) return { right: false, trace: trace ?? [] }
    trace = await playAgain()
  }
  return { right: true, trace, attempts }
}

/** Plays the program alone. */
async function playAlone(loop, program, options) {
  const [trace] = await playOn(loop, [program], options)
  return trace
}

/** Gives `{ program, expected, node, ours, repeated }`; `expected` is the model's trace. */
async function judgeOnBoth(program, first, options) {
  const expected = predict(program)
  const [node, ours] = await Promise.all(
    LOOPS.map((loop) => judge(() => playAlone(loop, program, options), expected, first[loop])),
  )
  const repeated = (node.attempts ?? 0) + (ours.attempts ?? 0)
  return { program, expected, node, ours, repeated, same: node.right && ours.right }
}

async function compareBatch(programs, options) {
  const traces = {}
  for (const loop of LOOPS) traces[loop] = await playOn(loop, programs, options)
  const results = []
  for (const [i, program] of programs.entries()) {
    results.push(await judgeOnBoth(program, { node: traces.node[i], ours: traces.ours[i] }, options))
  }
  return results
}

/** `source` is an iterable of programs. `onResult` is called for each; with `stop()` true no more are begun. */
async function compare(source, { jobs = 2, onResult, stop = () => false, ...options }) {
  const programs = source[Symbol.iterator]()
  const work = async () => {
    while (!stop()) {
      const batch = []
      for (let next; batch.length < BATCH && !(next = programs.next()).done; ) batch.push(next.value)
      if (batch.length === 0) return
      for (const result of await compareBatch(batch, options)) onResult(result)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
}

module.exports = { compare, judge, playAlone }
