'use strict'
// Watched file descriptors, beside the npm package `epoll` where it is installed (`npm install --no-save epoll`):
// a byte that goes back and forth between two pipes, and many pipes that are always readable. The sides take turns at being
// first, and their first runs do not count.
// Usage: node benchmark/fds.js [seconds per run] [runs]

const { readSync, writeSync } = require('node:fs')
const { EventLoop } = require('..')
const { median, percentile } = require('./statistics')
const { machine } = require('./tools/machine')
const { openPipes } = require('./tools/pipes')

const SECONDS = Number(process.argv[2] ?? 1)
const RUNS = Number(process.argv[3] ?? 7)
const READY = 200

const [there, back, ...ready] = openPipes(READY + 2)

/** How each side watches for reading: a function that ends it. */
const watchers = {
  ours(fd, callback) {
    const watcher = loop.watch(fd, { readable: true }, callback)
    return () => watcher.close()
  },
}
const loop = new EventLoop()
try {
  const { Epoll } = require('epoll')
  watchers.epoll = (fd, callback) => {
    const poller = new Epoll(callback).add(fd, Epoll.EPOLLIN)
    return () => poller.close()
  }
} catch (error) {
  console.log(`epoll is not there to compare with: ${error.message.split('\n')[0]}`)
}

/** Runs `start(tick)` for a while: how often `tick` was called in a second. */
function rate(start) {
  return new Promise((resolve) => {
    let ticks = 0
    const begun = performance.now()
    const until = begun + SECONDS * 1000
    let stopped = false
    const stop = start(() => {
      ticks++
      if (stopped || performance.now() < until) return
      stopped = true
      const took = performance.now() - begun
      // Not inside its own callback, which epoll does not allow.
      setImmediate(() => {
        stop()
        resolve(ticks / (took / 1000))
      })
    })
  })
}

const byte = Buffer.alloc(1)

const LOADS = {
  'round trips between two pipes': (watch) =>
    rate((tick) => {
      const stops = [
        watch(there, () => {
          readSync(there, byte)
          writeSync(back, byte)
        }),
        watch(back, () => {
          readSync(back, byte)
          writeSync(there, byte)
          tick()
        }),
      ]
      writeSync(there, byte)
      return () => {
        for (const stop of stops) stop()
        for (const fd of [there, back]) {
          try {
            readSync(fd, byte)
          } catch {
            // It was on the other one.
          }
        }
      }
    }),
  [`events of ${READY} pipes that are always readable`]: (watch) =>
    rate((tick) => {
      const stops = ready.map((fd) => watch(fd, tick))
      return () => {
        for (const stop of stops) stop()
      }
    }),
}

/** How often in a second each side is called under a load, in each run that counts. */
async function takeAll(load) {
  const sides = Object.entries(watchers)
  const rates = Object.fromEntries(sides.map(([side]) => [side, []]))
  for (let run = 0; run <= RUNS; run++) {
    for (const [side, watch] of run % 2 ? sides : sides.toReversed()) {
      const found = await load(watch)
      if (run > 0) rates[side].push(found)
    }
  }
  return rates
}

const whole = (value) => Math.round(value).toLocaleString('en')

function shown([side, rates]) {
  const [low, middle, high] = [25, 50, 75].map((p) => whole(percentile(rates, p)))
  return `${side} ${middle} (${low}–${high})`
}

async function main() {
  const { node, commit, processors, load } = machine()
  console.log(
    `Node ${node}, commit ${commit}, ${processors}, load ${load.toFixed(1)}; medians of ${RUNS} runs (quarters)`,
  )
  for (const fd of ready) writeSync(fd, byte)
  for (const [name, load] of Object.entries(LOADS)) {
    const rates = await takeAll(load)
    const ratio = rates.epoll ? `; ${(median(rates.ours) / median(rates.epoll)).toFixed(2)} times as many` : ''
    console.log(`${name}, per second: ${Object.entries(rates).map(shown).join(', ')}${ratio}`)
  }
}

main()
