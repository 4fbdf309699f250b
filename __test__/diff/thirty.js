'use strict'
// A script of more than thirty events, of all kinds, whose order does not depend on the clock. On ours two immediates
// are set in another order: what the page shows.
const isOurs = process.execArgv.some((argument) => argument.endsWith('register.js'))
const nothing = () => {}
const first = () => setImmediate(nothing)
const second = () => setImmediate(() => process.nextTick(nothing))
const two = [first, second]

function begin() {
  process.nextTick(nothing)
  Promise.resolve().then(nothing).then(nothing).finally(nothing)
  queueMicrotask(() => console.log('a text that is so long that it does not fit into the lane where it is shown'))
  setImmediate(() => {
    setTimeout(goOn, 12)
    queueMicrotask(nothing)
  })
}

function goOn() {
  for (const set of isOurs ? two.toReversed() : two) set()
  Promise.resolve().then(nothing)
  let left = 5
  const interval = setInterval(() => {
    process.nextTick(() => queueMicrotask(nothing))
    if (--left > 0) return
    clearInterval(interval)
    setTimeout(() => {
      throw new Error('an error')
    }, 150)
  }, 30)
}

async function wait() {
  await null
  await undefined
  process.nextTick(nothing)
}

process.on('uncaughtException', nothing)
setTimeout(begin, 1)
wait()
