'use strict'
// Our functions in the place of Node's: by `rs-eventloop/register` from the start, or by `install` and `uninstall`.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { promisify } = require('node:util')
const ours = require('..')
const nodes = require('./differential/nodes-own')

const root = join(__dirname, '..')
const register = join(root, 'register.js')
const URL_OF_OURS = JSON.stringify(pathToFileURL(join(root, 'index.mjs')))

const FUNCTIONS = ['setTimeout', 'setInterval', 'setImmediate']
const PLACES = [globalThis, require('node:timers'), require('node:timers/promises')]

/** What a program logs. */
async function outputOf(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return stdout.trim().split('\n')
}

const REPLACED = [
  ...FUNCTIONS,
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'scheduler',
  'promises',
]

const everything = () =>
  PLACES.map((place) =>
    Object.fromEntries(REPLACED.map((name) => [name, Object.getOwnPropertyDescriptor(place, name)])),
  )

/** Runs with our functions in place. */
async function installed(body) {
  ours.install()
  try {
    return await body()
  } finally {
    ours.uninstall()
  }
}

const FLAGS = [
  ['--require', register],
  ['--import', pathToFileURL(register).href],
]

const COMMONJS = `
  const ours = require(${JSON.stringify(root)})
  const [timers, promises, { promisify }] = [require('timers'), require('node:timers/promises'), require('util')]
  for (const name of ${JSON.stringify(FUNCTIONS)}) {
    console.log(name, globalThis[name] === ours[name], timers[name] === ours[name], promises[name] === ours.promises[name])
  }
  console.log('promisified', promisify(setTimeout) === promises.setTimeout, promisify(setImmediate) === promises.setImmediate)
  console.log('one object', timers.promises === promises, promises.scheduler === ours.promises.scheduler)
  console.log('microtasks', queueMicrotask === ours.queueMicrotask)`

const COMMONJS_OUTPUT = [
  'setTimeout true true true',
  'setInterval true true true',
  'setImmediate true true true',
  'promisified true true',
  'one object true true',
  'microtasks true',
]

const ESM = `
  import ours from ${URL_OF_OURS}
  import { setTimeout, clearTimeout } from 'node:timers'
  import timers from 'timers'
  import { setTimeout as sleep, scheduler } from 'node:timers/promises'
  console.log(setTimeout === ours.setTimeout, timers.setTimeout === ours.setTimeout)
  console.log(sleep === ours.promises.setTimeout, scheduler === ours.promises.scheduler)
  clearTimeout(setTimeout(() => console.log('never'), 1))
  console.log(await sleep(5, 'slept'))`

for (const flag of FLAGS) {
  test(`${flag[0]}: the globals and the modules have our functions`, async () => {
    assert.deepStrictEqual(await outputOf(...flag, '-e', COMMONJS), COMMONJS_OUTPUT)
    const esm = await outputOf(...flag, '--input-type=module', '-e', ESM)
    assert.deepStrictEqual(esm, ['true true', 'true true', 'slept'])
  })

  test(`${flag[0]}: a worker has them, too`, async () => {
    // From a file: Node does not wait for what is imported before it runs a worker's code from a string.
    const folder = fs.mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
    const file = join(folder, 'worker.js')
    fs.writeFileSync(file, COMMONJS)
    const program = `new (require('node:worker_threads').Worker)(${JSON.stringify(file)})`
    assert.deepStrictEqual(await outputOf(...flag, '-e', program), COMMONJS_OUTPUT)
    fs.rmSync(folder, { recursive: true })
  })
}

test('without either, all is Node’s', async () => {
  const lines = await outputOf('-e', COMMONJS)
  assert.deepStrictEqual(
    lines.map((line) => line.replaceAll('false', 'no')),
    [
      'setTimeout no no no',
      'setInterval no no no',
      'setImmediate no no no',
      'promisified true true',
      'one object true no',
      'microtasks no',
    ],
  )
})

test('uninstall restores every property as it was, and both may be called again', () => {
  const before = everything()
  for (let i = 0; i < 2; i++) {
    ours.install()
    ours.install()
    const [globals, timers, promises] = everything()
    for (const name of FUNCTIONS) {
      assert.deepStrictEqual(globals[name], { ...before[0][name], value: ours[name] })
      assert.deepStrictEqual(timers[name], { ...before[1][name], value: ours[name] })
      assert.deepStrictEqual(promises[name], { ...before[2][name], value: ours.promises[name] })
    }
    ours.uninstall()
    assert.deepStrictEqual(everything(), before)
    ours.uninstall()
    assert.deepStrictEqual(everything(), before)
  }
})

test('the properties have Node’s names and keep their order', () => {
  const before = PLACES.map((place) => Object.keys(place))
  return installed(() => {
    assert.deepStrictEqual(
      PLACES.map((place) => Object.keys(place)),
      before,
    )
    for (const name of [...FUNCTIONS, 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask']) {
      assert.strictEqual(globalThis[name].name, name)
    }
  })
})

test('what was imported before sees the change, and its end', async () => {
  const timers = await import('node:timers')
  const promises = await import('node:timers/promises')
  const node = { setTimeout: timers.setTimeout, sleep: promises.setTimeout }
  await installed(() => {
    assert.strictEqual(timers.setTimeout, ours.setTimeout)
    assert.strictEqual(promises.setTimeout, ours.promises.setTimeout)
  })
  assert.deepStrictEqual({ setTimeout: timers.setTimeout, sleep: promises.setTimeout }, node)
})

test('what somebody else has put there since is left alone', () => {
  const timers = require('node:timers')
  const { setTimeout: node } = timers
  const theirs = () => {}
  ours.install()
  timers.setTimeout = theirs
  ours.uninstall()
  try {
    assert.strictEqual(timers.setTimeout, theirs)
    assert.strictEqual(globalThis.setTimeout, node)
  } finally {
    timers.setTimeout = node
    syncBuiltinESMExports()
  }
})

test('what cannot be replaced is an error, and nothing is replaced', async () => {
  const program = `
    const { install, uninstall } = require(${JSON.stringify(root)})
    const timers = require('node:timers')
    const before = [globalThis.setTimeout, timers.setTimeout]
    const same = () => before[0] === globalThis.setTimeout && before[1] === timers.setTimeout
    Object.defineProperty(timers, 'setImmediate', { configurable: false, writable: false })
    try { install() } catch (error) { console.log(error.name, same()) }
    uninstall()
    console.log(same())`
  assert.deepStrictEqual(await outputOf('-e', program), ['TypeError true', 'true'])
  const frozen = `
    const { install, uninstall } = require(${JSON.stringify(root)})
    const promises = require('node:timers/promises')
    install()
    Object.freeze(promises)
    const { setTimeout: ours } = globalThis
    uninstall()
    console.log(globalThis.setTimeout !== ours)
    install()
    console.log(globalThis.setTimeout === ours)`
  assert.deepStrictEqual(await outputOf('-e', frozen), ['true', 'true'])
})

test('what can only be written is written back, and what was not there is taken away', async () => {
  const program = `
    const { install, uninstall } = require(${JSON.stringify(root)})
    const timers = require('node:timers')
    const before = timers.setTimeout
    delete globalThis.queueMicrotask
    Object.seal(timers)
    install()
    console.log(timers.setTimeout === before, 'queueMicrotask' in globalThis)
    uninstall()
    console.log(timers.setTimeout === before, 'queueMicrotask' in globalThis)`
  assert.deepStrictEqual(await outputOf('-e', program), ['false true', 'true false'])
})

test('handles that Node made can be cleared, by themselves and by their numbers', async () => {
  const never = () => assert.fail('it was cleared')
  const timers = [setTimeout(never, 1), setTimeout(never, 1), setTimeout(never, 1), setInterval(never, 1)]
  const immediates = [setImmediate(never), setImmediate(never)]
  await installed(async () => {
    clearTimeout(timers[0])
    clearTimeout(+timers[1])
    clearInterval(String(+timers[2]))
    clearInterval(timers[3])
    for (const immediate of immediates) clearImmediate(immediate)
    for (const nothing of [undefined, null, 0, '', {}, Symbol('s'), 1n, () => {}]) {
      clearTimeout(nothing)
      clearInterval(nothing)
      clearImmediate(nothing)
    }
    // Node's count of immediates is right: the next one runs.
    await new Promise((resolve) => nodes.setImmediate(resolve))
    await new Promise((resolve) => nodes.setTimeout(resolve, 10))
  })
})

test('handles of ours can be cleared, by themselves and by their numbers, and run after uninstall', async () => {
  const never = () => assert.fail('it was cleared')
  const ran = []
  await installed(() => {
    const timers = [setTimeout(never, 1), setTimeout(never, 1), setInterval(never, 1)]
    assert.ok(timers[0] instanceof ours.Timeout)
    clearTimeout(timers[0])
    clearTimeout(+timers[1])
    clearInterval(timers[2])
    clearImmediate(setImmediate(never))
    setTimeout(() => ran.push('timeout'), 1)
    setImmediate(() => ran.push('immediate'))
  })
  while (ran.length < 2) await new Promise((resolve) => setImmediate(resolve))
  assert.deepStrictEqual(ran.toSorted(), ['immediate', 'timeout'])
})

test('process.nextTick and the rest of the globals are Node’s', () => {
  const { nextTick } = process
  const others = Object.keys(Object.getOwnPropertyDescriptors(globalThis))
  return installed(() => {
    assert.strictEqual(process.nextTick, nextTick)
    assert.deepStrictEqual(Object.keys(Object.getOwnPropertyDescriptors(globalThis)), others)
  })
})
