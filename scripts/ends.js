'use strict'
// The whole matrix of ends, each cell so many times, on the Node that runs this: node scripts/ends.js [TIMES]
// Node's own functions are the measure in each of them. Prints what differs, and a line of figures for each place.

const assert = require('node:assert')
const { availableParallelism } = require('node:os')
const { cells, compare, makeCopy, pool } = require('../__test__/ends/run')

const CRASHES = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV']
const times = Number(process.argv[2] ?? 20)

async function main() {
  const copy = makeCopy()
  const table = {}
  const jobs = Array.from({ length: times }, () => cells).flat()
  await pool(jobs, availableParallelism(), async (cell) => {
    const { node, ours } = await compare(cell, { copy: copy.folder, workers: 20 })
    const row = (table[cell.where] ??= { runs: 0, 'other than Node': 0, crashed: 0, hung: 0 })
    row.runs++
    row.hung += ours.code === 'it hung'
    row.crashed += CRASHES.includes(ours.signal)
    try {
      assert.deepStrictEqual(ours, node)
    } catch (error) {
      row['other than Node']++
      console.log(cell, error.message)
    }
  })
  copy.remove()
  console.log(`Node ${process.versions.node}, ${cells.length} cells, ${times} times each`)
  console.table(table)
  process.exitCode = Object.values(table).some((row) => row['other than Node'] > 0) ? 1 : 0
}

main()
