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
const RUNS = numberArgument('--runs', 7)
/** A quick look asks the slow questions this often, and begins no further run when its time is up. */
const QUICK_SLOW_RUNS = 2
const QUICK_SECONDS = 105

/** Every measurement of one run, as functions; those that may run at once are together. */
function measurements(asked, run, keep) {
  const now = asked.filter(({ slow }) => !(quick && slow && run >= QUICK_SLOW_RUNS))
  return now.flatMap(({ cases, together }) =>
    cases.map((one) => {
      const sides = run % 2 ? one.sides : one.sides.toReversed()
      const steps = sides.map((side) => async () => keep(one, side, await measure(one, side, { quick })))
      return { name: one.name, steps: together ? [() => Promise.all(steps.map((step) => step()))] : steps }
    }),
  )
}

function progress(run, done, all, what) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Krun ${run + 1} of ${RUNS}, ${done} of ${all}: ${what}`)
}

/** The runs of each side of each case. */
async function takeAll(asked) {
  const taken = new Map(asked.flatMap(({ cases }) => cases.map((one) => [one, {}])))
  const keep = (one, side, result) => (taken.get(one)[side] ??= []).push(result)
  const started = performance.now()
  for (let run = 0; run < RUNS; run++) {
    const all = measurements(asked, run, keep)
    const soFar = (performance.now() - started) / 1000
    if (quick && soFar + soFar / run > QUICK_SECONDS && run >= QUICK_SLOW_RUNS) break
    for (const [done, { name, steps }] of all.entries()) {
      progress(run, done, all.length, name)
      for (const step of steps) await step()
    }
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
    `Node ${where.node}, commit ${where.commit}, ${where.processors}, ${where.platform}, load ${where.load.toFixed(1)}; median (quarters) of up to ${RUNS} runs, processor time of the whole process`,
  )
  const taken = await takeAll(asked)
  const results = asked.map((question) => {
    const { name, title, shape, unit, axis, cases } = question
    return { name, title, shape, unit, axis, cases: cases.map((one) => resultOf(question, one, taken.get(one))) }
  })
  for (const question of results) console.log(table(question))

  const folder = join(__dirname, 'results', quick || part ? 'trial' : '')
  const stem = `node-${process.version.match(/\d+/)[0]}`
  mkdirSync(folder, { recursive: true })
  const report = { machine: where, quick, runs: RUNS, questions: results }
  writeFileSync(join(folder, `${stem}.json`), `${JSON.stringify(report)}\n`)
  const charts = writeCharts(folder, stem, report)
  console.log(`\nWritten to ${folder}: ${[`${stem}.json`, ...charts].join(', ')}`)
}

main()
