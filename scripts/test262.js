'use strict'
// Runs test262's tests of Promise on ChainedPromise, each in a process of its own:
//   node scripts/test262.js CHECKOUT [PART OF A NAME]
// CHECKOUT is a folder with test262 in it (https://github.com/tc39/test262). Says how many pass and lists the others.

const { execFile } = require('node:child_process')
const { readdirSync, readFileSync } = require('node:fs')
const { availableParallelism } = require('node:os')
const { join, relative } = require('node:path')
const vm = require('node:vm')

const [checkout, part = '', only] = process.argv.slice(2)
const folder = join(checkout, 'test/built-ins/Promise')

/** Not in ECMAScript 2025. */
const PROPOSED = /^all(Settled)?Keyed/

/** Runs one test in this process. An async test has passed when it says so. */
function runTest(file) {
  const source = readFileSync(file, 'utf8')
  const header = source.slice(source.indexOf('/*---'), source.indexOf('---*/'))
  const listOf = (name) => new RegExp(`^\\s*${name}:\\s*\\[(.*)\\]`, 'm').exec(header)?.[1].split(/,\s*/) ?? []
  const flags = listOf('flags')
  const harness = [
    'assert.js',
    'sta.js',
    ...(flags.includes('async') ? ['doneprintHandle.js'] : []),
    ...listOf('includes'),
  ]
  const code = harness.map((name) => readFileSync(join(checkout, 'harness', name), 'utf8'))
  const strict = flags.includes('onlyStrict') ? '"use strict";' : ''
  globalThis.Promise = require('..').ChainedPromise
  globalThis.print = (line) => line !== 'Test262:AsyncTestComplete' && fail(line)
  globalThis.$262 = {
    createRealm: () => ({ global: vm.runInContext('globalThis', vm.createContext()) }),
    global: globalThis,
  }
  process.on('unhandledRejection', () => {})
  if (flags.includes('async')) {
    let done = false
    const { print } = globalThis
    globalThis.print = (line) => {
      done = true
      print(line)
    }
    process.on('exit', () => done || fail('it never says that it is done'))
  }
  try {
    vm.runInThisContext(`${strict}${code.join('\n')}`)
    vm.runInThisContext(`${strict}${source}`, file)
  } catch (error) {
    fail(error)
  }
}

function fail(reason) {
  process.stdout.write(`${String(reason?.message ?? reason).split('\n')[0]}\n`)
  process.exit(1)
}

async function runAll() {
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.js') && name.includes(part) && !PROPOSED.test(name))
    .map((name) => join(folder, name))
    .sort()
  const failed = []
  const queue = [...files]
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const outcome = await new Promise((resolve) => {
        execFile(process.execPath, [__filename, checkout, '', file], { timeout: 30_000 }, (error, stdout, stderr) => {
          resolve(error && (stdout.trim() || stderr.trim().split('\n').at(-1) || 'it takes too long'))
        })
      })
      if (outcome) failed.push(`${relative(folder, file)}: ${outcome}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  for (const line of failed.sort()) console.log(line)
  console.log(`${files.length - failed.length} of ${files.length} pass on Node ${process.version}`)
}

if (checkout === undefined) {
  console.error('Usage: node scripts/test262.js CHECKOUT [PART OF A NAME]')
  process.exitCode = 1
} else if (only !== undefined) {
  runTest(only)
} else {
  runAll()
}
