'use strict'
// Node's own tests of timers, immediates, microtasks, next ticks and unhandled rejections, on our functions:
// node __test__/conformance/node/main.js CHECKOUT [PART OF A NAME]
// CHECKOUT is a folder with Node's `test` in it, of the version that runs this, or close to it.

const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { judge, onBoth } = require('../judge')
const expectations = require('./expectations.json')

const [, , checkout, part = ''] = process.argv
if (!checkout) throw new Error('which checkout?')
const folder = join(checkout, 'test', 'parallel')

const SUBJECTS =
  /^test-(timers?|set-?timeout|set-?interval|set-?immediate|immediate|next-?tick|process-next-tick|microtask|queue-microtask|unhandled|promises?-unhandled|promise-(handled|swallowed|reject))\b/

/** The flags a test asks for in its head. */
function flagsOf(file) {
  const [, flags = ''] = /^\/\/ Flags:(.*)$/m.exec(readFileSync(file, 'utf8')) ?? []
  return flags.split(' ').filter((flag) => flag !== '')
}

const tests = readdirSync(folder)
  .filter((name) => SUBJECTS.test(name) && name.endsWith('.js') && name.includes(part))
  .map((name) => onBoth(name, [...flagsOf(join(folder, name)), join(folder, name)], checkout))

judge(tests, expectations)
