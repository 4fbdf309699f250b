'use strict'
// How many microtasks after its cause a promise of `rs-eventloop/promises` settles: as many as Node's, so that a program
// which mixes them with native promises keeps its order.

const { test } = require('node:test')
const assert = require('node:assert')
const ours = require('../promises')
const node = require('node:timers/promises')

const FAR = 1_000_000
const TOO_MANY = 100

/** A value that calls `onResolve` when a promise is resolved with it: at that moment `then` is looked up. */
function toldWhenResolved(onResolve) {
  return Object.defineProperty({}, 'then', { get: () => onResolve() })
}

/** A chain of native jobs that counts itself until `promise` has settled. */
function hopsUntilSettled(promise) {
  return new Promise((resolve, reject) => {
    let hops = 0
    let outcome
    promise.then(
      () => (outcome = 'fulfilled'),
      (error) => (outcome = error.name),
    )
    const step = () => {
      if (outcome !== undefined) resolve({ hops, outcome })
      else if (++hops === TOO_MANY) reject(new Error(`not settled after ${hops} hops`))
      else Promise.resolve().then(step)
    }
    step()
  })
}

/** For what a timer or an immediate fulfils with `value`: counts from its resolution on. */
function fromResolution(start) {
  return (promises) =>
    new Promise((resolve) => {
      let counted = false
      const promise = start(
        promises,
        toldWhenResolved(() => {
          // A promise that adopts another's value may look again.
          if (!counted) resolve(hopsUntilSettled(promise))
          counted = true
        }),
      )
    })
}

const { signal: quiet } = new AbortController()

/** For what an abort rejects: counts from the abort on. */
function fromAbort(start) {
  return (promises) => {
    const controller = new AbortController()
    const promise = start(promises, controller.signal)
    controller.abort()
    return hopsUntilSettled(promise)
  }
}

async function running(promises) {
  const interval = promises.setInterval(1, 'tick')
  await interval.next()
  return interval
}

const CASES = {
  'setTimeout fires': fromResolution((promises, value) => promises.setTimeout(1, value)),
  'setTimeout with a signal fires': fromResolution((promises, value) =>
    promises.setTimeout(1, value, { signal: quiet }),
  ),
  'setImmediate fires': fromResolution((promises, value) => promises.setImmediate(value)),
  'setImmediate with a signal fires': fromResolution((promises, value) =>
    promises.setImmediate(value, { signal: quiet }),
  ),
  'setTimeout is aborted': fromAbort((promises, signal) => promises.setTimeout(FAR, 1, { signal })),
  'setImmediate is aborted': fromAbort((promises, signal) => promises.setImmediate(1, { signal })),
  'scheduler.wait is aborted': fromAbort((promises, signal) => promises.scheduler.wait(FAR, { signal })),
  'setInterval is aborted while it is waited for': fromAbort((promises, signal) =>
    promises.setInterval(FAR, 1, { signal }).next(),
  ),
  'setTimeout was aborted before': (promises) =>
    hopsUntilSettled(promises.setTimeout(1, 1, { signal: AbortSignal.abort() })),
  'setInterval was aborted before': (promises) =>
    hopsUntilSettled(promises.setInterval(1, 1, { signal: AbortSignal.abort() }).next()),
  'setTimeout is called wrongly': (promises) => hopsUntilSettled(promises.setTimeout('wrong')),
  'setInterval is called wrongly': (promises) => hopsUntilSettled(promises.setInterval('wrong').next()),
  'return before the first next': (promises) => hopsUntilSettled(promises.setInterval(1).return('left')),
  'return after a tick': async (promises) => hopsUntilSettled((await running(promises)).return('left')),
  'throw after a tick': async (promises) => hopsUntilSettled((await running(promises)).throw(new Error('mine'))),
}

for (const [name, count] of Object.entries(CASES)) {
  test(`${name}: as many microtasks as in Node`, async () => {
    const expected = await count(node)
    assert.deepStrictEqual(await count(ours), expected)
  })
}

test('continuations stand between those of native promises and other jobs as in Node', async () => {
  async function trace(promises) {
    const seen = []
    const say = (what) => () => seen.push(what)
    const later = () => {
      // Runs in the microtasks of the callback that settles the second promise.
      Promise.resolve().then(say('native 1')).then(say('native 2')).then(say('native 3'))
      queueMicrotask(say('microtask'))
      process.nextTick(say('tick'))
      return 'value'
    }
    const settled = [
      promises.setImmediate('first').then(later).then(say('immediate')),
      promises.setImmediate('second', { signal: quiet }).then(say('immediate with a signal')),
      promises.scheduler.yield().then(say('yield')),
    ]
    await Promise.all(settled)
    seen.push('all')
    return seen
  }
  const expected = await trace(node)
  assert.deepStrictEqual(await trace(ours), expected)
  assert.strictEqual(expected.at(-1), 'all')
})

test('two that are due together: the continuation of the first runs before the second fires', async () => {
  async function trace(promises) {
    const seen = []
    const first = promises.setTimeout(5, 'first').then(async (value) => {
      seen.push(value)
      await null
      seen.push('and after it')
    })
    const second = promises.setTimeout(5, 'second').then((value) => seen.push(value))
    const until = performance.now() + 10
    while (performance.now() < until);
    await Promise.all([first, second])
    return seen
  }
  const expected = await trace(node)
  assert.deepStrictEqual(expected, ['first', 'and after it', 'second'])
  assert.deepStrictEqual(await trace(ours), expected)
})
