'use strict'
// What do promises cost in a process that works with several classes of them, as a program does whose packages bring their own?
// V8's, ours and bluebird's take turns in one process.
// Usage: node benchmark/together.js [--rounds N]

const { setTimeout: sleep } = require('node:timers/promises')
const { numberArgument } = require('./arguments')
const { load } = require('./sides')
const { question } = require('./tools/questions')

const ROUNDS = numberArgument('--rounds', 60)
/** Until V8 has optimized them, and has found its room for young objects. */
const WARM_UP = 20
const SIDES = ['node', 'ours', 'bluebird']

/** How many ns a unit of the case takes on each side: means, with the garbage of all. */
async function measureTogether(one) {
  const functions = SIDES.map(load)
  const taken = SIDES.map(() => 0)
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // Each side comes first, second and last as often as the others.
    for (let place = 0; place < SIDES.length; place++) {
      const side = (round + place) % SIDES.length
      // What the run before has left to do is done.
      await sleep(1)
      const begun = process.hrtime.bigint()
      await one.run(functions[side])
      const ns = Number(process.hrtime.bigint() - begun)
      if (round >= WARM_UP) taken[side] += ns / ROUNDS / one.count
    }
  }
  return taken
}

async function main() {
  console.log(`Node ${process.version}; ns, means of ${ROUNDS} runs of each, in turns, in one process\n`)
  console.log(
    `${''.padEnd(40)}${[...SIDES, 'ours / bluebird', 'ours / node'].map((title) => title.padStart(17)).join('')}`,
  )
  for (const one of question('promise-chains').cases) {
    const [node, ours, bluebird] = await measureTogether(one)
    const numbers = [node, ours, bluebird].map((ns) => ns.toFixed(1))
    const ratios = [ours / bluebird, ours / node].map((ratio) => ratio.toFixed(2))
    console.log(`${one.name.padEnd(40)}${[...numbers, ...ratios].map((text) => text.padStart(17)).join('')}`)
  }
}

main()
