'use strict'
// Runs a program on Node's promise forms and on ours.

const assert = require('node:assert')
const node = require('node:timers/promises')
const callbacks = require('../..')
const ours = require('../../promises')

/** Runs `use(promises, callbacks)` on Node's functions and on ours, and compares. Returns what it came to. */
async function same(use, message) {
  const expected = await use(node, globalThis)
  assert.deepStrictEqual(await use(ours, callbacks), expected, message)
  return expected
}

module.exports = { same }
