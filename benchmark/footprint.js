'use strict'
// What does the loop cost while it does nothing? The time of `require`, the threads before and after it and after the first
// timer, and the processor time of a process that only waits for a timer. Each in fresh processes; median of several.
// Usage: node benchmark/footprint.js [--json] [--runs N]

const { readdirSync, readFileSync } = require('node:fs')
const { mediansOf, role } = require('./child')
const { numberArgument } = require('./arguments')

const RUNS = numberArgument('--runs', 9)
const IDLE_SECONDS = 4
const MUST = { requireMs: 5 }

const TASKS = '/proc/self/task'
const threads = () => readdirSync(TASKS)
const nameOf = (id) => readFileSync(`${TASKS}/${id}/comm`, 'utf8').trim()
/** The time a thread has been running, and how often it was put on a processor. */
function runOf(id) {
  const [nanos, , times] = readFileSync(`${TASKS}/${id}/schedstat`, 'utf8').split(' ').map(Number)
  return { nanos, times }
}

const print = (result) => process.stdout.write(JSON.stringify(result), () => process.exit())
const nodeTimeout = setTimeout

/** What a child measures. */
const ROLES = {
  start() {
    const threadsBefore = threads().length
    const start = performance.now()
    const { setTimeout, setImmediate } = require('..')
    const requireMs = performance.now() - start
    const threadsAfterRequire = threads().length
    setImmediate(() => {
      const threadsAfterImmediate = threads().length
      setTimeout(
        () =>
          print({
            requireMs,
            threadsBefore,
            threadsAfterRequire,
            threadsAfterImmediate,
            threadsAfterTimer: threads().length,
          }),
        5,
      )
    })
  },
  'idle, node': () => idle(nodeTimeout),
  'idle, ours': () => idle(require('..').setTimeout),
}

/** Nothing happens but a timer that is far ahead; the measuring itself waits for one of Node's. */
function idle(setTimeout) {
  setTimeout(() => {}, 3_600_000)
  nodeTimeout(() => {
    const ownThread = threads().find((id) => nameOf(id) === 'rs-eventloop')
    const ownBefore = ownThread && runOf(ownThread)
    const before = process.cpuUsage()
    nodeTimeout(() => {
      const { user, system } = process.cpuUsage(before)
      const own = ownThread ? runOf(ownThread) : ownBefore
      print({
        processMicros: (user + system) / IDLE_SECONDS,
        threadMicros: own ? (own.nanos - ownBefore.nanos) / 1e3 / IDLE_SECONDS : 0,
        threadWakes: own ? own.times - ownBefore.times : 0,
      })
    }, IDLE_SECONDS * 1000)
  }, 300)
}

function main() {
  const json = process.argv.includes('--json')
  const start = mediansOf(__filename, 'start', RUNS)
  const [node, ours] = ['node', 'ours'].map((side) => mediansOf(__filename, `idle, ${side}`, Math.ceil(RUNS / 3)))
  const reached = {
    require: start.requireMs <= MUST.requireMs,
    threads: start.threadsAfterImmediate === start.threadsBefore,
    idle: ours.threadMicros === 0 && ours.threadWakes === 0,
  }
  if (json) console.log(JSON.stringify({ node: process.version, start, idle: { node, ours }, reached }, null, 2))
  else {
    const verdict = (is) => (is ? 'reached' : 'MISSED')
    console.log(`Node ${process.version}\n
require                 ${start.requireMs.toFixed(2)} ms   must ${MUST.requireMs}: ${verdict(reached.require)}
threads                 ${start.threadsBefore} at start, ${start.threadsAfterRequire} after require, ${start.threadsAfterImmediate} after an immediate, ${start.threadsAfterTimer} after a timer   none before use: ${verdict(reached.threads)}
a timer far ahead       process: node ${node.processMicros.toFixed(0)}, ours ${ours.processMicros.toFixed(0)} µs of processor a second
                        our thread: ${ours.threadMicros.toFixed(0)} µs a second, woke ${ours.threadWakes} times   none: ${verdict(reached.idle)}`)
  }
  if (Object.values(reached).includes(false)) process.exitCode = 1
}

if (role) ROLES[role]()
else main()
