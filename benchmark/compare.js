'use strict'
// `npm run bench:compare -- REV`: is this checkout slower than that commit? Builds the commit in a folder of its own and
// measures both, taking turns, in processes of their own. Exits with 1 and names what became slower by more than 5 %, and
// with 2 if it could not measure.
//
// What looks slower in a first round, be it by the clock or in processor time, is measured anew: only the second round is
// judged, by Mann and Whitney's test. A busy machine makes chance differences of 5 %, but not the same ones twice. The
// instructions of the hot paths in Rust are counted beside it where valgrind is: these have no noise at all.
// Usage: node benchmark/compare.js REV [--only PART OF A NAME]

const { argument } = require('./arguments')
const { buildHere, renewAddon, withCheckouts } = require('./tools/checkout')
const { compareInstructions } = require('./tools/instructions')
const { measure } = require('./tools/processes')
const { questions } = require('./tools/questions')
const { root } = require('./sides')
const { median, probabilityOfChance } = require('./statistics')

const MAY_GROW = 1.05
/** In the first round: what is far from 5 % is not measured again. */
const SUSPICIOUS = 1.025
const FIRST_ROUND = 5
const SECOND_ROUND = 21
const SAMPLES = 5
/** How long a case runs before its samples, and its samples together at the least. Long enough for V8 to have optimized. */
const MS = 200
/** Two figures of some twenty cases are tested: one false alarm in about a thousand comparisons of the same code. */
const MOST_CHANCE = 0.0005
const FIGURES = { value: 'by the clock', cpu: 'in processor time' }

/** The cases that are timed, as far as their time is that of our code. */
const cases = questions({ part: argument('--only'), quick: true })
  .flatMap((question) => question.cases)
  .filter((one) => one.run && one.line === undefined && one.sides.includes('ours'))

/** The best of some samples: what the machine did besides only ever makes one longer. */
async function best(one, of) {
  const { samples } = await measure(one, 'ours', { of, samples: SAMPLES, ms: MS })
  return Object.fromEntries(Object.keys(FIGURES).map((figure) => [figure, Math.min(...samples.map((s) => s[figure]))]))
}

/** For each figure: how the newer one compares with the older, and how probable such a difference is by chance. */
async function round(one, { older, newer }, runs) {
  const taken = { [older]: [], [newer]: [] }
  for (let run = 0; run < runs; run++) {
    const order = run % 2 ? [older, newer] : [newer, older]
    for (const of of order) {
      renewAddon(of)
      taken[of].push(await best(one, of))
    }
  }
  return Object.keys(FIGURES).map((figure) => {
    const [now, before] = [newer, older].map((of) => taken[of].map((result) => result[figure]))
    return { figure, ratio: median(now) / median(before), chance: probabilityOfChance(now, before) }
  })
}

const said = ({ figure, ratio }) => `${((ratio - 1) * 100).toFixed(1).replace(/^(?!-)/, '+')} % ${FIGURES[figure]}`

/** What became slower, in words. */
async function compareCase(one, folders) {
  const first = await round(one, folders, FIRST_ROUND)
  console.log(`${one.name.padEnd(46)}${first.map(said).join(', ')}`)
  if (first.every(({ ratio }) => ratio <= SUSPICIOUS)) return []
  const second = await round(one, folders, SECOND_ROUND)
  console.log(
    `${'  measured anew'.padEnd(46)}${second.map((all) => `${said(all)} (p ${all.chance.toPrecision(2)})`).join(', ')}`,
  )
  return second
    .filter(({ ratio, chance }) => ratio > MAY_GROW && chance < MOST_CHANCE)
    .map((slower) => `${one.name}: ${said(slower)}`)
}

async function main() {
  const revision = process.argv[2]
  if (!revision || revision.startsWith('--')) {
    console.error('Usage: npm run bench:compare -- REV [--only PART OF A NAME]')
    process.exit(2)
  }
  buildHere()
  const slower = await withCheckouts(revision, async (folders) => {
    console.log(`Node ${process.version}, this checkout against ${revision}\n`)
    const found = []
    for (const one of cases) found.push(...(await compareCase(one, folders)))
    return [...found, ...compareInstructions(folders.older, root, MAY_GROW)]
  })
  console.log(slower.length > 0 ? `\nSLOWER\n${slower.join('\n')}` : '\nNothing became slower.')
  process.exitCode = slower.length > 0 ? 1 : 0
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 2
})
