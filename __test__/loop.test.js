'use strict'
// Loop objects: the functions and what is alive. How callbacks are called is in loop-policies.test.js, how loops end in
// loop-end.test.js.

const { test } = require('node:test')
const assert = require('node:assert')
const fs = require('node:fs')
const { inspect } = require('node:util')
const ours = require('..')
const { EventLoop } = ours

const turn = () => new Promise((resolve) => setImmediate(resolve))
const after = (ms) => new Promise((resolve) => ours.setTimeout(resolve, ms))
const busy = (ms) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('its functions are those of the module, in one order with everybody', async () => {
  const program = (first, second) =>
    new Promise((resolve) => {
      const trace = []
      fs.stat('.', () => {
        first.setTimeout(() => trace.push('timeout 1'), 1)
        second.setTimeout(() => trace.push('timeout 2'), 1)
        first.setTimeout((...args) => trace.push('timeout 3', ...args), 1, 'a', 'b')
        second.setImmediate(() => {
          trace.push('immediate 1')
          first.queueMicrotask(() => trace.push('micro of immediate 1'))
          process.nextTick(() => trace.push('tick of immediate 1'))
        })
        first.setImmediate((arg) => trace.push('immediate 2', arg), 'x')
        first.queueMicrotask(() => trace.push('micro 1'))
        second.queueMicrotask(() => trace.push('micro 2'))
        Promise.resolve().then(() => trace.push('native'))
        first.queueMicrotask(() => trace.push('micro 3'))
        let calls = 0
        const interval = second.setInterval(() => {
          trace.push(`interval ${++calls}`)
          if (calls < 3) return
          second.clearInterval(interval)
          resolve(trace)
        }, 2)
        busy(4)
      })
    })
  const node = { setTimeout, setInterval, setImmediate, queueMicrotask, clearInterval }
  const expected = await program(node, node)
  assert.strictEqual(expected.length, 17)
  assert.deepStrictEqual(await program(new EventLoop(), new EventLoop()), expected)
  assert.deepStrictEqual(await program(new EventLoop(), ours), expected)
})

test('a task runs in the poll phase, before the immediates, each with its drain', async () => {
  const loop = new EventLoop()
  const trace = []
  await new Promise((resolve) => {
    setImmediate(() => {
      loop.setImmediate(() => {
        trace.push('immediate')
        resolve()
      })
      for (const name of ['task 1', 'task 2']) {
        loop.submit(function (arg) {
          assert.strictEqual(this.hasRef(), false)
          trace.push(arg)
          process.nextTick(() => trace.push(`tick of ${arg}`))
          Promise.resolve().then(() => trace.push(`micro of ${arg}`))
          loop.submit(() => trace.push(`task of ${arg}`))
        }, name)
      }
    })
  })
  assert.deepStrictEqual(trace, [
    ...['task 1', 'tick of task 1', 'micro of task 1'],
    ...['task 2', 'tick of task 2', 'micro of task 2'],
    'immediate',
  ])
  await new Promise((resolve) => loop.submit(resolve))
  assert.deepStrictEqual(trace.slice(7), ['task of task 1', 'task of task 2'])
})

test('a task can be ended before it runs, also by another one', async () => {
  const loop = new EventLoop()
  const never = loop.submit(() => assert.fail('closed'))
  assert.ok(never.hasRef())
  assert.strictEqual(never.close(), never)
  assert.ok(!never.hasRef())
  loop.submit(() => sibling.close())
  const sibling = loop.submit(() => assert.fail('closed'))
  await new Promise((resolve) => loop.submit(resolve))
})

test('what is no function is refused in the words of the module', () => {
  const loop = new EventLoop()
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'submit']) {
    const theirs = name === 'submit' ? 'setImmediate' : name
    let expected
    try {
      ours[theirs]('code')
    } catch (error) {
      expected = error
    }
    assert.throws(() => loop[name]('code'), { name: 'TypeError', code: expected.code, message: expected.message })
  }
  assert.deepStrictEqual(loop.handles(), [])
})

test('options are checked', () => {
  const refused = [
    ...[null, 5, 'name', []].map((options) => [options, 'ERR_INVALID_ARG_TYPE']),
    ...['name', 'origins', 'asyncContext', 'nestedClamp', 'microtaskBudget', 'onError'].map((key) => [
      { [key]: Symbol('no') },
      'ERR_INVALID_ARG_TYPE',
    ]),
    [{ microtasks: 'all' }, 'ERR_INVALID_ARG_VALUE'],
    ...[0, -1, 1.5, Number.NaN].map((microtaskBudget) => [{ microtaskBudget }, 'ERR_OUT_OF_RANGE']),
  ]
  for (const [options, code] of refused) assert.throws(() => new EventLoop(options), { code }, inspect(options))
  assert.throws(() => EventLoop(), TypeError)
  const loop = new EventLoop()
  for (const [options, code] of [
    [null, 'ERR_INVALID_ARG_TYPE'],
    [{ timers: 'keep' }, 'ERR_INVALID_ARG_VALUE'],
    [{ timeout: '5' }, 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
  ]) {
    assert.throws(() => loop.shutdown(options), { code }, inspect(options))
  }
  assert.strictEqual(loop.state, 'sleeping')
})

test('handles() lists what is alive, in the order of setting', async () => {
  const loop = new EventLoop({ origins: true })
  assert.deepStrictEqual(loop.handles(), [])
  const timeout = loop.setTimeout(() => {}, 50_000).unref()
  const interval = loop.setInterval(() => {}, 60_000)
  const immediate = loop.setImmediate(() => {})
  const task = loop.submit(() => {})
  const list = loop.handles()
  assert.deepStrictEqual(
    list.map(({ kind, delay, ref, handle }) => [kind, delay, ref, handle]),
    [
      ['timeout', 50_000, false, timeout],
      ['interval', 60_000, true, interval],
      ['immediate', undefined, true, immediate],
      ['task', undefined, true, task],
    ],
  )
  for (const { age, origin, id, handle } of list) {
    assert.ok(age >= 0 && age < 5_000)
    assert.match(origin.split('\n')[0], /loop\.test\.js/)
    assert.strictEqual(id, handle.asyncId())
  }
  await turn()
  await turn()
  assert.deepStrictEqual(
    loop.handles().map(({ kind }) => kind),
    ['timeout', 'interval'],
  )
  loop.close()
  const plain = new EventLoop()
  plain.setTimeout(() => {}, 1)
  assert.strictEqual(plain.handles()[0].origin, undefined)
  plain.close()
})

test('origins are told as far as the program has text of stacks', () => {
  const loop = new EventLoop({ origins: true })
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    for (const [change, expected] of [
      [{ prepareStackTrace: (_, frames) => frames }, undefined],
      [{ stackTraceLimit: 0 }, ''],
    ]) {
      Object.assign(Error, change)
      const handle = loop.setTimeout(() => {}, 10_000)
      assert.strictEqual(loop.handles()[0].origin, expected)
      handle.close()
      Object.assign(Error, { prepareStackTrace, stackTraceLimit })
    }
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit })
  }
})

test('a handle that was revived is listed again, one that fired is not', async () => {
  const loop = new EventLoop()
  let fired = 0
  const timeout = loop.setTimeout(() => fired++, 1)
  await after(5)
  assert.deepStrictEqual([fired, loop.handles().length], [1, 0])
  timeout.refresh()
  assert.strictEqual(loop.handles()[0].handle, timeout)
  await after(5)
  assert.deepStrictEqual([fired, loop.handles().length], [2, 0])
  loop.close()
  timeout.refresh()
  await after(5)
  assert.strictEqual(fired, 2, 'a closed loop revives nothing')
})

test('the state tells what goes on', async () => {
  const loop = new EventLoop({ name: 'importer' })
  const seen = [loop.state]
  await new Promise((resolve) => {
    loop.setTimeout(() => {
      seen.push(loop.state)
      resolve()
    }, 1)
    seen.push(loop.state)
  })
  loop.queueMicrotask(() => {})
  seen.push(loop.state)
  await undefined
  await undefined
  seen.push(loop.state)
  loop.setImmediate(() => {})
  seen.push(loop.state)
  const end = loop.shutdown()
  seen.push(loop.state)
  await end
  seen.push(loop.state)
  assert.deepStrictEqual(seen, [
    ...['sleeping', 'sleeping', 'running', 'awake', 'sleeping', 'awake', 'terminating', 'terminated'],
  ])
  assert.strictEqual(loop.name, 'importer')
  assert.match(inspect(loop), /^EventLoop \{ name: 'importer', state: 'terminated', handles: 0, ref: true \}$/)
})

test('unref of the whole loop, and of one handle in it', () => {
  const loop = new EventLoop()
  const one = loop.setTimeout(() => {}, 10_000)
  const other = loop.setImmediate(() => {}).unref()
  assert.ok(loop.hasRef())
  assert.strictEqual(loop.unref(), loop)
  const task = loop.submit(() => {})
  assert.deepStrictEqual(
    [one, other, task].map((handle) => handle.hasRef()),
    [false, false, false],
  )
  one.unref()
  one.ref()
  assert.ok(!one.hasRef())
  assert.strictEqual(loop.ref(), loop)
  assert.deepStrictEqual(
    [one, other, task].map((handle) => handle.hasRef()),
    [true, false, true],
  )
  loop.close()
})

test('a timer that is revived keeps the process alive if its loop object does, and tells where that was', async () => {
  for (const order of ['node', 'deadline']) {
    const loop = new EventLoop({ origins: true, order }).unref()
    const timeout = loop.setTimeout(() => {}, 1)
    const unrefed = loop.setTimeout(() => {}, 1).unref()
    await after(10)
    assert.strictEqual(loop.handles().length, 0)
    loop.ref()
    for (const timer of [timeout, unrefed]) timer.refresh()
    assert.deepStrictEqual([timeout.hasRef(), unrefed.hasRef()], [true, false])
    assert.match(loop.handles()[0].origin.split('\n')[0], /loop\.test\.js/)
    await after(10)
    loop.unref()
    timeout.refresh()
    assert.ok(!timeout.hasRef())
    loop.close()
  }
})

test('the default loop lists what the module set, and has no end', async () => {
  const { defaultLoop } = ours
  const kinds = () => defaultLoop.handles().map(({ kind }) => kind)
  const before = kinds()
  const other = new EventLoop()
  other.setTimeout(() => {}, 10_000)
  const timeout = ours.setTimeout(() => {}, 10_000).unref()
  const interval = defaultLoop.setInterval(() => {}, 20_000)
  const immediate = ours.setImmediate(() => {})
  ours.clearImmediate(ours.setImmediate(() => {}))
  const task = defaultLoop.submit(() => {})
  const found = new Map(defaultLoop.handles().map((info) => [info.handle, info]))
  assert.deepStrictEqual(
    [timeout, interval, immediate, task].map((handle) => [found.get(handle).kind, found.get(handle).ref]),
    [
      ['timeout', false],
      ['interval', true],
      ['immediate', true],
      ['task', true],
    ],
  )
  assert.strictEqual(found.size, before.length + 4)
  assert.strictEqual(defaultLoop.state, 'awake')
  for (const name of ['close', 'shutdown', 'ref', 'unref']) {
    assert.throws(() => defaultLoop[name](), { code: 'ERR_LOOP_DEFAULT' })
  }
  assert.match(inspect(defaultLoop), /^EventLoop \{ name: 'default'/)
  for (const { handle } of defaultLoop.handles()) handle.close()
  assert.deepStrictEqual(defaultLoop.handles(), [])
  other.close()
})
