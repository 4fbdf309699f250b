'use strict'
// Which callbacks are timed, and for how many each of them stands.

const { test } = require('node:test')
const assert = require('node:assert')
const { Sampling } = require('../lib/sampling')

/** A histogram that keeps what it is given, as [duration, weight]. */
class Recorded {
  all = []

  record(duration, weight) {
    this.all.push([duration, weight])
  }

  get count() {
    return this.all.reduce((sum, [, weight]) => sum + weight, 0)
  }
}

/** A sampling, and the callbacks of one turn after the other. Durations are the number of the callback. */
class Run {
  delays = new Recorded()
  runTimes = new Recorded()
  begun = 0
  timed = []
  #turn = 0

  constructor(every) {
    this.sampling = new Sampling(every, this.delays, this.runTimes)
  }

  turn(callbacks) {
    this.#turn++
    for (let i = 0; i < callbacks; i++) {
      if (!this.sampling.choose(this.#turn, this.begun++)) continue
      this.timed.push(this.begun)
      this.sampling.begin(this.begun, this.begun)
      this.sampling.end(this.begun)
    }
  }
}

const range = (from, to, step = 1) => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)

test('of each turn 64 are timed, then one in 64', () => {
  const run = new Run()
  run.turn(300)
  assert.deepStrictEqual(run.timed, [...range(1, 65), 65, 129, 193, 257])
  run.turn(10)
  run.turn(70)
  assert.deepStrictEqual(run.timed.slice(68), [...range(301, 311), ...range(311, 375), 375])
})

test('with every, one in so many is timed, over turns', () => {
  for (const every of [1, 2, 7, 100]) {
    const run = new Run(every)
    for (const callbacks of [3, 50, 1, 146]) run.turn(callbacks)
    assert.deepStrictEqual(run.timed, range(1, 201, every))
  }
})

test('each that is timed stands for those before it, the last of a turn for those after it, too', () => {
  const run = new Run()
  run.turn(200)
  const stands = [...range(1, 66).map((n) => [n, 1]), [129, 64], [193, 64]]
  assert.deepStrictEqual(run.delays.all, stands)
  run.turn(1)
  assert.deepStrictEqual(run.delays.all, [...stands, [193, 7], [201, 1]])
  assert.deepStrictEqual(run.runTimes.all, run.delays.all)
})

test('there are as many durations as callbacks', () => {
  for (const every of [undefined, 1, 3, 1000]) {
    const run = new Run(every)
    for (const callbacks of [1, 63, 64, 65, 127, 128, 129, 5000, 2]) {
      run.turn(callbacks)
      run.sampling.complete(run.begun)
      assert.deepStrictEqual([run.delays.count, run.runTimes.count], [run.begun, run.begun])
    }
    const { length } = run.delays.all
    run.sampling.complete(run.begun)
    assert.strictEqual(run.delays.all.length, length, 'once is enough')
  }
})

test('a kind without delays has run times only', () => {
  const runTimes = new Recorded()
  const sampling = new Sampling(2, undefined, runTimes)
  sampling.choose(1, 0)
  sampling.begin(1, 5)
  sampling.end(7)
  sampling.complete(2)
  assert.deepStrictEqual(runTimes.all, [
    [7, 1],
    [7, 1],
  ])
})

test('nothing was timed: there is nothing to tell', () => {
  const run = new Run()
  run.sampling.complete(3)
  assert.deepStrictEqual([run.delays.all, run.runTimes.all], [[], []])
})
