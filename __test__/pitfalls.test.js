'use strict'
// What event loops are known to get wrong, each by its name: by the module's functions, by a loop object, and by one in
// deadline order.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { once } = require('node:events')
const { createServer } = require('node:net')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')
const ours = require('..')
const { makeFds } = require('./watch/fifos')
const { EventLoop } = ours

const root = join(__dirname, '..')
const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }
const PATIENCE = { timeout: 60_000 }
const nothing = () => {}

const LOOPS = {
  'the module': () => ours,
  'a loop object': () => new EventLoop(),
  'a loop object in deadline order': () => new EventLoop({ order: 'deadline' }),
}

/** Runs a script in which `loop` is one of these. What it prints. */
function run(name, script) {
  const loop = {
    'the module': 'ours',
    'a loop object': 'new ours.EventLoop()',
    'a loop object in deadline order': "new ours.EventLoop({ order: 'deadline' })",
  }[name]
  const source = `const ours = require(${JSON.stringify(root)}); const loop = ${loop}; ${script}`
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', source], (error, stdout, stderr) =>
      error || stderr ? reject(error ?? new Error(stderr)) : resolve(stdout),
    )
  })
}

test('a timer far ahead fires on a loop that has nothing else', { ...PATIENCE, concurrency: true }, async (t) => {
  const fires = async (name) => {
    const script = `
      const start = performance.now()
      loop.setTimeout(() => console.log(performance.now() - start >= 1500), 1500)`
    assert.strictEqual(await run(name, script), 'true\n')
  }
  await Promise.all(Object.keys(LOOPS).map((name) => t.test(name, () => fires(name))))
})

for (const [name, make] of Object.entries(LOOPS)) {
  test(`${name}: a timer that is set after the loop was idle or busy takes its time`, PATIENCE, async () => {
    const loop = make()
    const takes = (ms) => {
      const start = process.hrtime.bigint()
      return new Promise((resolve) => loop.setTimeout(() => resolve(Number(process.hrtime.bigint() - start) / 1e6), ms))
    }
    await takes(1)
    // Idle, as far as this thread is concerned: what comes next comes from another one.
    const worker = new Worker("setTimeout(() => require('node:worker_threads').parentPort.postMessage(''), 50)", {
      eval: true,
    })
    await once(worker, 'message')
    assert.ok((await takes(30)) >= 30)
    const end = performance.now() + 50
    while (performance.now() < end);
    assert.ok((await takes(30)) >= 30)
    await worker.terminate()
  })

  test(`${name}: clearing inside a callback while file descriptors are watched`, UNIX, async (t) => {
    const [fd] = makeFds(t, 1)
    const watching = new EventLoop()
    const watcher = watching.watch(fd, { readable: true }, nothing)
    const server = createServer().listen(0)
    await once(server, 'listening')
    const loop = make()
    await new Promise((resolve) => {
      // Set first, so that it is due first.
      const interval = loop.setInterval(() => {
        for (const timer of others) loop.clearTimeout(timer)
        watcher.close()
        loop.clearInterval(interval)
        loop.setImmediate(resolve)
      }, 1)
      const others = [
        loop.setTimeout(assert.fail, 2),
        loop.setInterval(assert.fail, 2),
        loop.setTimeout(assert.fail, 1e6),
      ]
      const immediate = loop.setImmediate(assert.fail)
      loop.clearImmediate(immediate)
      const end = performance.now() + 3
      while (performance.now() < end);
    })
    server.close()
  })

  test(`${name}: no two handles have the same number`, () => {
    const loop = make()
    const handles = Array.from({ length: 300 }, () => [
      loop.setTimeout(nothing, 1e6),
      loop.setInterval(nothing, 1e6),
      loop.setImmediate(nothing),
    ]).flat()
    assert.strictEqual(new Set(handles.map(Number)).size, handles.length)
    const [timeout, interval, immediate, another] = handles
    loop.clearInterval(+immediate)
    loop.clearImmediate(+timeout)
    loop.clearImmediate(+interval)
    assert.deepStrictEqual([immediate.hasRef(), timeout._destroyed, interval._destroyed], [true, false, false])
    loop.clearTimeout(+timeout)
    assert.deepStrictEqual([timeout._destroyed, interval._destroyed, another._destroyed], [true, false, false])
    for (const handle of handles) handle.close()
  })

  test(`${name}: no timer comes before a microtask that waits, however many there are`, PATIENCE, async () => {
    const loop = make()
    const trace = []
    await new Promise((resolve) => {
      loop.setImmediate(() => {
        loop.setTimeout(() => {
          trace.push('timer')
          resolve()
        }, 1)
        for (let i = 0; i < 5000; i++) loop.queueMicrotask(() => trace.push(i))
        const end = performance.now() + 3
        while (performance.now() < end);
      })
    })
    assert.deepStrictEqual(trace, [...Array(5000).keys(), 'timer'])
  })

  test(`${name}: of an immediate and a timer that a timer sets, the immediate is first`, PATIENCE, async () => {
    const loop = make()
    for (let round = 0; round < 20; round++) {
      const trace = await new Promise((resolve) => {
        loop.setTimeout(() => {
          const seen = []
          loop.setTimeout(() => {
            seen.push('timer')
            resolve(seen)
          }, 0)
          loop.setImmediate(() => seen.push('immediate'))
          const end = performance.now() + 2
          while (performance.now() < end);
        }, 1)
      })
      assert.deepStrictEqual(trace, ['immediate', 'timer'])
    }
  })

  test(`${name}: microtasks run between two timers that are due`, PATIENCE, async () => {
    const loop = make()
    const trace = []
    await new Promise((resolve) => {
      for (const which of ['first', 'second', 'third']) {
        loop.setTimeout(() => {
          trace.push(which)
          loop.queueMicrotask(() => trace.push(`microtask of the ${which}`))
          if (which === 'third') loop.setImmediate(resolve)
        }, 1)
      }
      const end = performance.now() + 3
      while (performance.now() < end);
    })
    const expected = ['first', 'second', 'third'].flatMap((which) => [which, `microtask of the ${which}`])
    assert.deepStrictEqual(trace, expected)
  })

  test(`${name}: 3,000 next ticks of a callback run, and nothing has to wake the loop for them`, PATIENCE, async () => {
    const script = `
      let count = 0
      loop.setTimeout(() => {
        for (let i = 0; i < 3000; i++) process.nextTick(() => count++)
      }, 1)
      process.on('exit', () => console.log(count))`
    assert.strictEqual(await run(name, script), '3000\n')
  })
}

test('ten tasks that were accepted run, if the shutdown comes before their turn', PATIENCE, async () => {
  const loop = new EventLoop()
  let ran = 0
  for (let i = 0; i < 10; i++) loop.submit(() => ran++)
  const { ran: counts, dropped } = await loop.shutdown()
  assert.deepStrictEqual([ran, counts.task, dropped.task], [10, 10, 0])
})
