'use strict'
// Runs one file of the web platform tests in this process: node run-one.js CHECKOUT FILE
// It fails if a test in it does, or if there is none.

const { readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const vm = require('node:vm')

const [, , checkout, file] = process.argv

/** As in a shell: testharness.js then waits for nothing but its tests. */
globalThis.self = globalThis
globalThis.GLOBAL = { isWindow: () => false, isShadowRealm: () => false, isWorker: () => false }
globalThis.addEventListener = (type, listener) => {
  if (type === 'error') process.on('uncaughtException', (error) => listener({ error, message: error.message }))
}

const load = (path) => vm.runInThisContext(readFileSync(join(checkout, path), 'utf8'), path)

load('resources/testharness.js')
const failed = []
let passed = 0
globalThis.add_result_callback(({ name, status, message }) => {
  if (status === 0) passed++
  else failed.push(`${name}: ${message}`)
})
globalThis.add_completion_callback((_, { status, message }) => {
  if (status !== 0) failed.push(`the harness: ${message}`)
  // Some leave a timer behind that would fail if it ever fired.
  process.exit()
})
process.on('exit', () => {
  if (passed === 0) failed.push('no test has passed')
  for (const line of failed) console.error(line)
  if (failed.length > 0) process.exitCode = 1
})

const source = readFileSync(join(checkout, file), 'utf8')
for (const [, script] of source.matchAll(/^\/\/ META: script=(.*)$/gm)) {
  load(script.startsWith('/') ? script : join(dirname(file), script))
}
load(file)
globalThis.done()
