'use strict'
// Each example runs to its end by itself, says what it is expected to say, and complains about nothing.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const { join } = require('node:path')

const folder = join(__dirname, '..', 'examples')

/** Something that each prints when it has shown what it is there for. */
const SAYS = {
  // Where nobody may set the name of the host, it says so.
  'gpio-edges.js': [/the pin is '.*'\n(edge 1: .*\nedge 2: .*\nedge 3: the pin is|no edges: the name of the host)/],
  'named-pipe.js': [/command: hello/, /command: quit/],
  'plugin-host.js': [/clock: tick/, /careless: out of order/, /forgetful: terminated, 1000 timers dropped/],
  'precise-interval.js': [/is the one of \d+(\.5)? ms: \d+ taken, [1-9]\d* left out/],
  'worker-doorbell.js': [/10000 items, sum 49995000, no more calls than rings/],
}

const files = readdirSync(folder).filter((name) => /\.m?js$/.test(name))

test('each example is expected to say something', () => {
  assert.deepStrictEqual(Object.keys(SAYS).toSorted(), files.toSorted())
})

/** Those that look into /proc. */
const LINUX_ONLY = ['gpio-edges.js']

for (const file of files) {
  const skip = LINUX_ONLY.includes(file) && process.platform !== 'linux' && 'looks into /proc'
  test(`${file} runs`, { skip }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, file)], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    assert.deepStrictEqual([stderr, status], ['', 0])
    for (const expected of SAYS[file]) assert.match(stdout, expected)
  })
}
