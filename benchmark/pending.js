'use strict'
// Does a timer cost more while many others are pending? Set and clear one at a time beside 10 to 1,000,000 others, all of
// one delay or of mixed delays; ns per set+clear, median (best) of several runs. The dearest may cost twice the cheapest,
// by the best runs: a busy machine makes others dearer.
// Usage: node --expose-gc benchmark/pending.js [--json] [--runs N]

const loops = require('./loops')
const { median } = require('./statistics')
const { numberArgument } = require('./arguments')

const RUNS = numberArgument('--runs', 9)
const PAIRS = 100_000
const OTHERS = [10, 1_000, 100_000, 1_000_000]
const MAY_GROW = 2

const noop = () => {}

/** Where delays come from: lists of one and of 60,000 delays. */
const DELAYS = {
  'one delay': () => 100_000,
  'mixed delays': (i) => 100_000 + ((i * 48271) % 60_000),
}

function setAndClear({ setTimeout, clearTimeout }, delayOf) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < PAIRS; i++) clearTimeout(setTimeout(noop, delayOf(i)))
  return Number(process.hrtime.bigint() - start) / PAIRS
}

/** The cost beside each number of others. They are set and left in place from one number to the next. */
function measure(loop, delayOf) {
  const others = []
  const costs = OTHERS.map((count) => {
    while (others.length < count) others.push(loop.setTimeout(noop, delayOf(others.length)))
    globalThis.gc?.()
    setAndClear(loop, delayOf)
    const runs = Array.from({ length: RUNS }, () => setAndClear(loop, delayOf))
    return { median: median(runs), best: Math.min(...runs) }
  })
  for (const timer of others) loop.clearTimeout(timer)
  return costs
}

const json = process.argv.includes('--json')
const results = []
if (!json) {
  console.log(`Node ${process.version}, ns per set+clear beside pending timers\n`)
  console.log(''.padEnd(20), ...OTHERS.map((count) => count.toLocaleString('en').padStart(12)))
}
for (const side of ['node', 'ours']) setAndClear(loops[side], DELAYS['mixed delays'])
for (const [delays, delayOf] of Object.entries(DELAYS)) {
  for (const side of ['node', 'ours']) {
    const costs = measure(loops[side], delayOf)
    const bests = costs.map(({ best }) => best)
    const grew = Math.max(...bests) / Math.min(...bests)
    results.push({ delays, side, others: OTHERS, costs, grew })
    if (json) continue
    const verdict = side === 'node' ? '' : `, must ${MAY_GROW}: ${grew <= MAY_GROW ? 'reached' : 'MISSED'}`
    const cells = costs.map(({ median, best }) => `${median.toFixed(0)} (${best.toFixed(0)})`.padStart(12))
    console.log(`${delays}, ${side}`.padEnd(20), ...cells, `   dearest / cheapest ${grew.toFixed(2)}${verdict}`)
  }
}
if (json) console.log(JSON.stringify({ node: process.version, results }, null, 2))
if (results.some(({ side, grew }) => side === 'ours' && grew > MAY_GROW)) process.exitCode = 1
