'use strict'
// How true a fine interval is: 0.2 ms and 1 ms for 10 s, in deadline order, with Node's setInterval and with nanotimer, each
// in a process of its own. A tick is early before start + n * period and late after it; drift is what the ticks, times the
// period, lack of the time that has passed when the last one came.
// Usage: node benchmark/deadline.js [--json] [--seconds N]

const { execFileSync } = require('node:child_process')
const { argument, numberArgument } = require('./arguments')
const { percentile } = require('./statistics')

const SECONDS = numberArgument('--seconds', 10)
const PERIODS = [0.2, 1]
const WARM_UP = 50
const WARM_UP_CALLS = 2_000

/** Each starts an interval and returns what ends it. */
const SIDES = {
  node(tick, period) {
    const interval = setInterval(tick, period)
    return () => clearInterval(interval)
  },
  nanotimer(tick, period) {
    const NanoTimer = require('nanotimer')
    const timer = new NanoTimer()
    timer.setInterval(tick, '', `${period * 1000}u`)
    return () => timer.clearInterval()
  },
  ours(tick, period) {
    const { EventLoop } = require('..')
    const loop = new EventLoop({ order: 'deadline' })
    loop.setInterval(tick, period)
    return () => loop.close()
  },
}

/** Runs one interval for some time. What it measures is nanoseconds. */
function run(side, period, millis) {
  return new Promise((resolve) => {
    const times = []
    const cpu = process.cpuUsage()
    const start = process.hrtime.bigint()
    const end = SIDES[side](() => {
      times.push(Number(process.hrtime.bigint() - start))
      const passed = times.at(-1)
      const behind = passed - times.length * period * 1e6
      // Not in the middle of catching up with what the machine has held up; Node's never does.
      if (passed < millis * 1e6 || (behind > period * 1e6 && passed < millis * 1.02e6)) return
      end()
      const { user, system } = process.cpuUsage(cpu)
      resolve({ times, cpu: (user + system) * 1e3 })
    }, period)
  })
}

async function measure(side, period) {
  await run(side, period, WARM_UP)
  // The start is read before the call that sets the interval, which shall take no time to speak of.
  for (let i = 0; i < WARM_UP_CALLS; i++) SIDES[side](() => {}, 1000)()
  const { times, cpu } = await run(side, period, SECONDS * 1e3)
  const step = period * 1e6
  const late = times.map((time, n) => time - (n + 1) * step)
  return {
    ticks: times.length,
    driftMillis: (times.at(-1) - times.length * step) / 1e6,
    early: late.filter((time) => time < 0).length,
    lateP50Micros: percentile(late, 50) / 1e3,
    lateP99Micros: percentile(late, 99) / 1e3,
    cpuPercent: (100 * cpu) / times.at(-1),
  }
}

function main() {
  const json = process.argv.includes('--json')
  const results = []
  if (!json) {
    console.log(`Node ${process.version}, ${SECONDS} s each\n`)
    console.log('period     side          ticks     drift ms    early   late µs: p50        p99   CPU')
  }
  for (const period of PERIODS) {
    for (const side of Object.keys(SIDES)) {
      const child = [__filename, '--child', side, '--period', `${period}`, '--seconds', `${SECONDS}`]
      const result = { period, side, ...JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' })) }
      results.push(result)
      if (json) continue
      const { ticks, driftMillis, early, lateP50Micros, lateP99Micros, cpuPercent } = result
      const cells = [
        `${period} ms`.padEnd(8),
        side.padEnd(10),
        `${ticks}`.padStart(8),
        driftMillis.toFixed(2).padStart(12),
        `${early}`.padStart(8),
        lateP50Micros.toFixed(0).padStart(14),
        lateP99Micros.toFixed(0).padStart(10),
        `${cpuPercent.toFixed(1)} %`.padStart(7),
      ]
      console.log(cells.join(' '))
    }
  }
  if (json) console.log(JSON.stringify({ node: process.version, seconds: SECONDS, results }, null, 2))
  const failed = ({ side, period, early, driftMillis }) => side === 'ours' && (early > 0 || driftMillis > period)
  if (results.some(failed)) process.exitCode = 1
}

if (process.argv.includes('--child')) {
  measure(argument('--child'), numberArgument('--period')).then((result) => console.log(JSON.stringify(result)))
} else {
  main()
}
