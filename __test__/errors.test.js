'use strict'
// Something throws at each place where code of the program runs. What comes next is what Node does, with the same program
// on its own functions: nothing is lost, nothing runs twice, and the process ends alike.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { join } = require('node:path')
const loops = require('./errors/loops')
const { handled, unhandled } = require('./errors/program')

function run(program, ...args) {
  return new Promise((resolve) => {
    const command = [join(__dirname, 'errors', program), ...args]
    execFile(process.execPath, command, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ ran: stdout.trim().split('\n'), code: error?.code ?? 0, signal: error?.signal ?? null, stderr })
    })
  })
}

/** What is reported of an error without its stack: the last frames are Node's own or ours. */
const told = (stderr) => stderr.split('\n').filter((line) => /^\w*Error/.test(line))

test('what comes after an error is what Node does', { concurrency: 4 }, async (t) => {
  await Promise.all(
    [...handled, ...unhandled].map((place) =>
      t.test(place, async () => {
        const [node, ours] = [await run('program.js', 'node', place), await run('program.js', 'ours', place)]
        assert.deepStrictEqual(ours.ran, node.ran, ours.stderr)
        assert.deepStrictEqual([ours.code, ours.signal], [node.code, node.signal])
        assert.deepStrictEqual(told(ours.stderr), told(node.stderr))
        if (handled.includes(place)) assert.ok(node.code === 0 && node.ran.includes('timeouts'), node.stderr)
        else assert.notStrictEqual(node.code, 0)
      }),
    ),
  )
})

test('what comes after an error of a loop object’s own', { concurrency: 4 }, async (t) => {
  await Promise.all(
    loops.places.map((place) =>
      t.test(place, async () => {
        const { ran, code, stderr } = await run('loops.js', place)
        assert.strictEqual(code, 0, stderr)
        const told = JSON.parse(ran[0])
        assert.deepStrictEqual(told.ran, told.expected)
      }),
    ),
  )
})
