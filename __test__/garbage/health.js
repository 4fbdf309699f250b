'use strict'
// A small program whose order is fixed: a loop is well if it does what Node does, whatever was called before.

const assert = require('node:assert')

/** Rejects if the loop of these functions is not well. */
async function health(ours) {
  await timersAndImmediates(ours)
  await poll(ours)
}

async function timersAndImmediates(ours) {
  const trace = []
  await new Promise((resolve) => {
    ours.setTimeout(() => {
      trace.push('timer')
      ours.queueMicrotask(() => trace.push('microtask'))
      ours.ChainedPromise.resolve().then(() => trace.push('reaction'))
      ours.setImmediate((word) => trace.push(word), 'immediate')
      ours.clearImmediate(ours.setImmediate(() => trace.push('never')))
      process.nextTick(() => trace.push('tick'))
    }, 2)
    ours.clearTimeout(ours.setTimeout(() => trace.push('never'), 2))
    let times = 0
    const interval = ours.setInterval(() => {
      trace.push('interval')
      if (++times === 2) {
        ours.clearInterval(interval)
        const loop = new ours.EventLoop()
        loop.setTimeout(() => trace.push('never'), 1)
        loop.close()
        ours.setTimeout(resolve, 3)
      }
    }, 2)
    // All are due by now, and run in one timers phase.
    const due = performance.now() + 4
    while (performance.now() < due);
  })
  assert.strictEqual(
    trace.join(),
    'timer,tick,microtask,reaction,interval,immediate,interval',
    'the loop is not well any more',
  )
}

/** What runs in the poll phase, and in deadline order. */
async function poll(ours) {
  const trace = []
  const loop = new ours.EventLoop({ order: 'deadline' })
  await new Promise((resolve) => loop.submit(resolve))
  await new Promise((resolve) => {
    const bell = loop.doorbell((rings) => resolve(trace.push(`rung ${rings}`)))
    ours.ring(bell.id)
  })
  await loop.delay(2)
  const begin = performance.now()
  loop.setTimeout(() => trace.push('second'), 1.5)
  loop.setTimeout(() => trace.push('first'), 0.5)
  // Else the machine has put so much time in between that the other one is due first.
  const areSetAtOnce = performance.now() - begin < 1
  loop.setImmediate(() => trace.push('immediate'))
  const due = performance.now() + 2
  while (performance.now() < due);
  await loop.shutdown({ timers: 'run' })
  const [rung, ...timers] = trace.filter((name) => name !== 'immediate')
  assert.strictEqual(rung, 'rung 1')
  assert.deepStrictEqual(areSetAtOnce ? timers : timers.sort(), ['first', 'second'])
  assert.ok(trace.includes('immediate'))
  assert.strictEqual(loop.state, 'terminated')
}

module.exports = { health }
