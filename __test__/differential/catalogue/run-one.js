'use strict'
// Runs one scenario in this process and prints its trace: node run-one.js <node|ours> <id> [catalogue]

const [, , loop, id, catalogue = './index'] = process.argv

// Before anything is replaced: some use Node's own functions beside the others.
const { fixed, varies = [], open = [] } = require(catalogue)
if (loop === 'ours') require('../../..').install()

globalThis.tp = () => require('node:timers/promises')
globalThis.UE = (log, also) =>
  process.on('uncaughtException', (error) => {
    log(`UE(${error.message})`)
    also?.()
  })
globalThis.UR = (log) =>
  process.on('unhandledRejection', (reason) => {
    log(`UR(${reason})`)
    process.nextTick(() => log('ur.tick'))
    queueMicrotask(() => log('ur.micro'))
  })

const trace = []
const log = (entry) => trace.push(String(entry))
const busy = (ms) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

const scenario = [...fixed, ...varies, ...open].find((one) => one.id === id)
const { reallyExit } = process
process.reallyExit = (code) => {
  require('node:fs').writeSync(1, `${trace.join(' | ')}\n`)
  reallyExit.call(process, code)
}
process.on('exit', (code) => {
  queueMicrotask(() => {})
  process.exitCode = code
})
// First calls load code lazily; they must not cost one loop a millisecond that the other does not pay.
clearTimeout(setTimeout(() => {}, 1000))
clearImmediate(setImmediate(() => {}))
scenario.program(log, busy)
process.on('exit', (code) => process.reallyExit(code))
