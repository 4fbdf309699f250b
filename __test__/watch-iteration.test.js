'use strict'
// Watchers that are iterated instead of having a callback.

const { test } = require('node:test')
const assert = require('node:assert')
const { writeSync } = require('node:fs')
const { makeFds, makeFifos, makeLoop, read, settled } = require('./watch/fifos')

const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }

test('for await: an event each time, and the watcher is closed by a break', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'a')
  const got = []
  for await (const events of loop.watch(fd, { readable: true })) {
    assert.strictEqual(events.readable, true)
    got.push(read(fd))
    if (got.length === 3) break
    writeSync(fd, 'b')
  }
  assert.deepStrictEqual(got, ['a', 'b', 'b'])
  assert.deepStrictEqual(loop.handles(), [])
})

test('for await: what is still so is told again, and what is no more is not', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'a')
  const watcher = loop.watch(fd, { readable: true })
  const got = []
  const over = (async () => {
    for await (const _ of watcher) {
      if (got.push('') < 3) continue
      // Something comes while it is busy, and is read with the rest.
      await settled(t)
      writeSync(fd, 'b')
      await settled(t)
      got.push(read(fd))
    }
  })()
  while (got.length < 4) await settled(t)
  await settled(t)
  assert.deepStrictEqual(got, ['', '', '', 'ab'])
  writeSync(fd, 'c')
  while (got.length < 6) await settled(t)
  watcher.close()
  await over
})

test('for await: edges that come while it is busy are told as one', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const watcher = loop.watch(fd, { readable: true, mode: 'edge' })
  let told = 0
  const over = (async () => {
    for await (const _ of watcher) {
      if (++told > 1) continue
      for (let i = 0; i < 3; i++) {
        writeSync(fd, 'b')
        await settled(t)
      }
    }
  })()
  writeSync(fd, 'a')
  while (told < 2) await settled(t)
  await settled(t)
  assert.strictEqual(told, 2)
  watcher.close()
  await over
})

test('for await: once is one event', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  writeSync(fd, 'a')
  let told = 0
  for await (const _ of loop.watch(fd, { readable: true, mode: 'once' })) told++
  assert.strictEqual(told, 1)
})

test('the end: by the watcher, by a shutdown, and as an error by the loop', UNIX, async (t) => {
  const fds = makeFds(t, 2)
  const ends = {
    watcher: (loop) => loop.handles().forEach(({ handle }) => void handle.close()),
    shutdown: (loop) => loop.shutdown(),
    loop: (loop) => loop.close(),
  }
  const outcomes = {}
  for (const [name, end] of Object.entries(ends)) {
    const loop = makeLoop(t, { name: 'mine' })
    const iterate = async (fd, busy) => {
      let told = 0
      try {
        for await (const _ of loop.watch(fd, { readable: true })) {
          told++
          await busy
        }
        return `over after ${told}`
      } catch (error) {
        return `${error.code} after ${told}: ${error.message}`
      }
    }
    let goOn
    writeSync(fds[1], 'a')
    const waiting = iterate(fds[0])
    const busy = iterate(
      fds[1],
      new Promise((resolve) => {
        goOn = resolve
      }),
    )
    await settled(t)
    end(loop)
    goOn()
    outcomes[name] = [await waiting, await busy]
    read(fds[1])
  }
  const closed = (told) => `ERR_LOOP_CLOSED after ${told}: The event loop 'mine' is closed`
  assert.deepStrictEqual(outcomes, {
    watcher: ['over after 0', 'over after 1'],
    shutdown: ['over after 0', 'over after 1'],
    loop: [closed(0), closed(1)],
  })
})

test('an iteration that waits can be left, and is over for all who wait', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const iterator = loop.watch(fd, { readable: true })[Symbol.asyncIterator]()
  const waiting = [iterator.next(), iterator.next()]
  await settled(t)
  const over = { done: true, value: undefined }
  assert.deepStrictEqual(await iterator.return('value'), { done: true, value: 'value' })
  assert.deepStrictEqual(await Promise.all(waiting), [over, over])
  assert.deepStrictEqual(await iterator.next(), over)
  assert.deepStrictEqual(loop.handles(), [])
  assert.strictEqual(iterator[Symbol.asyncIterator](), iterator)
})

test('events that are asked for ahead come one after the other', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fd] = makeFds(t, 1)
  const iterator = loop.watch(fd, { readable: true, mode: 'edge' })[Symbol.asyncIterator]()
  const told = []
  const note = ({ value }) => told.push(value.readable)
  const asked = [iterator.next().then(note), iterator.next().then(note)]
  for (let count = 1; count <= 2; count++) {
    writeSync(fd, 'a')
    await asked[count - 1]
    await settled(t)
    assert.strictEqual(told.length, count)
  }
  await iterator.return()
})

test('an iteration that a closed loop has ended fails once, and then is over', UNIX, async (t) => {
  const loop = makeLoop(t)
  const fds = makeFds(t, 2)
  const [first, second] = fds.map((fd) => loop.watch(fd, { readable: true })[Symbol.asyncIterator]())
  const waiting = first.next()
  await settled(t)
  loop.close()
  await assert.rejects(waiting, { code: 'ERR_LOOP_CLOSED' })
  assert.strictEqual((await first.next()).done, true)
  await second.return()
  assert.strictEqual((await second.next()).done, true)
})

test('a watcher whose file descriptor is closed while it is iterated is at its end', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fifo] = makeFifos(t, 1)
  const fd = fifo.open()
  writeSync(fd, 'a')
  let told = 0
  for await (const _ of loop.watch(fd, { readable: true })) {
    told++
    fifo.close(fd)
  }
  assert.strictEqual(told, 1)
  assert.deepStrictEqual(loop.handles(), [])
})

test('only one may iterate, and none beside a callback', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [first, second] = makeFds(t, 2)
  const watcher = loop.watch(first, { readable: true })
  const iterator = watcher[Symbol.asyncIterator]()
  assert.throws(() => watcher[Symbol.asyncIterator](), { code: 'ERR_INVALID_STATE', message: /is being iterated/ })
  const told = loop.watch(second, { readable: true }, () => {})
  assert.throws(() => told[Symbol.asyncIterator](), { code: 'ERR_INVALID_STATE', message: /has a callback/ })
  assert.deepStrictEqual(await iterator.return(), { done: true, value: undefined })
  told.close()
  assert.throws(() => told[Symbol.asyncIterator](), { code: 'ERR_INVALID_STATE' })
})
