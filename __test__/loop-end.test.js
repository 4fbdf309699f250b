'use strict'
// How loop objects end: close and shutdown from everywhere, what still runs, and what is left of them.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { stat } = require('node:fs/promises')
const { join } = require('node:path')
const ours = require('..')
const { EventLoop } = ours

const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }
const turn = () => new Promise((resolve) => setImmediate(resolve))
const never = () => assert.fail('it was ended')

/** Everything a loop can have, `count` of each. */
function fill(loop, callback, count = 1) {
  for (let i = 0; i < count; i++) {
    loop.setTimeout(callback, 1)
    loop.setInterval(callback, 1)
    loop.setImmediate(callback)
    loop.submit(callback)
    loop.queueMicrotask(callback)
  }
}

const SETTERS = ['setTimeout', 'setInterval', 'setImmediate', 'submit', 'queueMicrotask']

/** Everything that sets something throws this code. */
function refusesAll(loop, code) {
  for (const name of SETTERS) {
    assert.throws(() => loop[name](never, 1), { code, name: 'Error', message: /'gone'/ }, name)
  }
}

test('close ends everything, of this loop only, and once', async () => {
  const loop = new EventLoop({ name: 'gone' })
  const other = new EventLoop()
  fill(loop, never, 100)
  let ran = 0
  fill(other, () => ran++)
  assert.strictEqual(loop.close(), undefined)
  loop.close()
  assert.strictEqual(loop.state, 'terminated')
  assert.deepStrictEqual(loop.handles(), [])
  refusesAll(loop, 'ERR_LOOP_CLOSED')
  // What is ended was set first, so that it would have run before.
  while (ran < 5 || other.handles().length > 1) await turn()
  other.close()
})

test('shutdown runs what it has accepted, drops timers, and tells both', async () => {
  const loop = new EventLoop({ name: 'gone' })
  const ran = []
  const note = (name) => () => ran.push(name)
  loop.setTimeout(never, 1)
  loop.setInterval(never, 1)
  loop.setTimeout(never, 1_000_000)
  for (let i = 0; i < 3; i++) loop.setImmediate(note('immediate'))
  for (let i = 0; i < 4; i++) loop.submit(note('task'))
  loop.queueMicrotask(note('microtask'))
  const end = loop.shutdown()
  assert.strictEqual(loop.state, 'terminating')
  refusesAll(loop, 'ERR_LOOP_TERMINATED')
  const report = await end
  assert.deepStrictEqual([ran.length, loop.state], [8, 'terminated'])
  const kinds = { timeout: 0, interval: 0, immediate: 0, task: 0, microtask: 0, watcher: 0, doorbell: 0, delay: 0 }
  assert.deepStrictEqual(report, {
    ran: { ...kinds, immediate: 3, task: 4, microtask: 1 },
    dropped: { ...kinds, timeout: 2, interval: 1 },
    timedOut: false,
  })
  assert.strictEqual(loop.shutdown(), end)
})

test('shutdown with timers: run lets each run once, when it is due', async () => {
  const once = async () => {
    const loop = new EventLoop()
    const ran = []
    const start = performance.now()
    loop.setTimeout(() => ran.push('5'), 5)
    loop.setTimeout(() => ran.push('1'), 1)
    loop.setInterval(() => ran.push('interval'), 2)
    const held = performance.now() - start
    return { ran, held, report: await loop.shutdown({ timers: 'run' }) }
  }
  // If setting them takes as long as they are apart, they are due in another order.
  let result
  do result = await once()
  while (result.held >= 1)
  const { ran: counts, dropped } = result.report
  assert.deepStrictEqual(result.ran, ['1', 'interval', '5'])
  assert.deepStrictEqual([counts.timeout, counts.interval], [2, 1])
  assert.ok(Object.values(dropped).every((count) => count === 0))
})

test('while shutting down, its own callbacks may still set what runs soon', async () => {
  const loop = new EventLoop()
  const trace = []
  loop.setImmediate(() => {
    trace.push('immediate')
    loop.queueMicrotask(() => trace.push('microtask'))
    loop.submit(() => {
      trace.push('task')
      loop.setImmediate(() => trace.push('last'))
    })
    assert.throws(() => loop.setTimeout(never, 1), { code: 'ERR_LOOP_TERMINATED' })
  })
  const { ran } = await loop.shutdown()
  assert.deepStrictEqual(trace, ['immediate', 'microtask', 'task', 'last'])
  assert.deepStrictEqual([ran.immediate, ran.microtask, ran.task], [2, 1, 1])
})

test('the timeout of a shutdown drops the rest', async () => {
  await stat(__filename) // after a callback of the poll phase an immediate comes before any timer, however late it is
  const loop = new EventLoop()
  loop.setTimeout(never, 1_000_000)
  const next = () => loop.setImmediate(next)
  next()
  const { ran, dropped, timedOut } = await loop.shutdown({ timers: 'run', timeout: 5 })
  assert.deepStrictEqual([timedOut, dropped.timeout, dropped.immediate], [true, 1, 1])
  assert.ok(ran.immediate > 0)
  assert.strictEqual(loop.state, 'terminated')
})

test('an aborted shutdown drops the rest and is rejected', async () => {
  for (const early of [true, false]) {
    const controller = new AbortController()
    const reason = new Error('why')
    if (early) controller.abort(reason)
    const loop = new EventLoop()
    loop.setTimeout(never, 1_000_000)
    const end = loop.shutdown({ timers: 'run', signal: controller.signal })
    if (!early) controller.abort(reason)
    await assert.rejects(end, { name: 'AbortError', code: 'ABORT_ERR', cause: reason })
    assert.strictEqual(loop.state, 'terminated')
  }
})

test('two calls of shutdown are one, and close ends it', async () => {
  const loop = new EventLoop()
  loop.setTimeout(never, 1_000_000)
  const end = loop.shutdown({ timers: 'run' })
  assert.strictEqual(loop.shutdown(), end)
  loop.close()
  assert.strictEqual((await end).dropped.timeout, 1)
  const unused = new EventLoop()
  await unused.shutdown()
  assert.strictEqual(unused.state, 'terminated')
})

test('a callback that throws ends a shutdown as any other', async () => {
  const errors = []
  const loop = new EventLoop({ onError: (error) => errors.push(error.message) })
  loop.setImmediate(() => {
    throw new Error('last words')
  })
  assert.strictEqual((await loop.shutdown()).ran.immediate, 1)
  assert.deepStrictEqual(errors, ['last words'])
})

test('disposal closes, asynchronous disposal shuts down', async () => {
  const loop = new EventLoop()
  loop.setTimeout(never, 1)
  loop[Symbol.dispose]()
  assert.strictEqual(loop.state, 'terminated')
  const other = new EventLoop()
  let ran = 0
  other.setImmediate(() => ran++)
  await other[Symbol.asyncDispose]()
  assert.deepStrictEqual([ran, other.state], [1, 'terminated'])
})

const child = (source) =>
  spawnSync(
    process.execPath,
    ['--expose-gc', '-e', source.replaceAll('PACKAGE', JSON.stringify(join(__dirname, '..')))],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  )

test('tasks keep the process alive; a closed or unref-ed loop lets it go', () => {
  const { stdout, stderr, status } = child(`
    const { EventLoop } = require(PACKAGE)
    const closed = new EventLoop(); closed.setInterval(() => {}, 1000); closed.submit(() => {}); closed.close()
    const free = new EventLoop(); free.setInterval(() => {}, 1000); free.unref()
    free.submit(() => console.log('never'))
    setTimeout(() => {
      new EventLoop().submit(() => new EventLoop().submit(() => console.log('second task')))
    }, 5)
    process.on('exit', () => console.log('exit'))
  `)
  assert.deepStrictEqual([stderr, status], ['', 0])
  assert.match(stdout, /^(never\n)?second task\nexit\n$/)
})

test('a loop nobody refers to, with nothing to do, is collected; one with a timer is not', () => {
  const { stdout, stderr } = child(`
    const { EventLoop, ring } = require(PACKAGE)
    const seen = []
    const registry = new FinalizationRegistry((name) => seen.push(name))
    const { signal } = new AbortController()
    ;(() => {
      const used = new EventLoop({ metrics: true, origins: true, nestedClamp: true, microtaskBudget: 1, onError() {} })
      registry.register(used, 'used')
      used.setImmediate(() => { throw new Error('taken') })
      used.submit(async () => {}); used.queueMicrotask(() => {}); used.queueMicrotask(() => {})
      used.delay(1, 1, { signal }).then(() => {}); used.Promise.resolve(1).then(() => {}); used.handles(); used.metrics()
      ring(used.doorbell(function () { this.close() }).id)
      const over = new EventLoop(); registry.register(over, 'over')
      over.setImmediate(() => {}); over.setTimeout(() => {}, 1)
      over.shutdown({ timers: 'run', timeout: 100_000, signal })
      const idle = new EventLoop(); registry.register(idle, 'idle'); idle.setTimeout(() => {}, 1)
      const waiting = new EventLoop(); registry.register(waiting, 'waiting'); waiting.setTimeout(() => {}, 100_000).unref()
      const closed = new EventLoop(); registry.register(closed, 'closed')
      closed.setTimeout(() => {}, 100_000); closed.setImmediate(() => {}); closed.submit(() => {}); closed.close()
    })()
    setTimeout(async () => {
      for (let i = 0; i < 20 && seen.length < 4; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)) }
      console.log(seen.sort().join())
    }, 20)
  `)
  assert.deepStrictEqual([stderr, stdout], ['', 'closed,idle,over,used\n'])
})

test('a component with 1,000 handles of all kinds, closed in one call, leaves nothing behind', UNIX, () => {
  const program = join(__dirname, 'component', 'main.js')
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', program], { encoding: 'utf8' })
  assert.strictEqual(stderr, '')
  const { handles, ranAfterwards, left, ofOthers } = JSON.parse(stdout)
  // Microtasks are not listed.
  assert.strictEqual(handles + 125, 1000)
  assert.deepStrictEqual(ranAfterwards, {})
  // Of 200 times. A single kind that stayed, in 60 bytes each, would be more.
  assert.ok(left < 1_000_000, `${left} bytes`)
  const { interval, watcher, ...once } = ofOthers
  assert.deepStrictEqual(once, { timeout: 10, immediate: 10, task: 10, microtask: 10, doorbell: 10, delay: 10 })
  assert.ok(interval >= 10 && watcher >= 10)
})

test('a new loop costs at most 2 KB', () => {
  const { stdout, stderr } = child(`
    const { EventLoop } = require(PACKAGE)
    const loops = Array.from({ length: 11000 })
    for (let i = 0; i < 1000; i++) loops[i] = new EventLoop()
    gc(); const before = process.memoryUsage().heapUsed
    for (let i = 1000; i < 11000; i++) loops[i] = new EventLoop()
    gc(); console.log((process.memoryUsage().heapUsed - before) / 10000)
  `)
  assert.strictEqual(stderr, '')
  assert.ok(Number(stdout) > 0 && Number(stdout) <= 2048, stdout)
})

test('a new loop costs at most 20 µs', () => {
  const micros = () => {
    const start = process.hrtime.bigint()
    for (let i = 0; i < 1000; i++) new EventLoop()
    return Number(process.hrtime.bigint() - start) / 1e6
  }
  // The best of some, because other programs take their time, too.
  const best = Math.min(...Array.from({ length: 20 }, micros))
  assert.ok(best <= 20, `${best} µs`)
})
