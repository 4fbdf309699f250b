'use strict'
// A process that measures one case on one side, once, and prints what it found as JSON. Started by processes.js as
// node --expose-gc child.js '{"question": ..., "index": ..., "side": ..., "quick": ..., "samples": ..., "ms": ...}'

const { load } = require('../sides')
const { mean } = require('../statistics')
const { question } = require('./questions')

const WARM_UPS = 3
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

/**
 * The figures of a case that leaves the timing to us: means of some samples. Garbage is collected in every second or third
 * of them, so a median would be that of the ones without, or with, as chance has it; a program pays for all.
 */
async function timed(one, functions, { samples, ms }) {
  one.prepare?.(functions)
  const once = () => sample(one, functions)
  await repeated(WARM_UPS, ms, once)
  const taken = await repeated(samples, ms, once)
  const of = (figure) => taken.map((one) => one[figure])
  return { value: mean(of('value')), cpu: mean(of('cpu')), samples: taken }
}

async function main() {
  const { question: name, index, side, quick, samples, ms } = JSON.parse(process.argv[2])
  const one = question(name).cases[index]
  const functions = one.loads === false ? undefined : load(side)
  const result = one.measure
    ? await one.measure(functions, { side, quick })
    : await timed(one, functions, { samples, ms })
  process.stdout.write(JSON.stringify(result), () => process.exit())
}

main()
