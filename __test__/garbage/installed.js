'use strict'
// A process whose own functions are ours, now and then: what is installed is called with garbage, and so are `install`,
// `uninstall` and, by loading it, `register`:
//   node installed.js SEED BURSTS
// What is installed must be well after each burst, and all must be Node's again at the end. Prints a line of figures.

const assert = require('node:assert')
const nodeTimers = require('node:timers')
const nodePromises = require('node:timers/promises')

const PLACES = { globalThis, nodeTimers, nodePromises }
const describeAll = () =>
  Object.fromEntries(Object.entries(PLACES).map(([name, place]) => [name, Object.getOwnPropertyDescriptors(place)]))
/** What is loaded when it is first asked for has another descriptor then: only what we touch is compared. */
const before = describeAll()

const ours = require('../..')
const { caller } = require('./caller')
const { health } = require('./health')

const [seed, bursts] = process.argv.slice(2).map(Number)
const CALLS = 200
const NAMES = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate']

const registerPath = require.resolve('../../register')
function register() {
  delete require.cache[registerPath]
  require(registerPath)
}

ours.install()

/** What is installed there, while it is: garbage may break Node's own lists. */
function called(place, name) {
  const installed = PLACES[place][name]
  const call = (...args) => (PLACES[place][name] === installed ? installed(...args) : undefined)
  return { name: `${place}.${name}`, call, receiver: () => undefined }
}

const targets = [
  ...[...NAMES, 'queueMicrotask'].map((name) => called('globalThis', name)),
  ...NAMES.map((name) => called('nodeTimers', name)),
  ...['setTimeout', 'setImmediate', 'setInterval'].map((name) => called('nodePromises', name)),
  ...['install', 'uninstall'].map((name) => ({ name, call: ours[name], receiver: () => ours })),
  { name: 'register', call: register, receiver: () => undefined },
]

const wrong = new Set()
const { callSome, figures, judge } = caller({ ours, targets, seed, tell: (what) => wrong.add(what) })
process.on('uncaughtException', (error) => judge(error, 'uncaught'))
process.on('unhandledRejection', (error) => judge(error, 'rejected'))
process.removeAllListeners('warning')

const isInstalled = () => globalThis.setTimeout === ours.setTimeout
let found = 0

async function main() {
  for (let burst = 0; burst < bursts; burst++) {
    callSome(CALLS)
    await new Promise((resolve) => ours.setImmediate(resolve))
    for (const { handle } of ours.defaultLoop.handles()) handle.close()
    if (isInstalled()) found++
    ours.install()
    assert.ok(isInstalled())
    await health({ ...ours, ...Object.fromEntries(NAMES.map((name) => [name, globalThis[name]])) })
  }
  ours.uninstall()
  const after = describeAll()
  for (const place of Object.keys(PLACES)) {
    for (const name of [...NAMES, 'queueMicrotask']) {
      assert.deepStrictEqual(after[place][name], before[place][name], `${place}.${name}`)
    }
  }
  assert.deepStrictEqual([...wrong], [])
  console.log(JSON.stringify({ ...figures, found }))
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
