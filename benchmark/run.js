'use strict'
// `npm run bench`: asks every question, prints the figures, and writes them and their charts to benchmark/results.
// Each case is measured on each side in processes of its own, over and over, the sides taking turns at being first.
// Usage: node benchmark/run.js [--quick] [--only PART OF A NAME] [--runs N]
// A quick look and a part of the questions go to benchmark/results/trial, which is not committed.

const { mkdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { argument, numberArgument } = require('./arguments')
const { writeCharts } = require('./charts/write')
const { machine } = require('./tools/machine')
const { measure } = require('./tools/processes')
const { questions } = require('./tools/questions')
const { summarize } = require('./tools/summary')
const { table } = require('./tools/table')

const quick = process.argv.includes('--quick')
const part = argument('--only')
const RUNS = numberArgument('--runs', 9)
const QUICK_RUNS = 7
const runs = quick ? Math.min(RUNS, QUICK_RUNS) : RUNS

/** Every measurement of one run, as functions; those that may run at once are together. */
function measurements(asked, run, keep) {
  return asked.flatMap(({ cases, together }) =>
    cases.map((one) => {
      const sides = run % 2 ? one.sides : one.sides.toReversed()
      const steps = sides.map((side) => async () => keep(one, side, await measure(one, side, { quick })))
      return { one, steps: together ? [() => Promise.all(steps.map((step) => step()))] : steps }
    }),
  )
}

function progress(done, all, started, what) {
  if (!process.stderr.isTTY) return
  const left = done > 0 ? `${Math.ceil((((performance.now() - started) / done) * (all - done)) / 1000)} s left` : ''
  process.stderr.write(`\r\x1b[K${done} of ${all}  ${left}  ${what}`.slice(0, 100))
}

/** The runs of each side of each case. */
async function takeAll(asked) {
  const taken = new Map(asked.flatMap(({ cases }) => cases.map((one) => [one, {}])))
  const keep = (one, side, result) => (taken.get(one)[side] ??= []).push(result)
  const all = Array.from({ length: runs }, (_, run) => measurements(asked, run, keep)).flat()
  const started = performance.now()
  for (const [done, { one, steps }] of all.entries()) {
    progress(done, all.length, started, one.name)
    for (const step of steps) await step()
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  return taken
}

/** In the order in which a case names its sides, whichever was measured first. */
function resultOf(question, one, runsOf) {
  const sides = Object.fromEntries(one.sides.map((side) => [side, runsOf[side]]))
  const { name, unit, line, x } = one
  return { name, unit, line, x, ...summarize(question, one, sides), runs: sides }
}

async function main() {
  const asked = questions({ part, quick })
  const where = machine()
  console.log(
    `Node ${where.node}, commit ${where.commit}, ${where.processors}, ${where.platform}, load ${where.load.toFixed(1)}; ${runs} runs, median (quarters) and processor time of the whole process`,
  )
  const taken = await takeAll(asked)
  const results = asked.map(({ name, title, shape, unit, axis, moreIsBetter, cases, ...question }) => ({
    name,
    title,
    shape,
    unit,
    axis,
    moreIsBetter,
    cases: cases.map((one) => resultOf({ ...question, moreIsBetter }, one, taken.get(one))),
  }))
  for (const question of results) console.log(table(question))

  const folder = join(__dirname, 'results', quick || part ? 'trial' : '')
  const stem = `node-${process.version.match(/\d+/)[0]}`
  mkdirSync(folder, { recursive: true })
  const report = { machine: where, quick, runs, questions: results }
  writeFileSync(join(folder, `${stem}.json`), `${JSON.stringify(report)}\n`)
  const charts = writeCharts(folder, stem, report)
  console.log(`\nWritten to ${folder}: ${[`${stem}.json`, ...charts].join(', ')}`)
}

main()
