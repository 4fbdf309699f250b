'use strict'
// Each program runs with the native Promise and with ours: what it does must happen in the same ticks.

const { test } = require('node:test')
const assert = require('node:assert')
const { ChainedPromise } = require('..')
const mixed = require('./promise/mixed-programs')
const own = require('./promise/programs')
const { traceOf } = require('./promise/trace')

class Subclass extends Promise {}

for (const [programs, Reference] of [
  [own, Promise],
  [own, Subclass],
  [mixed, Subclass],
]) {
  for (const [title, run] of Object.entries(programs)) {
    test(`${title}, as with ${Reference.name}`, async () => {
      const native = await traceOf((log) => run(Reference, log))
      const ours = await traceOf((log) => run(ChainedPromise, log))
      assert.ok(native.length > 1, 'the program says something')
      assert.deepStrictEqual(ours, native)
    })
  }
}
