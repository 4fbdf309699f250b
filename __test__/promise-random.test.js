'use strict'
// Random programs that mix native promises with another class: once with a native subclass, once with ours. The traces
// must be the same. PROMISE_PROGRAMS sets how many programs run, PROMISE_SEED at which seed they begin.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const { join } = require('node:path')

const main = join(__dirname, 'promise', 'random-main.js')
const first = Number(process.env.PROMISE_SEED ?? 0)
const count = Number(process.env.PROMISE_PROGRAMS ?? 10_000)

test(`${count} random programs`, () => {
  const output = execFileSync(process.execPath, [main, first, count], { maxBuffer: 2 ** 26, encoding: 'utf8' })
  const { seed, native, ours, entries } = JSON.parse(output)
  assert.deepStrictEqual(ours, native, `PROMISE_SEED=${seed} PROMISE_PROGRAMS=1 repeats this`)
  assert.ok(entries > 20 * count, `the traces are long: ${entries / count} entries`)
})
