'use strict'
// Loop objects in deadline order: what comes first, what a late interval does, and that no timer is early. Times are
// only compared with times read before and after, so that a slow machine proves the same.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage } = require('node:async_hooks')
const { spawnSync } = require('node:child_process')
const ours = require('..')
const { EventLoop } = ours

const MILLI = 1e6
const now = () => Number(process.hrtime.bigint())
const deadlineLoop = (missed) => new EventLoop({ order: 'deadline', missed })
/** Resolves when everything in deadline order has run that is due a millisecond from now. */
const settled = () => new Promise((resolve) => deadlineLoop().setTimeout(resolve, 1))
const busy = (ms) => {
  const end = now() + ms * MILLI
  while (now() < end);
}

test('due timers run by deadline, where Node goes list by list', async () => {
  const program = (loop) =>
    new Promise((resolve) => {
      const trace = []
      loop.setTimeout(() => trace.push('100'), 100)
      loop.setTimeout(() => trace.push('130'), 130)
      busy(60)
      loop.setTimeout(() => trace.push('60 + 100'), 100)
      loop.setTimeout(() => resolve(trace), 200)
      busy(220)
    })
  assert.deepStrictEqual(await program({ setTimeout }), ['100', '60 + 100', '130'])
  assert.deepStrictEqual(await program(new EventLoop()), ['100', '60 + 100', '130'])
  assert.deepStrictEqual(await program(deadlineLoop()), ['100', '130', '60 + 100'])
})

test('beside timers in Node’s order each comes by its deadline, and theirs stays as it is', async () => {
  const once = (loop, between) =>
    new Promise((resolve) => {
      const trace = []
      const start = performance.now()
      loop.setTimeout(() => trace.push('100'), 100)
      loop.setTimeout(() => trace.push('200'), 200)
      between.setTimeout(() => trace.push('between 130.5'), 130.5)
      between.setTimeout(() => trace.push('between 240.5'), 240.5)
      busy(60)
      loop.setTimeout(() => trace.push('60 + 100'), 100)
      loop.setTimeout(() => trace.push('60 + 200'), 200)
      const held = performance.now() - start - 60
      loop.setTimeout(() => resolve({ trace, held }), 300)
      busy(320)
    })
  // On a machine that holds the program up by more than the timers are apart, the order is another one.
  const program = async (loop, between) => {
    for (;;) {
      const { trace, held } = await once(loop, between)
      if (held < 15) return trace
    }
  }
  const node = await program({ setTimeout }, { setTimeout() {} })
  assert.deepStrictEqual(node, ['100', '60 + 100', '200', '60 + 200'])
  for (const loop of [ours, new EventLoop()]) {
    assert.deepStrictEqual(await program(loop, deadlineLoop()), [
      '100',
      'between 130.5',
      '60 + 100',
      '200',
      'between 240.5',
      '60 + 200',
    ])
  }
})

test('timers of one delay: drains, clears, refreshes and throws as in Node', async () => {
  const program = (loop) =>
    new Promise((resolve) => {
      const trace = []
      const listeners = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException')
      process.on('uncaughtException', (error) => trace.push(`caught ${error.message}`))
      const note = (text) => {
        trace.push(text)
        process.nextTick(() => trace.push(`tick of ${text}`))
        Promise.resolve().then(() => trace.push(`microtask of ${text}`))
      }
      loop.setTimeout(() => {
        note('first')
        loop.clearTimeout(cleared)
        refreshed.refresh()
        process.nextTick(() => loop.clearTimeout(clearedInTick))
      }, 3)
      const clearedInTick = loop.setTimeout(() => note('never'), 3)
      loop.setTimeout(() => {
        note('throws')
        throw new Error('mine')
      }, 3)
      const cleared = loop.setTimeout(() => note('never'), 3)
      loop.setTimeout((...args) => note(`arguments ${args}`), 3, 1, 'two')
      const refreshed = loop.setTimeout(() => note('refreshed'), 3)
      const interval = loop.setInterval(() => {
        note('interval')
        loop.clearInterval(interval)
        loop.setTimeout(() => {
          process.removeAllListeners('uncaughtException')
          for (const listener of listeners) process.on('uncaughtException', listener)
          resolve(trace)
        }, 3)
      }, 3)
      busy(5)
    })
  const expected = await program({ setTimeout, setInterval, clearTimeout, clearInterval })
  assert.strictEqual(expected.length, 16)
  assert.deepStrictEqual(await program(deadlineLoop()), expected)
})

test('fractions of a millisecond count', async () => {
  const delays = [0.4, 0.2, 0.3, 0.05]
  const once = async () => {
    const loop = deadlineLoop()
    const trace = []
    const start = now()
    for (const delay of delays) loop.setTimeout(() => trace.push(delay), delay)
    const held = now() - start
    const last = new Promise((resolve) => loop.setTimeout(resolve, 0.6))
    busy(2)
    await last
    return { trace, held }
  }
  // If setting them takes longer than they are apart, the order is another one.
  let result
  do result = await once()
  while (result.held >= 0.1 * MILLI)
  assert.deepStrictEqual(
    result.trace,
    delays.toSorted((a, b) => a - b),
  )
})

test('what is no delay, or less than 0.05, is 0.05, with Node’s warnings', async () => {
  const warnings = []
  const listen = (warning) => warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', listen)
  const loop = deadlineLoop()
  const given = [0.2, '0.2', 1.75, 0.01, 0, -1, undefined, null, Number.NaN, 'text'].map((delay) => {
    const timer = loop.setTimeout(() => {}, delay)
    return [timer._idleTimeout, loop.handles().at(-1).delay]
  })
  assert.deepStrictEqual(
    given.map(([delay]) => delay),
    [0.2, 0.2, 1.75, ...Array(7).fill(0.05)],
  )
  for (const [delay, listed] of given) assert.strictEqual(delay, listed)
  await settled()
  process.off('warning', listen)
  const warns = Number.parseInt(process.versions.node, 10) >= 24
  assert.deepStrictEqual(
    warnings,
    warns
      ? [
          'TimeoutNegativeWarning: -1 is a negative number.\nTimeout duration was set to 0.05.',
          'TimeoutNaNWarning: NaN is not a number.\nTimeout duration was set to 0.05.',
        ]
      : [],
  )
})

test('no timeout is a nanosecond early', async () => {
  const loop = deadlineLoop()
  for (let round = 0; round < 20; round++) {
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const delay = 0.05 + ((round * 50 + i) % 97) * 0.0137
        const start = process.hrtime.bigint()
        return new Promise((resolve, reject) => {
          loop.setTimeout(() => {
            const took = process.hrtime.bigint() - start
            if (took >= BigInt(Math.round(delay * MILLI))) resolve()
            else reject(new Error(`${delay} ms took ${took} ns`))
          }, delay)
        })
      }),
    )
  }
})

/**
 * Runs an interval that is kept busy now and then, until `step`, called with how many periods it has told of, says so.
 * Checks that this is at each call exactly how many have gone by.
 */
function countPeriods(missed, period, load) {
  const loop = deadlineLoop(missed)
  return new Promise((resolve, reject) => {
    const calls = []
    let told = 0
    const before = now()
    const interval = loop.setInterval(function () {
      // Burst: what it has missed will be told by a call each. Otherwise never again.
      told += missed === 'burst' ? 1 : 1 + this.missed
      const periods = missed === 'burst' ? told + this.missed : told
      calls.push({ told, missed: this.missed })
      const earliest = (quiet - set) / (period * MILLI)
      const latest = (now() - before) / (period * MILLI)
      if (periods > latest || periods <= earliest - 1 || this !== interval) {
        loop.close()
        reject(new Error(`call ${calls.length}: ${periods} periods told, ${earliest} to ${latest} gone by`))
      } else if (calls.length === load.length) {
        loop.close()
        resolve(calls)
      }
      busy(load[calls.length - 1] ?? 0)
      quiet = now()
    }, period)
    const set = now()
    let quiet = set
  })
}

test('an interval does not drift, and tells what it has missed', async () => {
  const load = Array.from({ length: 60 }, (_, i) => (i % 20 === 4 ? 5 : 0))
  for (const period of [0.2, 1]) {
    const burst = await countPeriods('burst', period, load)
    assert.ok(burst[5].missed >= 5 / period - 1)
    const skip = await countPeriods('skip', period, load)
    assert.ok(skip[5].missed >= 5 / period - 1)
    assert.ok(skip.at(-1).told > 60 + 2 * (5 / period - 1))
  }
})

test('delay: after a missed deadline the period counts from the call', async () => {
  const loop = deadlineLoop('delay')
  const calls = []
  await new Promise((resolve) => {
    loop.setInterval(function () {
      const at = now()
      calls.push({ at, missed: this.missed, idle })
      if (calls.length === 12) resolve(loop.close())
      busy(calls.length % 4 === 1 ? 7 : 0)
      idle = now()
    }, 2)
    let idle = now()
  })
  const late = calls.slice(0, -1).filter(({ missed }) => missed > 0)
  assert.ok(late.length >= 3)
  for (const call of late) {
    // It was called some time after `idle`, and the next one a period after that at least.
    const next = calls[calls.indexOf(call) + 1]
    assert.ok(next.at >= call.idle + 2 * MILLI, JSON.stringify(calls))
  }
})

test('an interval may be refreshed, cleared or changed by its own callback', async () => {
  const loop = deadlineLoop()
  const fired = await new Promise((resolve) => {
    const seen = []
    let refreshedAt = 0
    loop.setInterval(function () {
      seen.push(this.missed)
      if (seen.length === 1) {
        busy(5)
        refreshedAt = now()
        this.refresh()
      } else {
        resolve({ seen, passed: now() - refreshedAt, period: this._idleTimeout })
        loop.clearInterval(this)
      }
    }, 1)
  })
  // A new grid began: what was missed before is nobody's any more.
  assert.ok(fired.passed >= MILLI)
  assert.ok(fired.seen[1] * MILLI <= fired.passed - MILLI)
  assert.strictEqual(loop.handles().length, 0)
  const periods = await new Promise((resolve) => {
    const seen = []
    loop.setInterval(function () {
      seen.push(this._idleTimeout)
      this._repeat = 0.5
      if (seen.length === 3) resolve(seen, this.close())
    }, 2)
  })
  assert.deepStrictEqual(periods, [2, 0.5, 0.5])
  // Nothing of a burst runs after its end, however it is ended.
  for (const end of [(timer) => timer.close(), () => loop.close()]) {
    let calls = 0
    loop.state === 'terminated' ||
      loop.setInterval(function () {
        calls++
        if (calls === 1) busy(3)
        if (calls === 2) process.nextTick(end, this)
      }, 0.1)
    await settled()
    assert.strictEqual(calls, 2)
  }
  assert.strictEqual(loop.state, 'terminated')
})

test('handles end by every function that ends timers, and begin anew by refresh', async () => {
  const loop = deadlineLoop()
  const never = () => assert.fail('it was ended')
  const ends = [
    (timer) => loop.clearTimeout(timer),
    (timer) => ours.clearTimeout(timer),
    (timer) => ours.clearTimeout(+timer),
    (timer) => ours.clearInterval(`${timer}`),
    (timer) => clearTimeout(timer),
    (timer) => timer.close(),
    (timer) => timer[Symbol.dispose ?? Symbol.for('nodejs.dispose')](),
  ]
  for (const end of ends) {
    for (const set of ['setTimeout', 'setInterval']) end(loop[set](never, 0.1))
  }
  assert.strictEqual(loop.handles().length, 0)
  await settled()
  let calls = 0
  const timer = loop.setTimeout(() => calls++, 0.1)
  assert.ok(timer instanceof ours.Timeout)
  await settled()
  assert.deepStrictEqual([calls, timer._destroyed, loop.handles().length], [1, true, 0])
  timer.refresh()
  assert.strictEqual(loop.handles().length, 1)
  await settled()
  assert.strictEqual(calls, 2)
  loop.close()
  timer.refresh()
  assert.throws(() => loop.setTimeout(() => {}, 0.1), { code: 'ERR_LOOP_CLOSED' })
  await settled()
  assert.strictEqual(calls, 2)
})

test('the other options and ends of a loop hold', async () => {
  const storage = new AsyncLocalStorage()
  const store = (asyncContext) =>
    new Promise((resolve) => {
      const loop = new EventLoop({ order: 'deadline', asyncContext })
      storage.run('store', () => loop.setTimeout(() => resolve(storage.getStore()), 0.1))
    })
  assert.deepStrictEqual([await store(true), await store(false)], ['store', undefined])

  const clamped = new EventLoop({ order: 'deadline', nestedClamp: true })
  const delays = await new Promise((resolve) => {
    const seen = []
    const nest = () => {
      if (seen.length === 7) return resolve(seen)
      seen.push(clamped.setTimeout(nest, 0.1)._idleTimeout)
    }
    nest()
  })
  assert.deepStrictEqual(delays, [0.1, 0.1, 0.1, 0.1, 0.1, 4, 4])

  const errors = []
  const careful = new EventLoop({ order: 'deadline', onError: (error, handle) => errors.push(error, handle) })
  const thrower = careful.setTimeout(() => {
    throw 'mine'
  }, 0.1)
  await settled()
  assert.deepStrictEqual(errors, ['mine', thrower])

  const ending = deadlineLoop()
  const ran = []
  // The one that is due first is set first, so that it stays so however long this takes.
  ending.setTimeout(() => ran.push('timeout'), 0.1)
  ending.setInterval(() => ran.push('interval'), 0.2)
  const report = await ending.shutdown({ timers: 'run' })
  assert.deepStrictEqual(ran, ['timeout', 'interval'])
  assert.deepStrictEqual([report.ran.timeout, report.ran.interval], [1, 1])
})

test('an interval that never catches up lets everybody else have a turn', async () => {
  const loop = deadlineLoop('burst')
  let calls = 0
  loop.setInterval(() => {
    calls++
    busy(0.15)
  }, 0.05)
  for (let hop = 0; hop < 8; hop++) {
    const before = calls
    await new Promise((resolve) => setImmediate(resolve))
    assert.ok(calls - before <= 64, `${calls - before} calls`)
  }
  loop.close()
})

test('ref’d ones keep the process alive, others do not', () => {
  const program = (set) => `
    const { EventLoop } = require(${JSON.stringify(require.resolve('..'))})
    const loop = new EventLoop({ order: 'deadline' })
    ${set}
    process.on('exit', () => console.log('exit'))`
  const run = (set) => spawnSync(process.execPath, ['-e', program(set)], { encoding: 'utf8', timeout: 20_000 }).stdout
  assert.strictEqual(run("loop.setTimeout(() => console.log('timeout'), 30.5)"), 'timeout\nexit\n')
  assert.strictEqual(run('loop.setTimeout(() => {}, 1e6).unref()'), 'exit\n')
  assert.strictEqual(run('loop.unref().setInterval(() => {}, 0.1)'), 'exit\n')
  const twice =
    'let calls = 0; const i = loop.setInterval(() => { if (++calls === 2) console.log(2, i.unref().hasRef()) }, 0.1)'
  assert.strictEqual(run(twice), '2 false\nexit\n')
})
