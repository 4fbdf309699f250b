'use strict'
// A worker of questions/hand-over.js. Tells its parent something so many times, each time the generation changes, or
// answers everything it is told: with messages or with doorbells.

const { parentPort, workerData } = require('node:worker_threads')
const { load } = require('../sides')

const { side, times, generation, doorbell } = workerData

function answerByMessage() {
  parentPort.on('message', (message) => parentPort.postMessage(message))
  parentPort.postMessage('ready')
}

function answerByDoorbell({ EventLoop, ring }) {
  const { id } = new EventLoop().doorbell(() => ring(doorbell))
  parentPort.postMessage(id)
}

/** Blocks its thread between two generations. */
function tellInGenerations(tell) {
  parentPort.postMessage('ready')
  for (let seen = 0; ; seen++) {
    // Who saw the new generation before the others were woken is woken, too, and must not be ahead of it from then on.
    while (Atomics.load(generation, 0) === seen) Atomics.wait(generation, 0, seen)
    for (let i = 0; i < times; i++) tell()
  }
}

if (side === 'ours') {
  const ours = load('ours')
  if (times === 0) answerByDoorbell(ours)
  else tellInGenerations(() => ours.ring(doorbell))
} else if (times === 0) answerByMessage()
else tellInGenerations(() => parentPort.postMessage(1))
