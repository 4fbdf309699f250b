'use strict'
// What bounds a shutdown, who may call it again, and what may not draw it out. What runs in it is in loop-end.test.js.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { getEventListeners } = require('node:events')
const { join } = require('node:path')
const { EventLoop, defaultLoop, setImmediate } = require('..')
const { pending } = require('../lib/timeout')

const turn = () => new Promise((resolve) => setImmediate(resolve))
const never = () => assert.fail('it was ended')

/** A loop object that takes its time to shut down. */
function slowLoop() {
  const loop = new EventLoop()
  loop.setTimeout(never, 1_000_000)
  return loop
}

test('a signal that is aborted already: nothing runs any more, and the promise is rejected', async () => {
  for (const fill of [() => {}, (loop) => loop.setImmediate(never), (loop) => loop.submit(never)]) {
    const loop = new EventLoop()
    fill(loop)
    const over = loop.shutdown({ signal: AbortSignal.abort('why') })
    assert.strictEqual(loop.state, 'terminated')
    await assert.rejects(over, { name: 'AbortError', code: 'ABORT_ERR', cause: 'why' })
    await turn()
  }
})

test('a second call bounds a shutdown, too: by its timeout', async () => {
  const loop = slowLoop()
  const first = loop.shutdown({ timers: 'run', timeout: 1_000_000 })
  const second = loop.shutdown({ timeout: 5 })
  assert.strictEqual(first, second)
  const { timedOut, dropped } = await second
  assert.deepStrictEqual([timedOut, dropped.timeout], [true, 1])
})

test('a second call bounds a shutdown, too: by its signal', async () => {
  for (const early of [true, false]) {
    const loop = slowLoop()
    const first = loop.shutdown({ timers: 'run' })
    const controller = new AbortController()
    if (early) controller.abort()
    const second = loop.shutdown({ signal: controller.signal })
    if (!early) {
      assert.strictEqual(loop.state, 'terminating')
      controller.abort()
    }
    assert.strictEqual(first, second)
    assert.strictEqual(loop.state, 'terminated')
    await assert.rejects(second, { name: 'AbortError' })
  }
})

test('a shutdown that is over listens to no signal and has no timer', async () => {
  const loop = new EventLoop()
  loop.setImmediate(() => {})
  const { signal } = new AbortController()
  const bounds = { timeout: 1_000_000, signal }
  const timers = () => pending.filter((timer) => timer !== undefined).length
  const held = () => [getEventListeners(signal, 'abort').length, timers()]
  const listed = defaultLoop.handles().length
  const before = held()
  const over = loop.shutdown(bounds)
  loop.shutdown(bounds)
  assert.deepStrictEqual(held(), [before[0] + 2, before[1] + 2])
  assert.strictEqual(defaultLoop.handles().length, listed, 'what is the package’s own is not listed')
  await over
  assert.deepStrictEqual(held(), before)
  assert.strictEqual(loop.shutdown(bounds), over)
  assert.deepStrictEqual(held(), before)
})

test('refresh does not draw a shutdown out, by the callback of the timer or by others', async () => {
  for (const order of ['node', 'deadline']) {
    const loop = new EventLoop({ order })
    let calls = 0
    loop.setTimeout(function () {
      calls++
      this.refresh()
    }, 1)
    loop.setInterval(function () {
      calls++
      this.refresh()
    }, 1)
    const pending = loop.setTimeout(() => calls++, 20)
    const start = performance.now()
    const over = loop.shutdown({ timers: 'run', timeout: 60_000 })
    let isOver = false
    over.then(() => {
      isOver = true
    })
    while (!isOver && performance.now() - start < 30_000) {
      assert.strictEqual(pending.refresh(), pending)
      await turn()
    }
    const { ran, timedOut } = await over
    assert.deepStrictEqual([calls, ran.timeout, ran.interval, timedOut], [3, 2, 1, false], order)
  }
})

test('a shutdown runs what it has accepted also if nothing of it keeps the process alive', () => {
  const script = `
    const { EventLoop, ring } = require(${JSON.stringify(join(__dirname, '..'))})
    const loop = new EventLoop().unref()
    loop.setTimeout(() => console.log('never'), 1e6)
    loop.submit(() => {
      console.log('task')
      loop.setImmediate(() => console.log('immediate of the task'))
    })
    loop.setImmediate(() => console.log('immediate')).unref()
    ring(loop.doorbell(() => console.log('doorbell')).unref().id)
    loop.shutdown({ timers: 'run' }).then(() => console.log('never'))
    loop.unref()
    process.on('exit', () => console.log('exit'))`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 20_000 })
  const lines = stdout.trim().split('\n')
  const expected = ['doorbell', 'task', 'immediate', 'immediate of the task', 'exit']
  assert.deepStrictEqual([stderr, lines.toSorted(), lines.at(-1)], ['', expected.toSorted(), 'exit'])
})
