'use strict'
// Makes a program that differs as small as it can be while it still differs.

const { predictIfFixed } = require('./model')
const { isRight, playOn } = require('./run')
const { judge, playAlone } = require('./compare')

/** Candidates played in one process. */
const AT_ONCE = 16
const SIMPLEST = { delay: 1, ms: 8, times: 1 }

/** Programs that are a little smaller, the much smaller ones first. */
function* smaller(program) {
  for (const part of ['chain', 'onUncaught', 'onRejection']) {
    if (program[part]) yield { ...program, [part]: undefined }
  }
  const { chain } = program
  for (const part of ['before', 'after']) {
    if (chain?.[part] > 0) yield { ...program, chain: { ...chain, [part]: Math.floor(chain[part] / 2) } }
    if (chain?.[part] > 0) yield { ...program, chain: { ...chain, [part]: chain[part] - 1 } }
  }
  for (const part of ['body', 'onUncaught', 'onRejection']) {
    for (const body of smallerBodies(program[part])) yield { ...program, [part]: body }
  }
}

function* smallerBodies(body = []) {
  for (const i of body.keys()) yield body.toSpliced(i, 1)
  for (const [i, step] of body.entries()) {
    if (step.body?.length > 0) yield body.toSpliced(i, 1, ...step.body)
    for (const [key, value] of Object.entries(SIMPLEST)) {
      if (key in step && step[key] !== value) yield body.with(i, { ...step, [key]: value })
    }
    for (const inner of smallerBodies(step.body)) yield body.with(i, { ...step, body: inner })
  }
}

/** The first of some programs that is wrong beyond doubt on the loop, with its traces. */
async function firstWrong(loop, programs, options) {
  const traces = await playOn(loop, programs, options)
  for (const [i, program] of programs.entries()) {
    const expected = predictIfFixed(program)
    if (isRight(traces[i], expected)) continue
    // Once more, alone: what went before shall not matter.
    const { right, trace } = await judge(() => playAlone(loop, program, options), expected)
    if (!right) return { program, trace, expected }
  }
}

function* chunks(iterable) {
  let chunk = []
  for (const one of iterable) {
    chunk.push(one)
    if (chunk.length === AT_ONCE) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

const fixedOnly = (programs) => [...programs].filter((program) => predictIfFixed(program))

/** `wrong` is a program with its trace on the loop and the expected one. Gives the least one like it. */
async function shrink(wrong, loop, options) {
  let least = wrong
  for (let found = true; found; ) {
    found = false
    for (const chunk of chunks(fixedOnly(smaller(least.program)))) {
      const next = await firstWrong(loop, chunk, options)
      if (!next) continue
      least = next
      found = true
      break
    }
  }
  return least
}

module.exports = { shrink }
