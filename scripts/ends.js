'use strict'
// The whole matrix of ends, each cell so many times, on the Node that runs this: node scripts/ends.js [TIMES]
// With --state NAME, as often as one likes, only the cells of that state, so that parts can run beside each other.
// Node's own functions are the measure in each of them, taken once and, where ours differs from it, once more. Prints what
// differs, and a line of figures for each place.

const assert = require('node:assert')
const { availableParallelism } = require('node:os')
const { isDeepStrictEqual, parseArgs } = require('node:util')
const { STATES, cells, makeCopy, measure, ours, pool } = require('../__test__/ends/run')

const CRASHES = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { state: { type: 'string', multiple: true, default: STATES } },
})
const times = Number(positionals[0] ?? 20)
for (const state of values.state) assert.ok(STATES.includes(state), `${state} is none of: ${STATES.join('; ')}`)
const chosen = cells.filter((cell) => values.state.includes(cell.state))

async function main() {
  const copy = makeCopy()
  const table = {}
  const options = { copy: copy.folder, workers: 20 }
  const measured = new Map()
  const jobs = Array.from({ length: times }, () => chosen).flat()
  await pool(jobs, availableParallelism(), async (cell) => {
    const got = await ours(cell, options)
    const row = (table[cell.where] ??= { runs: 0, 'other than Node': 0, crashed: 0, hung: 0 })
    row.runs++
    row.hung += got.code === 'it hung'
    row.crashed += CRASHES.includes(got.signal)
    if (isDeepStrictEqual(got, measured.get(cell))) return
    const node = await measure(cell, options)
    measured.set(cell, node)
    try {
      assert.deepStrictEqual(got, node)
    } catch (error) {
      row['other than Node']++
      console.log(cell, error.message)
    }
  })
  copy.remove()
  console.log(`Node ${process.versions.node}, ${chosen.length} cells, ${times} times each`)
  console.table(table)
  process.exitCode = Object.values(table).some((row) => row['other than Node'] > 0) ? 1 : 0
}

main()
