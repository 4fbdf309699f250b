'use strict'
// A process that measures one case on one side, once, and prints what it found as JSON. Started by processes.js as
// node --expose-gc child.js '{"question": ..., "index": ..., "side": ..., "quick": ..., "samples": ...}'

const { load } = require('../sides')
const { median } = require('../statistics')
const { question } = require('./questions')

/** A case is warmed up, and then timed, so many times and for so many ms, whichever is more. */
const WARM_UPS = 3
const WARM_MS = 300
const TIMED_MS = 300
const QUICK_MS = 50
const nodeTimeout = setTimeout

/**
 * What is pending may finish. Garbage is collected when V8 wants to, in the measured time: asked to collect all of it, V8
 * throws away optimized code of Node's timers that no program would lose, and they look up to three times as slow.
 */
const settle = () => new Promise((resolve) => nodeTimeout(resolve, 5))

async function sample(one, functions) {
  await settle()
  const before = process.cpuUsage()
  const start = process.hrtime.bigint()
  await one.run(functions)
  const took = Number(process.hrtime.bigint() - start)
  const { user, system } = process.cpuUsage(before)
  return { value: took / one.count, cpu: ((user + system) * 1e3) / one.count }
}

async function repeated(times, ms, run) {
  const end = performance.now() + ms
  const results = []
  while (results.length < times || performance.now() < end) results.push(await run())
  return results
}

/** The figures of a case that leaves the timing to us: medians of some samples. */
async function timed(one, functions, { samples, quick }) {
  one.prepare?.(functions)
  const once = () => sample(one, functions)
  await repeated(WARM_UPS, quick ? QUICK_MS : WARM_MS, once)
  const taken = await repeated(samples, quick ? QUICK_MS : TIMED_MS, once)
  const of = (figure) => taken.map((one) => one[figure])
  return { value: median(of('value')), cpu: median(of('cpu')), samples: taken }
}

async function main() {
  const { question: name, index, side, quick, samples } = JSON.parse(process.argv[2])
  const one = question(name).cases[index]
  const functions = one.loads === false ? undefined : load(side)
  const result = one.measure
    ? await one.measure(functions, { side, quick })
    : await timed(one, functions, { samples, quick })
  process.stdout.write(JSON.stringify(result), () => process.exit())
}

main()
