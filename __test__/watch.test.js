'use strict'
// Watched file descriptors: when watchers are told, what, and which file descriptors are refused.

const { test } = require('node:test')
const assert = require('node:assert')
const { AsyncLocalStorage, executionAsyncId } = require('node:async_hooks')
const { constants, fstatSync, openSync, closeSync, writeSync } = require('node:fs')
const { inspect } = require('node:util')
const { EventLoop, ring } = require('..')
const { makeFds, makeFifos, makeLoop, read, settled } = require('./watch/fifos')

const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }
const never = () => assert.fail('it is not to be told')
const turn = () => new Promise((resolve) => setImmediate(resolve))
const NOTHING = { readable: false, writable: false, priority: false, error: false, hangup: false, readClosed: false }

test('a watcher is told what is ready, with itself', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const told = await new Promise((resolve) => {
    const watcher = loop.watch(fd, { readable: true, writable: true }, function (events, given) {
      resolve({ events, given, self: this, watcher })
    })
  })
  assert.deepStrictEqual(told.events, { ...NOTHING, writable: true })
  assert.ok(Object.isFrozen(told.events))
  assert.strictEqual(told.given, told.watcher)
  assert.strictEqual(told.self, told.watcher)
  assert.strictEqual(told.watcher.fd, fd)
  assert.match(inspect(told.watcher), /^Watcher { id: \d+, ref: true, state: 'pending' }$/)
  const [{ kind, id, ref }] = loop.handles()
  assert.deepStrictEqual({ kind, id, ref }, { kind: 'watcher', id: told.watcher.asyncId(), ref: true })
})

test('level: again in every turn until it is not so any more', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'abc')
  let turns = 0
  const seen = []
  const next = () => {
    turns++
    if (seen.length < 5) setImmediate(next)
  }
  next()
  await new Promise((resolve) => {
    loop.watch(fd, { readable: true }, () => {
      seen.push(turns)
      if (seen.length === 5) resolve(read(fd))
    })
  })
  assert.strictEqual(new Set(seen).size, 5, `others had their turn in between: ${seen}`)
  await settled(t)
  assert.strictEqual(seen.length, 5)
})

test('level: many at once, each again until it is not so any more', UNIX, async (t) => {
  const loop = makeLoop(t)
  const fds = makeFds(t, 200)
  const times = new Map(fds.map((fd) => [fd, 0]))
  for (const fd of fds) {
    writeSync(fd, 'a')
    loop.watch(fd, { readable: true }, (_events, watcher) => {
      times.set(fd, times.get(fd) + 1)
      if (times.get(fd) < 3) return
      read(fd)
      watcher.close()
    })
  }
  while (loop.handles().length > 0) await new Promise((resolve) => setImmediate(resolve))
  assert.deepStrictEqual([...times.values()], Array(200).fill(3))
})

test('level: who reads all of it is not told again, and told of the next', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const got = []
  loop.watch(fd, { readable: true }, () => got.push(read(fd)))
  for (const text of ['a', 'b', 'c']) {
    writeSync(fd, text)
    await settled(t)
  }
  assert.deepStrictEqual(got, ['a', 'b', 'c'])
})

test('edge: once for each change, however little is read', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  let told = 0
  loop.watch(fd, { readable: true, mode: 'edge' }, () => told++)
  for (let i = 1; i <= 3; i++) {
    writeSync(fd, 'more')
    await settled(t)
    await settled(t)
    assert.strictEqual(told, i)
  }
})

test('once: the watcher is closed when it is told', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'abc')
  let again
  await new Promise((resolve) => {
    loop.watch(fd, { readable: true, mode: 'once' }, (_, watcher) => {
      assert.strictEqual(watcher.hasRef(), false)
      assert.deepStrictEqual(loop.handles(), [])
      watcher.close()
      again = loop.watch(fd, { readable: true, mode: 'once' }, resolve)
    })
  })
  assert.strictEqual(again.hasRef(), false)
  await settled(t)
  assert.deepStrictEqual(loop.handles(), [])
})

test('what another callback has read meanwhile is not told', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'abc')
  loop.watch(fd, { readable: true, mode: 'once' }, never)
  // The loop's thread has seen it by now, or will see it later.
  const until = performance.now() + 20
  while (performance.now() < until);
  read(fd)
  await settled(t)
  assert.strictEqual(loop.handles().length, 1)
})

test('hang-ups and errors are told', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fifo] = makeFifos(t, 1)
  const reader = fifo.open(constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = fifo.open(constants.O_WRONLY)
  const told = (fd, options) =>
    new Promise((resolve) => loop.watch(fd, { ...options, mode: 'once' }, (events) => resolve(events)))
  const hangup = told(reader, { readable: true })
  fifo.close(writer)
  assert.deepStrictEqual(await hangup, { ...NOTHING, readable: true, hangup: true, readClosed: true })
  const another = fifo.open(constants.O_WRONLY)
  fifo.close(reader)
  const { error, writable } = await told(another, { writable: true })
  assert.deepStrictEqual({ error, writable }, { error: true, writable: true })
})

test('update changes what is told and how; what is not given stays', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const told = []
  const watcher = loop.watch(fd, { readable: true }, (events) => {
    told.push(Object.keys(events).filter((name) => events[name]))
    if (told.length === 2) assert.strictEqual(watcher.update({ readable: false, mode: 'edge' }), watcher)
  })
  await settled(t)
  assert.deepStrictEqual(told, [])
  watcher.update({ writable: true })
  writeSync(fd, 'abc')
  while (told.length < 3) await settled(t)
  assert.deepStrictEqual(told[1], ['readable', 'writable'])
  assert.deepStrictEqual(told[2], ['writable'])
  await settled(t)
  assert.strictEqual(told.length, 3, 'nothing has changed since')
  assert.throws(() => watcher.update({ writable: false }), { code: 'ERR_INVALID_ARG_VALUE', name: 'TypeError' })
  watcher.close()
  assert.throws(() => watcher.update({ readable: true }), { code: 'ERR_INVALID_STATE' })
})

test('wrong file descriptors are refused, with Node’s errors', UNIX, (t) => {
  const loop = makeLoop(t)
  const watch = (fd) => loop.watch(fd, { readable: true }, never)
  for (const wrong of [-1, 1.5, Number.NaN, 2 ** 31, 2 ** 40, -(2 ** 40), 'a', null, undefined, {}, [], true]) {
    let expected
    try {
      fstatSync(wrong)
    } catch ({ name, code, message }) {
      expected = { name, code, message }
    }
    assert.throws(() => watch(wrong), expected)
  }
  const [fd] = makeFds(t, 1)
  const file = openSync(__filename)
  t.after(() => closeSync(file))
  const first = loop.watch(fd, { readable: true }, never)
  const closed = 2 ** 30
  const expected = (code, errno, words) => ({ code, errno, syscall: 'watch', message: `${code}: ${words}, watch` })
  assert.throws(() => watch(closed), expected('EBADF', -9, 'bad file descriptor'))
  assert.throws(() => fstatSync(closed), { code: 'EBADF', errno: -9, message: 'EBADF: bad file descriptor, fstat' })
  assert.throws(() => watch(fd), expected('EEXIST', -17, 'file already exists'))
  assert.throws(() => new EventLoop().watch(fd, { readable: true }, never), { code: 'EEXIST' })
  if (process.platform === 'linux') assert.throws(() => watch(file), expected('EPERM', -1, 'operation not permitted'))
  assert.deepStrictEqual(
    loop.handles().map(({ handle }) => handle),
    [first],
  )
  first.close()
  watch(fd)
})

test('wrong options and callbacks are refused', UNIX, (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const type = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
  const value = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' }
  for (const options of [undefined, null, 'readable', []]) {
    assert.throws(() => loop.watch(fd, options, never), { ...type, message: /^The "options" argument/ })
  }
  for (const name of ['readable', 'writable', 'priority']) {
    const message = new RegExp(`^The "options.${name}" property must be of type boolean. Received type number \\(1\\)`)
    assert.throws(() => loop.watch(fd, { readable: true, [name]: 1 }, never), { ...type, message })
  }
  const modes = /^The property 'options.mode' must be one of: 'level', 'edge', 'once'. Received 'both'$/
  assert.throws(() => loop.watch(fd, { readable: true, mode: 'both' }, never), { ...value, message: modes })
  for (const options of [{}, { readable: false }, { mode: 'edge' }]) {
    assert.throws(() => loop.watch(fd, options, never), { ...value, message: /must be true$/ })
  }
  for (const callback of [null, 'callback', {}]) {
    assert.throws(() => loop.watch(fd, { readable: true }, callback), { ...type, message: /^The "callback"/ })
  }
  assert.deepStrictEqual(loop.handles(), [])
})

test('next ticks and microtasks run after each callback of one poll phase', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [first, second] = makeFds(t, 2)
  for (const fd of [first, second]) writeSync(fd, 'a')
  const order = []
  let turns = 0
  let seen = 0
  let begun
  const note = (name) => {
    if (begun === undefined) return
    if (order.length < 12) assert.strictEqual(turns, begun + 1, name)
    order.push(name)
    process.nextTick(() => order.push(`${name}, tick`))
    queueMicrotask(() => order.push(`${name}, microtask`))
  }
  const bell = loop.doorbell(() => note('bell'))
  loop.watch(first, { readable: true }, () => {
    seen++
    note('first')
  })
  loop.watch(second, { readable: true }, () => {
    note('second')
    if (begun !== undefined || seen === 0) return
    // Both are told in every turn by now.
    begun = turns
    loop.submit(() => note('task'))
    ring(bell.id)
  })
  while (order.length < 12) {
    await turn()
    turns++
  }
  const all = ['task', 'first', 'second', 'bell'].flatMap((name) => [name, `${name}, tick`, `${name}, microtask`])
  assert.deepStrictEqual(order.slice(0, 12).toSorted(), all.toSorted())
  for (let i = 0; i < 12; i += 3) {
    assert.deepStrictEqual(order.slice(i, i + 3), [order[i], `${order[i]}, tick`, `${order[i]}, microtask`])
  }
})

test('callbacks have the context in which the watcher was made', UNIX, async (t) => {
  const loop = makeLoop(t)
  const storage = new AsyncLocalStorage()
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'a')
  const told = await new Promise((resolve) => {
    storage.run('mine', () =>
      loop.watch(fd, { readable: true }, (_, watcher) =>
        resolve({ store: storage.getStore(), id: executionAsyncId(), expected: watcher.asyncId() }),
      ),
    )
  })
  assert.strictEqual(told.store, 'mine')
  assert.strictEqual(told.id, told.expected)
})

test('what a callback throws goes to onError, and the others are told', UNIX, async (t) => {
  const [first, second] = makeFds(t, 2)
  const failures = []
  const loop = makeLoop(t, { onError: (error, handle) => failures.push([error.message, handle]) })
  for (const fd of [first, second]) writeSync(fd, 'a')
  const watcher = loop.watch(first, { readable: true }, () => {
    read(first)
    throw new Error('mine')
  })
  await new Promise((resolve) => loop.watch(second, { readable: true }, resolve))
  await settled(t)
  assert.deepStrictEqual(failures, [['mine', watcher]])
})
