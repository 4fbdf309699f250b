'use strict'
// Heavy load, beside Node's own functions: node scripts/load.js
//
// 10,000,000 timers pending: what setting and clearing them takes, and that a short one among them comes in its time.
// 100,000 timers due at one instant, each second, while an HTTP server in the same process answers: how long answers take.

const { fork } = require('node:child_process')
const http = require('node:http')
const { freemem } = require('node:os')

const MANY = 10_000_000
const AT_ONCE = 100_000
const ROUNDS = 10
/** As much as ten million handles of Node's may take. */
const HEAP_MB = 8000

const never = () => {}
const load = (side) => (side === 'ours' ? require('..') : globalThis)

/** In a process of its own: many timers that wait. */
function pending(side) {
  const loop = load(side)
  const started = performance.now()
  const all = Array.from({ length: MANY }, (_, i) => loop.setTimeout(never, 1e6 + (i % 1000)))
  const set = performance.now()
  loop.setTimeout(() => {
    const late = performance.now() - set - 10
    const { rss } = process.memoryUsage()
    const clearing = performance.now()
    for (const timer of all) loop.clearTimeout(timer)
    const seconds = (from, to) => `${((to - from) / 1000).toFixed(1)} s`
    process.send({
      set: seconds(started, set),
      clear: seconds(clearing, performance.now()),
      'a timer of 10 ms is late by': `${late.toFixed(1)} ms`,
      process: `${Math.round(rss / 1e6)} MB`,
    })
    process.exit()
  }, 10)
}

/** In a process of its own: a server, beside timers that are all due at once. */
function serve(side) {
  const loop = load(side)
  let fired = 0
  const fire = () => fired++
  const server = http.createServer((_, response) => response.end('answer'))
  server.listen(0, '127.0.0.1', () => {
    process.send({ port: server.address().port })
    let rounds = 0
    const next = () => {
      if (rounds++ === ROUNDS) return process.send({ fired }, () => process.exit())
      for (let i = 0; i < AT_ONCE; i++) loop.setTimeout(fire, 500)
      setTimeout(next, 1000)
    }
    next()
  })
}

/** Asks one after the other, 8 at a time, and keeps how long each answer has taken. */
function ask(port, durations, goesOn) {
  const agent = new http.Agent({ keepAlive: true })
  const one = () => {
    const started = performance.now()
    const request = http.get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume()
      response.on('end', () => {
        durations.push(performance.now() - started)
        if (goesOn()) one()
      })
    })
    request.on('error', never)
  }
  for (let i = 0; i < 8; i++) one()
}

const start = (what, side) =>
  fork(__filename, [what, side], { execArgv: [`--max-old-space-size=${HEAP_MB}`], stdio: 'inherit' })

const runPending = (side) =>
  new Promise((resolve, reject) => {
    const child = start('pending', side)
    child.on('message', resolve)
    child.on('exit', (code) => code !== 0 && reject(new Error(`the process with many timers ended with ${code}`)))
  })

const runServer = (side) =>
  new Promise((resolve, reject) => {
    const durations = []
    const child = start('serve', side)
    let goesOn = true
    child.on('message', ({ port, fired }) => {
      if (port) return ask(port, durations, () => goesOn)
      goesOn = false
      durations.sort((a, b) => a - b)
      const at = (share) => `${durations[Math.ceil(share * durations.length) - 1].toFixed(2)} ms`
      resolve({ answers: durations.length, fired, p50: at(0.5), p99: at(0.99), 'p99.9': at(0.999), most: at(1) })
    })
    child.on('exit', (code) => code !== 0 && reject(new Error(`the server ended with ${code}`)))
  })

async function main() {
  const [what, side] = process.argv.slice(2)
  if (what) return { pending, serve }[what](side)
  const free = freemem() / 1e6
  const many = {}
  if (free > HEAP_MB) for (const one of ['node', 'ours']) many[one] = await runPending(one)
  console.log(`${MANY} timers pending${free > HEAP_MB ? '' : `: left out, there are ${Math.round(free)} MB only`}`)
  console.table(many)
  const servers = {}
  for (const one of ['node', 'ours']) servers[one] = await runServer(one)
  console.log(`${AT_ONCE} timers due at one instant, each second, beside a server`)
  console.table(servers)
  const lost = Object.values(servers).some(({ fired }) => fired !== AT_ONCE * ROUNDS)
  process.exit(lost ? 1 : 0)
}

main()
