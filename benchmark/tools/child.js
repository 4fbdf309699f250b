'use strict'
// A process that measures one case on one side, once, and prints what it found as JSON. Started by processes.js as
// node --expose-gc child.js '{"question": ..., "index": ..., "side": ..., "quick": ..., "samples": ...}'

const { load } = require('../sides')
const { median } = require('../statistics')
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

/** The figures of a case that leaves the timing to us: medians of some samples. */
async function timed(one, functions, samples) {
  one.prepare?.(functions)
  for (let i = 0; i < WARM_UPS; i++) await sample(one, functions)
  const taken = []
  for (let i = 0; i < samples; i++) taken.push(await sample(one, functions))
  const of = (figure) => taken.map((one) => one[figure])
  return { value: median(of('value')), cpu: median(of('cpu')), samples: taken }
}

async function main() {
  const { question: name, index, side, quick, samples } = JSON.parse(process.argv[2])
  const one = question(name).cases[index]
  const functions = one.loads === false ? undefined : load(side)
  const result = one.measure ? await one.measure(functions, { side, quick }) : await timed(one, functions, samples)
  process.stdout.write(JSON.stringify(result), () => process.exit())
}

main()
