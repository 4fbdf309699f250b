'use strict'
// docs/guarantees.md names tests and scripts: they exist, under these names. `…` in a name stands for something that the
// test puts in.

const { test } = require('node:test')
const assert = require('node:assert')
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const page = readFileSync(join(root, 'docs', 'guarantees.md'), 'utf8')

/** The file and the name of each test in the last column of a table. */
function namedTests() {
  const found = []
  for (const line of page.split('\n').filter((line) => line.startsWith('|'))) {
    const cell = line.split('|').at(-2)
    for (const [, file, names] of cell.matchAll(/`([\w-]+\.test\.js)`: ([^`]+)/g)) {
      for (const name of names.split('; ')) if (name.trim() !== '') found.push({ file, name: name.trim() })
    }
  }
  return found
}

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What finds a name among the strings of a source. */
function written(name) {
  const parts = name.split('…').map(escaped)
  return new RegExp(`(['"\`])${parts.join('\\$\\{[^}]+\\}')}\\1`)
}

test('the tests that hold the promises exist', () => {
  const named = namedTests()
  assert.ok(named.length > 80, `${named.length} tests are named`)
  for (const { file, name } of named) {
    const source = readFileSync(join(__dirname, file), 'utf8').replaceAll("\\'", "'")
    assert.match(source, written(name), `${file}: ${name}`)
  }
})

test('the scripts that hold the promises exist', () => {
  const scripts = [...page.matchAll(/`(scripts\/[\w.-]+)`/g)].map(([, script]) => script)
  assert.ok(scripts.length > 2)
  for (const script of scripts) assert.ok(existsSync(join(root, script)), script)
})
