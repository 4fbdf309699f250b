'use strict'
// Runs random programs with a native subclass and with ours: node random-main.js FIRST_SEED COUNT. Prints how many
// entries the traces had, or the first two that differ, as JSON. A process of its own, as it counts on rejections that
// nobody handles.

const { isDeepStrictEqual } = require('node:util')
const { ChainedPromise } = require('../..')
const { run } = require('./random-program')

class Subclass extends Promise {}

const [first, count] = process.argv.slice(2).map(Number)

async function main() {
  let entries = 0
  for (let seed = first; seed < first + count; seed++) {
    const native = await run(seed, Subclass)
    const ours = await run(seed, ChainedPromise)
    entries += native.length
    if (!isDeepStrictEqual(ours, native)) return { seed, native, ours }
  }
  return { entries }
}

main().then((outcome) => console.log(JSON.stringify(outcome)))
