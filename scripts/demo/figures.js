'use strict'
// The figures of the demo: the cost of a timer, timers fired early, and how late timers are.

const { busy } = require('./program')
const paint = require('./paint')

const noop = () => {}

function median(values) {
  return percentile(values, 50)
}

function percentile(values, p) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))]
}

/** Nanoseconds to set and clear a timer. */
function setAndClear(loop, count = 100_000) {
  const start = performance.now()
  for (let i = 0; i < count; i++) loop.clearTimeout(loop.setTimeout(noop, 1000))
  return ((performance.now() - start) * 1e6) / count
}

/** Nanoseconds to set a timer and have it fired, among 50,000. */
function setAndFire(loop, count = 50_000) {
  return new Promise((resolve) => {
    const start = performance.now()
    let left = count
    const fired = () => --left === 0 && resolve(((performance.now() - start) * 1e6) / count)
    for (let i = 0; i < count; i++) loop.setTimeout(fired, 1)
  })
}

/** Milliseconds by which timers of 1 to 10 ms were late, negative if early, while the loop is now and then busy. */
function lateness(loop, count = 400) {
  const late = []
  return new Promise((resolve) => {
    let set = 0
    const more = () => {
      for (let i = 0; i < 8 && set < count; i++, set++) {
        const delay = 1 + (set % 10)
        const start = performance.now()
        loop.setTimeout(() => {
          late.push(performance.now() - start - delay)
          if (late.length === count) resolve(late)
          else if (late.length % 8 === 0) more()
        }, delay)
        busy(0.13)
      }
    }
    more()
  })
}

async function figures(node, ours) {
  const costs = { node: { clear: [], fire: [] }, ours: { clear: [], fire: [] } }
  for (let round = -1; round < 5; round++) {
    for (const [name, loop] of [
      ['node', node],
      ['ours', ours],
    ]) {
      const clear = setAndClear(loop)
      const fire = await setAndFire(loop)
      if (round < 0) continue
      costs[name].clear.push(clear)
      costs[name].fire.push(fire)
    }
  }
  const late = { node: await lateness(node), ours: await lateness(ours) }
  const early = (values) => values.filter((value) => value < 0).length
  const ns = (value) => `${value.toFixed(0)} ns`
  const ms = (value) => `${value.toFixed(2)} ms`
  const row = (what, left, right) => `  ${what.padEnd(34)}${left.padStart(14)}${right.padStart(16)}`
  const both = (what, of, show) => row(what, show(of(costs.node, late.node)), show(of(costs.ours, late.ours)))
  return [
    '',
    paint.faint(row('', 'Node', 'rs-eventloop')),
    both('a timer, set and cleared', (cost) => median(cost.clear), ns),
    both('a timer, set and fired', (cost) => median(cost.fire), ns),
    both(`fired early, of ${late.node.length}`, (_, values) => early(values), String),
    both('late, median', (_, values) => percentile(values, 50), ms),
    both('late, 99 of 100', (_, values) => percentile(values, 99), ms),
    '',
  ]
}

module.exports = { figures }
