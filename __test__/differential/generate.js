'use strict'
// Random programs from a seed. Those whose order is not fixed, by the model, are thrown away.

const { predictIfFixed } = require('./model')
const { HANDLES, PROMISES, stepsOf } = require('./program')
const { Random } = require('./random')
const { sources } = require('./machine')

const DEPTH = 4
const MOST_STEPS = 40
/** A trace of fewer entries shows no order. */
const FEWEST_ENTRIES = 6

/** Apart from each other, and from their sums, by more than the margin of the model where possible. */
const DELAYS = { 0: 3, 1: 8, 1.9: 1, 15: 4, 30: 2, 46: 1 }
const BUSY = { 8: 8, 22: 2, 38: 1 }

const WEIGHTS = {
  timeout: 12,
  interval: 3,
  immediate: 9,
  tick: 6,
  microtask: 5,
  react: 5,
  await: 3,
  message: 3,
  io: 2,
  sleep: 2,
  yield: 2,
  clear: 4,
  refresh: 3,
  unref: 2,
  ref: 1,
  busy: 8,
  throw: 2,
  reject: 2,
  deferred: 2,
  settle: 3,
  all: 1,
  race: 1,
  return: 1,
}
/** Half of the programs have more of some steps and none of others: so they come upon what is rare in a mixture of all. */
const MOODS = [0, 0.3, 1, 1, 3, 6]
/** Steps that choose whose promises they make. */
const BY = new Set(['react', 'reject', 'deferred', 'all', 'race'])
const WITH_BODY = new Set(['timeout', 'interval', 'immediate', 'tick', 'microtask', 'react', 'await', 'message', 'io'])
for (const kind of ['sleep', 'yield']) WITH_BODY.add(kind)

class Generator {
  ids = 0
  steps = 0

  constructor(random, owns) {
    this.random = random
    this.owns = owns
    this.weights = { ...WEIGHTS }
    if (random.chance(0.5)) for (const kind of Object.keys(WEIGHTS)) this.weights[kind] *= random.pick(MOODS)
  }

  program() {
    const chain = this.random.chance(0.25) ? { before: this.random.below(24), after: this.random.below(24) } : undefined
    // From outside of the loop things come later there.
    if (chain) for (const kind of ['message', 'io']) this.weights[kind] = 0
    const program = { body: this.body(0, 'main'), chain }
    if (this.random.chance(0.4)) program.onUncaught = this.body(DEPTH - 1, 'listener')
    if (this.random.chance(0.4)) program.onRejection = this.body(DEPTH - 1, 'listener')
    const targets = findTargets(program)
    for (const step of stepsOf(program)) this.refer(step, targets)
    return program
  }

  body(depth, inside) {
    const steps = []
    const length = depth === 0 ? 3 + this.random.below(7) : this.random.below(6 - depth)
    while (steps.length < length && this.steps < MOST_STEPS) {
      const step = this.step(depth, inside)
      steps.push(step)
      if (step.do === 'throw' || step.do === 'return') break
    }
    return steps
  }

  step(depth, inside) {
    this.steps++
    const kind = this.random.weighted(this.weightsFor(depth, inside))
    const step = { do: kind, id: ++this.ids }
    if (kind === 'timeout' || kind === 'interval' || kind === 'sleep') {
      step.delay = Number(this.random.weighted(DELAYS))
    }
    if (kind === 'interval') step.times = 1 + this.random.below(3)
    if (kind === 'busy') step.ms = Number(this.random.weighted(BUSY))
    if (kind === 'react') step.on = this.random.pick(['then', 'then', 'then', 'catch', 'catch', 'finally'])
    if (kind === 'settle') step.how = this.random.weighted({ resolve: 3, reject: 1 })
    if (kind === 'io') step.source = this.random.pick(sources)
    if (BY.has(kind)) step.by = this.owns && this.random.chance(0.5) ? 'own' : 'native'
    if (WITH_BODY.has(kind)) step.body = this.body(depth + 1, kind)
    return step
  }

  weightsFor(depth, inside) {
    const weights = { ...this.weights }
    if (inside === 'listener') weights.throw = 0
    // Where a throw would leave a callback of I/O, or the main script, is not the loop's affair.
    if (['main', 'message', 'io'].includes(inside)) weights.throw = 0
    if (!['react', 'await', 'sleep', 'yield'].includes(inside)) weights.return = 0
    if (depth >= DEPTH) for (const kind of WITH_BODY) weights[kind] /= 2
    return weights
  }

  /** Chooses what a step is about among all there are, earlier or later. */
  refer(step, { handles, promises, deferreds }) {
    const one = (list) => (list.length > 0 ? this.random.pick(list).id : undefined)
    if (['clear', 'refresh', 'ref', 'unref'].includes(step.do)) {
      const target = handles.length > 0 ? this.random.pick(handles) : {}
      const isTimer = target.do !== 'immediate'
      step.of = step.do === 'refresh' && !isTimer ? undefined : target.id
      if (step.do === 'clear')
        step.as = isTimer ? this.random.pick(['clearTimeout', 'clearInterval']) : 'clearImmediate'
    }
    if (step.do === 'react' || step.do === 'await') step.of = this.random.chance(0.6) ? one(promises) : undefined
    if (step.do === 'return') step.of = one(promises)
    if (step.do === 'settle') {
      step.of = one(deferreds)
      step.to = this.random.chance(0.3) ? one(promises) : undefined
      if (step.to === step.of) step.to = undefined
    }
    if (step.do === 'all' || step.do === 'race') step.of = [one(promises), one(promises)]
  }
}

function findTargets(program) {
  const all = [...stepsOf(program)]
  return {
    handles: all.filter((step) => HANDLES.has(step.do)),
    promises: all.filter((step) => PROMISES.has(step.do)),
    deferreds: all.filter((step) => step.do === 'deferred'),
  }
}

/** The program of a seed: the first of its random ones whose order is fixed. `owns`: our promises are among them. */
function generate(seed, owns = false) {
  const random = new Random(seed)
  for (;;) {
    const program = new Generator(random, owns).program()
    const expected = predictIfFixed(program)
    if (expected && expected.filter(([label]) => label !== '').length >= FEWEST_ENTRIES) return program
  }
}

module.exports = { generate }
