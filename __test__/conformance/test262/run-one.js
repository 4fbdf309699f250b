'use strict'
// Runs one file of test262 in this process, with ChainedPromise in the place of Promise: node run-one.js CHECKOUT FILE

const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const vm = require('node:vm')

const [, , checkout, file] = process.argv
const source = readFileSync(file, 'utf8')
const header = source.slice(source.indexOf('/*---'), source.indexOf('---*/'))

/** What a test says in its head, as `flags: [async]`. */
function listOf(name) {
  return new RegExp(`^\\s*${name}:\\s*\\[(.*)\\]`, 'm').exec(header)?.[1].split(/,\s*/) ?? []
}

const flags = listOf('flags')
const isAsync = flags.includes('async')
const strict = flags.includes('onlyStrict') ? '"use strict";' : ''
const harness = ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...listOf('includes')]
const code = harness.map((name) => readFileSync(join(checkout, 'harness', name), 'utf8'))

function fail(reason) {
  process.stdout.write(`${String(reason?.message ?? reason).split('\n')[0]}\n`)
  process.exit(1)
}

/** An async test has passed when it says so. */
let said
globalThis.print = (line) => {
  said = line
  if (line !== 'Test262:AsyncTestComplete') fail(line)
}
if (isAsync) process.on('exit', () => said === undefined && fail('it never says that it is done'))

globalThis.Promise = require('../../..').ChainedPromise
globalThis.$262 = {
  createRealm: () => ({ global: vm.runInContext('globalThis', vm.createContext()) }),
  global: globalThis,
}
process.on('unhandledRejection', () => {})
try {
  vm.runInThisContext(`${strict}${code.join('\n')}`)
  vm.runInThisContext(`${strict}${source}`, file)
} catch (error) {
  fail(error)
}
