'use strict'
// Random programs of immediates, due timers and messages that set each other, beginning in an fs callback. Every callback
// blocks until the timers it has set are due and its messages have arrived, so Node fixes the order of all of them.
// Run with the loop, the first seed and the number of programs: node random-io.js <node|ours> <seed> <count>

const fs = require('node:fs')
const { node, ours } = require('../../../benchmark/loops')

const [, , side, firstSeed, count] = process.argv
const loop = side === 'ours' ? ours : node

/** Fewer than the turns after which one may go on in rounds (docs/ordering.md). */
const GENERATIONS = 7
const CALLBACKS = 40

const busy = (ms) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function runProgram(seed, over) {
  const trace = []
  const timers = []
  const immediates = []
  const { port1, port2 } = new MessageChannel()
  let state = seed
  let begun = 0
  let pending = 0
  let ending

  const random = (limit) => {
    state = (state * 48271) % 2147483647
    return (state >> 8) % limit
  }
  const takeOne = (from) => from.splice(random(from.length), 1)[0]

  /** Counts what waits, so that the end is known. */
  const waiting = (label, generation, from, entry) => {
    pending++
    return () => {
      pending--
      if (from?.includes(entry)) from.splice(from.indexOf(entry), 1)
      callback(label, generation)
    }
  }

  const ACTIONS = {
    timeout(label, generation) {
      const entry = {}
      entry.handle = loop.setTimeout(waiting(label, generation, timers, entry), 1)
      timers.push(entry)
    },
    immediate(label, generation) {
      const entry = {}
      entry.handle = loop.setImmediate(waiting(label, generation, immediates, entry))
      immediates.push(entry)
    },
    message(label, generation) {
      messages.push(waiting(label, generation))
      port2.postMessage(label)
    },
    tick: (label) => process.nextTick(() => trace.push(label)),
    microtask: (label) => loop.queueMicrotask(() => trace.push(label)),
    'tick that sets'(label, generation) {
      process.nextTick(() => {
        trace.push(label)
        if (generation < GENERATIONS) ACTIONS.immediate(`${label}.immediate`, generation)
      })
    },
    'clear a timer'() {
      if (timers.length === 0) return
      pending--
      loop.clearTimeout(takeOne(timers).handle)
    },
    'clear an immediate'() {
      if (immediates.length === 0) return
      pending--
      loop.clearImmediate(takeOne(immediates).handle)
    },
    refresh() {
      if (timers.length > 0) timers[random(timers.length)].handle.refresh()
    },
  }
  const NAMES = Object.keys(ACTIONS)
  const messages = []
  port1.on('message', () => messages.shift()())

  function callback(label, generation) {
    trace.push(label)
    for (let i = 1 + random(3); i > 0 && generation < GENERATIONS && begun < CALLBACKS; i--) {
      const name = NAMES[random(NAMES.length)]
      ACTIONS[name](`${name} ${++begun}`, generation + 1)
    }
    busy(1.2)
    if (pending === 0) end()
  }

  /** Nothing waits, except perhaps for what ticks are going to set. */
  function end() {
    node.clearTimeout(ending)
    ending = node.setTimeout(() => {
      if (pending > 0) return
      port1.close()
      over(trace.join(', '))
    }, 5)
  }

  fs.stat(__filename, () => {
    for (let i = 0; i < 3; i++) ACTIONS[NAMES[i]](`${NAMES[i]} ${++begun}`, 1)
    callback('stat', 1)
  })
}

const traces = []
function next() {
  if (traces.length === Number(count)) console.log(traces.join(' | '))
  else
    runProgram(Number(firstSeed) + traces.length * 7919, (trace) => {
      traces.push(trace)
      next()
    })
}
next()
