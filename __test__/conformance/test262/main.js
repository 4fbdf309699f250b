'use strict'
// test262's tests of Promise on ChainedPromise: node __test__/conformance/test262/main.js CHECKOUT [PART OF A NAME]
// CHECKOUT is a folder with https://github.com/tc39/test262 in it, or with its folders `harness` and
// `test/built-ins/Promise`.

const { readdirSync } = require('node:fs')
const { join } = require('node:path')
const { judge } = require('../judge')
const expectations = require('./expectations.json')

const [, , checkout, part = ''] = process.argv
if (!checkout) throw new Error('which checkout?')
const folder = join(checkout, 'test', 'built-ins', 'Promise')

/** Not in ECMAScript 2025. */
const PROPOSED = /^all(Settled)?Keyed/

const tests = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.js') && name.includes(part) && !PROPOSED.test(name))
  .map((name) => ({ name, ours: [join(__dirname, 'run-one.js'), checkout, join(folder, name)] }))

judge(tests, expectations)
