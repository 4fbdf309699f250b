'use strict'
// What can a promise outside of V8 reach? The chains of the benchmark on V8's promises, on ours, on the least that keeps both
// the order and the async context, on bluebird, which keeps neither, and on bluebird told to keep the context.
// Usage: node benchmark/floor.js [--runs N]

const { numberArgument } = require('./arguments')
const { median } = require('./statistics')
const { measure } = require('./tools/processes')
const { question } = require('./tools/questions')

const RUNS = numberArgument('--runs', 7)
const SIDES = ['node', 'ours', 'the least', 'bluebird', 'bluebird with asyncHooks']

/** The least knows nothing of `all`. */
const CASES = question('promise-chains').cases.filter(({ name }) => name.includes('then'))

async function main() {
  console.log(`Node ${process.version}; ns, medians of ${RUNS} processes of each, in turns\n`)
  console.log(`${''.padEnd(40)}${SIDES.map((side) => side.padStart(26)).join('')}`)
  for (const one of CASES) {
    const taken = SIDES.map(() => [])
    for (let run = 0; run < RUNS; run++) {
      for (const [i, side] of SIDES.entries()) taken[i].push((await measure(one, side, {})).value)
    }
    console.log(`${one.name.padEnd(40)}${taken.map((values) => median(values).toFixed(0).padStart(26)).join('')}`)
  }
}

main()
