'use strict'
// What does a pending timer weigh? Bytes of heap and of the whole process per timer at one million, for Node's and for
// ours, each in a process of its own; median of several. Ours may weigh what Node's does.
// Usage: node benchmark/memory.js [--json] [--runs N]

const { mediansOf, role } = require('./child')
const { numberArgument } = require('./arguments')

const RUNS = numberArgument('--runs', 5)
const TIMERS = 1_000_000

const noop = () => {}
const DELAYS = { 'one delay': () => 100_000, 'mixed delays': (i) => 100_000 + ((i * 48271) % 60_000) }

function used() {
  for (let i = 0; i < 3; i++) globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed, rss }
}

/** In a child: `role` names the side and the delays. The timers are held by the loop only. */
function measure() {
  const [side, delays] = role.split('/')
  const { setTimeout, clearTimeout } = require('./loops')[side]
  const delayOf = DELAYS[delays]
  for (let i = 0; i < 10_000; i++) clearTimeout(setTimeout(noop, delayOf(i)))
  const before = used()
  for (let i = 0; i < TIMERS; i++) setTimeout(noop, delayOf(i))
  const after = used()
  process.stdout.write(
    JSON.stringify({ heap: (after.heap - before.heap) / TIMERS, rss: (after.rss - before.rss) / TIMERS }),
    () => process.exit(),
  )
}

function main() {
  const json = process.argv.includes('--json')
  const results = []
  if (!json) console.log(`Node ${process.version}, bytes per pending timer at ${TIMERS.toLocaleString('en')}\n`)
  for (const delays of Object.keys(DELAYS)) {
    const [node, ours] = ['node', 'ours'].map((side) => mediansOf(__filename, `${side}/${delays}`, RUNS))
    results.push({ delays, node, ours })
    for (const what of ['heap', 'rss']) {
      const verdict = ours[what] <= node[what] ? 'reached' : 'MISSED'
      const [nodeBytes, oursBytes] = [node, ours].map((side) => side[what].toFixed(0).padStart(5))
      if (!json)
        console.log(
          `${delays.padEnd(14)}${what.padEnd(6)}node${nodeBytes}   ours${oursBytes}   must ≤ Node's: ${verdict}`,
        )
    }
  }
  if (json) console.log(JSON.stringify({ node: process.version, timers: TIMERS, results }, null, 2))
  if (results.some(({ node, ours }) => ours.heap > node.heap || ours.rss > node.rss)) process.exitCode = 1
}

if (role) measure()
else main()
