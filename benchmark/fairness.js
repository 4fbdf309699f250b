'use strict'
// What do endless chains of callbacks cost the rest of the process? The latency of an HTTP server, of fs.readFile and of
// Node's own 1 ms timers, while nothing else runs and beside each chain on Node's functions and on ours. It may grow by 2 ms.
// All loads are measured several times over, and each percentile is the median of its values: a busy machine disturbs some.
// Usage: node benchmark/fairness.js [--json] [--samples N] [--runs N]

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const { createServer, get, Agent } = require('node:http')
const { readFile } = require('node:fs')
const { once } = require('node:events')
const chains = require('./chains')
const loops = require('./loops')
const { median, percentile } = require('./statistics')
const { numberArgument } = require('./arguments')

const SAMPLES = numberArgument('--samples', 300)
const RUNS = numberArgument('--runs', 5)
const MAY_GROW = 2
const PERCENTILES = [50, 95, 99]
/** Those that the growth is judged by. The last one is at the mercy of the machine. */
const JUDGED = [50, 95]

const since = (start) => performance.now() - start

/** Calls `sample(done)` again and again; each calls `done(ms)` when it is over. */
const sampled = (sample) =>
  new Promise((resolve) => {
    const taken = []
    const next = (took) => {
      if (took !== undefined) taken.push(took)
      if (taken.length === SAMPLES) resolve(taken)
      else sample(next)
    }
    next()
  })

/** The client has a thread and a loop of its own, so that only the server is slowed down. */
function request(port) {
  const agent = new Agent({ keepAlive: true })
  return sampled((done) => {
    const start = performance.now()
    get({ port, host: '127.0.0.1', agent }, (response) => response.resume().on('end', () => done(since(start))))
  }).finally(() => agent.destroy())
}

const PROBES = {
  async 'HTTP server'() {
    const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = new Worker(__filename, { workerData: server.address().port, argv: process.argv.slice(2) })
    const [taken] = await once(client, 'message')
    server.close()
    return taken
  },
  'fs.readFile': () =>
    sampled((done) => {
      const start = performance.now()
      readFile(__filename, () => done(since(start)))
    }),
  'timer of 1 ms': () =>
    sampled((done) => {
      const start = performance.now()
      loops.node.setTimeout(() => done(since(start)), 1)
    }),
}

const LOADS = [
  { name: 'nothing', start: () => ({ count: 0, stop() {} }) },
  ...chains.KINDS.flatMap((kind) =>
    ['node', 'ours'].map((side) => ({ name: `${side}: ${kind}`, side, start: () => chains.start(kind, loops[side]) })),
  ),
]

/** The percentiles of each probe beside a load, once. */
async function measure(load) {
  const latency = {}
  for (const [probe, take] of Object.entries(PROBES)) {
    const chain = load.start()
    const taken = await take()
    chain.stop()
    latency[probe] = PERCENTILES.map((p) => percentile(taken, p))
  }
  return latency
}

async function measureAll() {
  await measure(LOADS[0]) // Warms up.
  const runs = []
  for (let run = 0; run < RUNS; run++) {
    const latencies = []
    for (const load of LOADS) latencies.push(await measure(load))
    runs.push(latencies)
  }
  return LOADS.map(({ name, side }, load) => {
    const medians = (probe) => PERCENTILES.map((_, p) => median(runs.map((latencies) => latencies[load][probe][p])))
    return {
      load: name,
      side,
      latency: Object.fromEntries(Object.keys(PROBES).map((probe) => [probe, medians(probe)])),
    }
  })
}

function print({ load, latency }) {
  const cells = Object.values(latency).map((figures) => figures.map((ms) => ms.toFixed(2).padStart(6)).join(' '))
  console.log(load.padEnd(30), ...cells.map((cell) => cell.padStart(23)))
}

async function main() {
  const json = process.argv.includes('--json')
  if (!json) {
    console.log(
      `Node ${process.version}, latency in ms: p${PERCENTILES.join(' p')} of ${SAMPLES}, median of ${RUNS} runs\n`,
    )
    console.log(''.padEnd(30), ...Object.keys(PROBES).map((probe) => probe.padStart(23)))
  }
  const results = await measureAll()
  if (!json) for (const result of results) print(result)
  const grew = (side) =>
    results
      .filter((result) => result.side === side)
      .flatMap(({ latency }) =>
        Object.keys(PROBES).flatMap((probe) =>
          JUDGED.map((p) => latency[probe][PERCENTILES.indexOf(p)] - results[0].latency[probe][PERCENTILES.indexOf(p)]),
        ),
      )
  const [node, ours] = ['node', 'ours'].map((side) => Math.max(...grew(side)))
  if (json)
    console.log(
      JSON.stringify({ node: process.version, samples: SAMPLES, runs: RUNS, results, grew: { node, ours } }, null, 2),
    )
  else {
    const verdict = ours <= MAY_GROW ? 'reached' : 'MISSED'
    console.log(
      `\nmost that p50 or p95 grew: node ${node.toFixed(2)} ms, ours ${ours.toFixed(2)} ms, must ${MAY_GROW}: ${verdict}`,
    )
  }
  if (ours > MAY_GROW) process.exitCode = 1
}

if (isMainThread) main()
else request(workerData).then((taken) => parentPort.postMessage(taken))
