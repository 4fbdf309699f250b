// An ES module as the entry file: the order of what its body sets. Run with the loop and the program:
// node entry.mjs <node|ours> <name>

import * as timers from 'node:timers'
import * as ours from '../../../index.mjs'

const [, , loop, name] = process.argv
const { setTimeout, setImmediate, queueMicrotask } =
  loop === 'ours' ? ours : { ...timers, queueMicrotask: globalThis.queueMicrotask }

const trace = []
const log = (entry) => trace.push(entry)
const busy = (ms) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function everyKind(label) {
  setTimeout(() => log(`${label}.timeout`), 1)
  setImmediate(() => log(`${label}.immediate`))
  queueMicrotask(() => log(`${label}.microtask`))
  process.nextTick(() => log(`${label}.tick`))
  Promise.resolve().then(() => log(`${label}.then`))
  log(label)
  busy(5)
}

process.on('exit', () => console.log(trace.join(' | ')))

const PROGRAMS = {
  body: () => everyKind('body'),
  first: () => {
    // Nothing of the loop was used before.
    setImmediate(() => log('immediate'))
    setTimeout(() => log('timeout'), 1)
    busy(5)
  },
  import: async () => {
    await import('node:zlib')
    everyKind('imported')
  },
  later: async () => {
    everyKind('before')
    await new Promise((resolve) => setTimeout(resolve, 20))
    everyKind('after a timer')
    await new Promise((resolve) => setImmediate(resolve))
    everyKind('after an immediate')
  },
}

await PROGRAMS[name]()
