'use strict'
// Calls everything there is with garbage, in bursts, and lets a health program run after each; also from callbacks of the
// garbage collector, from listeners of `exit`, and in workers that are ended meanwhile:
//   node public.js SEED BURSTS WORKERS
// Prints what was wrong, and a line of figures at its end.

const assert = require('node:assert')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const ours = require('../..')
const { caller } = require('./caller')
const { health } = require('./health')
const { targets } = require('./targets')

const [seed, bursts, workers] = workerData?.args ?? process.argv.slice(2).map(Number)
const CALLS = 400
const CALLS_IN_EXIT = 50

const wrong = new Set()
// A worker may be gone before anybody could ask it.
const tell = isMainThread ? (what) => wrong.add(what) : (what) => parentPort.postMessage({ wrong: what })
const { callSome, figures, judge, next } = caller({ ours, targets: targets(ours), seed, tell })
const happened = { uncaught: 0, rejected: 0, collected: 0, inExit: 0, terminated: 0 }

process.on('uncaughtException', (error) => {
  happened.uncaught++
  judge(error, 'uncaught')
})
process.on('unhandledRejection', (error) => {
  happened.rejected++
  judge(error, 'rejected')
})
process.removeAllListeners('warning')

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')
const registry = new FinalizationRegistry(() => {
  happened.collected++
  callSome(3)
})

/** Ends all that the burst has left. */
function tidy() {
  for (const { handle } of ours.defaultLoop.handles()) handle.close()
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

async function burst() {
  callSome(CALLS)
  for (let i = 0; i < 5; i++) registry.register({})
  gc()
  await turn()
  await turn()
  tidy()
}

/** Goes on until it is ended; or leaves by itself, and its listener of `exit` has its turn. */
async function work() {
  process.on('exit', () => {
    callSome(CALLS_IN_EXIT)
    parentPort.postMessage({ inExit: true })
  })
  parentPort.postMessage({ begun: true })
  do await burst()
  while (!workerData.leaves)
  process.exit(0)
}

/** One worker. Every second one is ended in the midst of its calls. */
async function oneWorker(number) {
  const leaves = number % 2 === 0
  const worker = new Worker(__filename, { workerData: { args: [seed + number * 1e6], leaves } })
  worker.on('message', ({ begun, inExit, wrong: told }) => {
    if (told) wrong.add(told)
    if (inExit) happened.inExit++
    if (begun && !leaves) setTimeout(() => worker.terminate(), next() * 100)
  })
  const code = await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))
  if (code !== 0) happened.terminated++
}

async function main() {
  await health(ours)
  for (let i = 0; i < bursts; i++) {
    await burst()
    await health(ours)
  }
  for (let i = 1; i <= workers; i++) await oneWorker(i)
  await health(ours)
  // The process ends with these calls: what is wrong with them is told by the code it ends with.
  process.on('exit', () => {
    callSome(CALLS_IN_EXIT)
    happened.inExit++
    assert.deepStrictEqual([...wrong], [])
    console.log(JSON.stringify({ ...figures, ...happened }))
  })
  process.exit(0)
}

if (isMainThread) {
  main().catch((error) => {
    console.error(error)
    process.exit(1)
  })
} else {
  work()
}
