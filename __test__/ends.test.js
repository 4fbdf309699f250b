'use strict'
// Every way in which a thread or a process ends, in whatever it is in the middle of: exit code, signal and everything it
// says are those of Node's own functions, and nothing is left behind. Here any two things meet once; scripts/ends.js
// has the whole matrix.

const { after, test } = require('node:test')
const assert = require('node:assert')
const { cells, few, makeCopy, measure, ours, pool } = require('./ends/run')

/** Seen with Node's own functions as well: 4 of 120 processes went on. */
const LOST = process.env.LD_PRELOAD?.includes('tsan') && 'ThreadSanitizer’s runtime loses a signal now and then'

const copy = makeCopy()
after(copy.remove)

test('the matrix has what it says', () => {
  assert.strictEqual(cells.length, 7 * 14 * 8 - 4 * 14)
  assert.ok(few().length < 140)
})

test('ends', { concurrency: true }, async (t) => {
  await pool(few(), 3, async (cell) => {
    const name = `${cell.where}, ${cell.state}, ${cell.how}`
    if (LOST && cell.how === 'SIGTERM') {
      await t.test(name, { skip: LOST })
      return
    }
    const options = { copy: copy.folder, workers: 3 }
    const [node, got] = [await measure(cell, options), await ours(cell, options)]
    await t.test(name, () => assert.deepStrictEqual(got, node))
  })
})
