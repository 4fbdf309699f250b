'use strict'
// The web platform tests of timers and of queueMicrotask, on our functions:
// node __test__/conformance/wpt/main.js CHECKOUT [PART OF A NAME]
// CHECKOUT is a folder with https://github.com/web-platform-tests/wpt in it, or with its folders `resources` and
// `html/webappapis`. Those for workers and browsers alone are left out.

const { readdirSync } = require('node:fs')
const { join } = require('node:path')
const { judge, onBoth } = require('../judge')
const expectations = require('./expectations.json')

const [, , checkout, part = ''] = process.argv
if (!checkout) throw new Error('which checkout?')
const FOLDERS = ['html/webappapis/timers', 'html/webappapis/microtask-queuing']

const tests = FOLDERS.flatMap((folder) =>
  readdirSync(join(checkout, folder))
    .filter((name) => name.endsWith('.any.js') && name.includes(part))
    .map((name) => onBoth(name, [join(__dirname, 'run-one.js'), checkout, join(folder, name)])),
)

judge(tests, expectations)
