'use strict'
// Heavy load, beside Node's own functions: node scripts/load.js
//
// 10,000,000 timers pending: what setting and clearing them takes, and that a short one among them comes in its time.
// 100,000 timers due at one instant, each second, while an HTTP server in the same process answers: how long answers take.
//
// The tables are for whoever reads them. What must hold is judged, and ends this with 1 if it does not: each timer fires
// once and in its order, ours not early, each request is answered, and whoever waits longest for what is due at once
// waits no more than twice as long as on Node's functions. A part that was left out ends it with 1, too.

const { fork } = require('node:child_process')
const { once } = require('node:events')
const http = require('node:http')
const { freemem } = require('node:os')

const MANY = 10_000_000
const AT_ONCE = 100_000
const ROUNDS = 10
const CLIENTS = 8
const SIDES = ['node', 'ours']
/** As much as ten million handles of Node's may take. */
const HEAP_MB = 8000
/** How much longer the longest answer of a round may take than on Node's functions, in the median of the rounds. */
const TIMES = 2

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
    process.send({ set: set - started, clear: performance.now() - clearing, late, rss }, () => process.exit())
  }, 10)
}

/** In a process of its own: a server, beside timers that are all due at once. */
function serve(side) {
  const loop = load(side)
  let fired = 0
  let inOrder = true
  const fire = (i) => {
    inOrder &&= i === fired % AT_ONCE
    fired++
  }
  const server = http.createServer((_, response) => response.end('answer'))
  server.listen(0, '127.0.0.1', () => {
    process.send({ port: server.address().port })
    let rounds = 0
    const next = () => {
      if (rounds++ === ROUNDS) return process.send({ fired, inOrder })
      process.send({ round: rounds })
      for (let i = 0; i < AT_ONCE; i++) loop.setTimeout(fire, 1, i)
      // Timers of Node's that are set in one turn count from one instant, ours each from its own: now all are due.
      const allDue = performance.now() + 2
      while (performance.now() < allDue);
      setTimeout(next, 1000)
    }
    next()
  })
  process.on('disconnect', () => process.exit())
}

const answered = (port, agent) =>
  new Promise((resolve) => {
    const request = http.get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode === 200))
    })
    request.on('error', () => resolve(false))
  })

/** Asks one after the other until it is enough. A client that got no answer asks no more. */
async function ask(port, agent, found, isEnough) {
  while (!isEnough()) {
    const started = performance.now()
    if (!(await answered(port, agent))) {
      found.unanswered++
      return
    }
    const took = performance.now() - started
    found.durations.push(took)
    found.longest.push(Math.max(took, found.longest.pop() ?? 0))
  }
}

function start(what, side) {
  const child = fork(__filename, [what, side], { execArgv: [`--max-old-space-size=${HEAP_MB}`], stdio: 'inherit' })
  const died = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${what}, ${side}: the process ended with ${signal ?? code}`)
  })
  died.catch(never)
  return { child, died }
}

/** Several runs of a side add up in `found`. */
async function runServer(side, found) {
  const { child, died } = start('serve', side)
  const agent = new http.Agent({ keepAlive: true })
  const clients = []
  let isEnough = false
  const over = new Promise((resolve) => {
    child.on('message', ({ port, round, ...result }) => {
      if (port) for (let i = 0; i < CLIENTS; i++) clients.push(ask(port, agent, found, () => isEnough))
      else if (round) found.longest.push(0)
      else resolve(result)
    })
  })
  const { fired, inOrder } = await Promise.race([over, died])
  isEnough = true
  await Promise.all(clients)
  agent.destroy()
  child.disconnect()
  found.fired += fired
  found.inOrder &&= inOrder
}

const ms = (number) => `${number.toFixed(2)} ms`
const seconds = (number) => `${(number / 1000).toFixed(1)} s`

/** Which of `bounds`, each a sentence and whether it holds, do not hold. */
const broken = (bounds) =>
  Object.entries(bounds)
    .filter(([, holds]) => !holds)
    .map(([sentence]) => sentence)

async function manyPending() {
  const free = Math.round(freemem() / 1e6)
  console.log(`${MANY} timers pending`)
  if (free < HEAP_MB) return [`${HEAP_MB} MB are free for ${MANY} timers, and not ${free} MB only`]
  const found = {}
  for (const side of SIDES) {
    const { child, died } = start('pending', side)
    ;[found[side]] = await Promise.race([once(child, 'message'), died])
  }
  const row = ({ set, clear, late, rss }) => ({
    set: seconds(set),
    clear: seconds(clear),
    'a timer of 10 ms is late by': ms(late),
    process: `${Math.round(rss / 1e6)} MB`,
  })
  console.table(Object.fromEntries(SIDES.map((side) => [side, row(found[side])])))
  return broken({ 'a timer among many pending ones is not early': found.ours.late >= 0 })
}

async function manyAtOnce() {
  const found = Object.fromEntries(
    SIDES.map((side) => [side, { durations: [], longest: [], unanswered: 0, fired: 0, inOrder: true }]),
  )
  // By turns, so that what else the machine does is in both.
  for (const side of [...SIDES, ...SIDES]) await runServer(side, found[side])
  const at = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.ceil(share * numbers.length) - 1]
  const longest = (side) => at(found[side].longest, 0.5)
  const row = (side) => ({
    answers: found[side].durations.length,
    unanswered: found[side].unanswered,
    fired: found[side].fired,
    ...Object.fromEntries(
      [50, 99, 99.9, 100].map((percent) => [`p${percent}`, ms(at(found[side].durations, percent / 100))]),
    ),
    'longest of a round': ms(longest(side)),
  })
  console.log(`${AT_ONCE} timers due at one instant, each second, beside a server`)
  console.table(Object.fromEntries(SIDES.map((side) => [side, row(side)])))
  const both = (holds) => SIDES.every((side) => holds(found[side]))
  return broken({
    'each timer fires once': both(({ fired }) => fired === AT_ONCE * ROUNDS * 2),
    'timers fire in the order in which they were set': both(({ inOrder }) => inOrder),
    'each request is answered': both(({ unanswered }) => unanswered === 0),
    [`the longest answer takes at most ${TIMES} times as long as on Node’s functions`]:
      longest('ours') <= TIMES * longest('node'),
  })
}

async function main() {
  const [what, side] = process.argv.slice(2)
  if (what) return { pending, serve }[what](side)
  const wrong = [...(await manyPending()), ...(await manyAtOnce())]
  for (const sentence of wrong) console.log(`does not hold: ${sentence}`)
  process.exitCode = wrong.length > 0 ? 1 : 0
}

main()
