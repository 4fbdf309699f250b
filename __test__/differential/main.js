'use strict'
// The long run, by hand: node __test__/differential/main.js --programs 20000 --seed 7 --node 24 --jobs 3
//
// `--node` is a version, fetched from npm, or the path of an executable. `--root` is the folder of another copy of the
// package. A program that differs is made as small as it gets, printed as a file, and kept in `corpus/` (`--keep no`: not).

const { parseArgs } = require('node:util')
const { nodeOf } = require('../../scripts/node-of')
const { searchForDifferences } = require('./search')

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    node: { type: 'string' },
    root: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    keep: { type: 'string', default: 'yes' },
  },
})

async function main() {
  const found = await searchForDifferences({
    count: Number(values.programs),
    seed: Number(values.seed),
    node: values.node && nodeOf(values.node),
    root: values.root,
    jobs: Number(values.jobs),
    keep: values.keep === 'yes',
    say: console.log,
  })
  process.exitCode = found ? 1 : 0
}

main()
