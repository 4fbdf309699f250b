'use strict'
// Looks for differences: generates programs, compares, shrinks the first that differs, and says so.

const { readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { compare } = require('./compare')
const { generate } = require('./generate')
const { sideBySide, sourceOf } = require('./show')
const { shrink } = require('./shrink')

const CORPUS = join(__dirname, 'corpus')
const hasPromises = 'ChainedPromise' in require('../..')

/** Programs that differed once: by the name of their files. */
function readCorpus() {
  const names = readdirSync(CORPUS).filter((name) => name.endsWith('.json'))
  return names.toSorted().map((name) => ({ name, ...require(join(CORPUS, name)) }))
}

function keepProgram(name, program) {
  const file = join(CORPUS, `${name}.json`)
  writeFileSync(file, `${JSON.stringify({ program }, undefined, 2)}\n`)
  return file
}

/** The programs of as many seeds, each with its seed. */
function* programsFrom(seed, count) {
  for (let i = 0; i < count; i++) yield { seed: seed + i, ...generate(seed + i, hasPromises) }
}

/** What there is to say about a program that differs, after it was made smaller. */
async function explain({ program: { seed, ...program }, expected, node, ours }, options) {
  const [loop, wrong] = node.right ? ['ours', ours] : ['node', node]
  const least = await shrink({ program, trace: wrong.trace, expected }, loop, options)
  const right = node.right ? 'Node' : 'the model'
  const text = [
    `The program of seed ${seed} differs between ${loop} and ${right}. Made smaller:`,
    sourceOf(least.program),
    sideBySide([right, loop], [least.expected, least.trace]),
  ].join('\n')
  return { seed, least: least.program, text }
}

/** Gives `{ seed, least, text }` of the first program that differs, or undefined. Unless it `shrinks`, as it is. */
async function searchForDifferences({ count, seed, keep, say, shrinks = true, ...options }) {
  const begun = performance.now()
  const different = []
  let done = 0
  let repeated = 0
  say(`${count} programs from seed ${seed} on`)
  await compare(programsFrom(seed, count), {
    ...options,
    stop: () => different.length > 0,
    onResult(result) {
      if (!result.same) different.push(result)
      repeated += result.repeated
      if (++done % 1000 === 0) say(`${done} programs`)
    },
  })
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  say(`${done} programs from seed ${seed} on, ${seconds} s, ${repeated} runs repeated, ${different.length} different`)
  if (different.length === 0) return undefined
  if (!shrinks) return { seed: different[0].program.seed, least: different[0].program }
  const explained = await explain(different[0], options)
  say(explained.text)
  if (keep) say(`kept as ${keepProgram(`seed-${explained.seed}`, explained.least)}`)
  return explained
}

module.exports = { keepProgram, readCorpus, searchForDifferences }
