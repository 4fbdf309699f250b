'use strict'
// What watchers and doorbells keep alive, how they end with their loop object, their thread and their process, and what
// is left of them. Each of the cases that are about the end of a process is a child process.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { writeSync } = require('node:fs')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')
const { EventLoop } = require('..')
const { makeFds, makeLoop, read, settled } = require('./watch/fifos')

const root = join(__dirname, '..')
const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }
const PATIENCE = 60_000
const never = () => assert.fail('it is not to be told')

/** Runs `program(ours, fs)` as a process whose standard input is a pipe that stays open and empty. */
async function run(program) {
  const source = `(${program})(require(${JSON.stringify(root)}), require('node:fs'))`
  const child = spawn(process.execPath, ['-e', source], { cwd: root, timeout: PATIENCE, killSignal: 'SIGKILL' })
  let out = ''
  let err = ''
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  const [code, signal] = await once(child, 'exit')
  child.stdin.destroy()
  return { code, signal, err, lines: out.split('\n').slice(0, -1) }
}

const LIVES = {
  'what is ref’d is waited for': [
    ({ EventLoop, ring }) => {
      const loop = new EventLoop()
      const watcher = loop.watch(0, { readable: true }, () => {})
      const bell = loop.doorbell(() => bell.close())
      setTimeout(() => {
        console.log('alive')
        watcher.close()
        ring(bell.id)
      }, 50).unref()
    },
    ['alive'],
  ],
  'what is unref’d, closed or of a loop that is unref’d is not': [
    ({ EventLoop }) => {
      const loop = new EventLoop()
      loop.watch(0, { readable: true }, () => {}).unref()
      loop.doorbell(() => {}).unref()
      loop.doorbell(() => {}).close()
      const other = new EventLoop().unref()
      other.doorbell(() => {})
      console.log(
        loop
          .handles()
          .map(({ ref }) => ref)
          .join(),
        other.handles()[0].ref,
      )
      setTimeout(() => console.log('never'), 1e6).unref()
    },
    ['false,false false'],
  ],
  'ref and unref count once each': [
    ({ EventLoop }) => {
      const loop = new EventLoop()
      const bell = loop.doorbell(() => {})
      bell.ref().ref().unref().unref().unref()
      const watcher = loop.watch(0, { readable: true }, () => {})
      watcher.unref().ref()
      loop.unref().ref()
      console.log(bell.hasRef(), watcher.hasRef())
      setTimeout(() => watcher.close(), 50).unref()
    },
    ['false true'],
  ],
  'an iteration that waits keeps the process alive': [
    ({ EventLoop }) => {
      const loop = new EventLoop()
      setTimeout(() => loop.close(), 50).unref()
      const iterate = async () => {
        for await (const _ of loop.watch(0, { readable: true })) console.log('never')
      }
      iterate().catch(({ code }) => console.log(code))
    },
    ['ERR_LOOP_CLOSED'],
  ],
  'an uncaught throw ends the process, a handled one goes on without a drain': [
    ({ EventLoop, ring }) => {
      const loop = new EventLoop()
      process.on('uncaughtException', ({ message }) => console.log(message))
      for (const name of ['first', 'second']) {
        const bell = loop.doorbell(() => {
          bell.close()
          console.log(name)
          queueMicrotask(() => console.log(`microtask of ${name}`))
          if (name === 'first') throw new Error('mine')
        })
        ring(bell.id)
      }
    },
    ['first', 'mine', 'second', 'microtask of first', 'microtask of second'],
  ],
  'process.exit with everything open': [
    ({ EventLoop, ring }) => {
      const loop = new EventLoop()
      loop.watch(0, { readable: true }, () => {})
      const bell = loop.doorbell(() => process.exit())
      ring(bell.id)
    },
    [],
  ],
  'watchers outlive the loop’s thread': [
    ({ EventLoop }, fs) => {
      const loop = new EventLoop()
      const path = `${require('node:os').tmpdir()}/rs-eventloop-${process.pid}`
      require('node:child_process').execFileSync('mkfifo', [path])
      const fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
      fs.unlinkSync(path)
      const watcher = loop.watch(fd, { readable: true }, () => {
        console.log('told')
        watcher.close()
      })
      process.on('uncaughtException', ({ code }) => {
        console.log(code)
        fs.writeSync(fd, 'a')
      })
      require('./lib/binding').panicThreadForTest()
    },
    ['ERR_LOOP_THREAD', 'told'],
  ],
}

for (const [name, [program, lines]] of Object.entries(LIVES)) {
  test(name, UNIX, async () => {
    const { code, signal, err, lines: seen } = await run(program)
    assert.deepStrictEqual({ lines: seen, code, signal }, { lines, code: 0, signal: null }, err)
  })
}

test('a closed loop closes its watchers, and leaves the file descriptors alone', UNIX, async (t) => {
  const fds = makeFds(t, 100)
  const loop = new EventLoop()
  for (const fd of fds) {
    writeSync(fd, 'a')
    loop.watch(fd, { readable: true }, never)
  }
  const until = performance.now() + 20
  while (performance.now() < until);
  loop.close()
  const other = makeLoop(t)
  const told = new Set()
  for (const fd of fds) other.watch(fd, { readable: true, mode: 'once' }, () => told.add(read(fd)))
  while (other.handles().length > 0) await settled(t)
  assert.deepStrictEqual([...told], ['a'])
  assert.throws(() => loop.watch(fds[0], { readable: true }, never), { code: 'ERR_LOOP_CLOSED' })
})

test('close inside a callback: of itself, and of others that are to be told in the same turn', UNIX, async (t) => {
  const fds = makeFds(t, 3)
  const loop = makeLoop(t)
  const told = []
  const watchers = fds.map((fd, index) =>
    loop.watch(fd, { readable: true }, () => {
      told.push(index)
      if (told.length < 4) return
      for (const watcher of watchers) watcher.close()
    }),
  )
  for (const fd of fds) writeSync(fd, 'a')
  while (loop.handles().length > 0) await settled(t)
  await settled(t)
  assert.strictEqual(told.length, 4)
})

test('a shutdown drops watchers, also inside the callback of one', UNIX, async (t) => {
  const fds = makeFds(t, 2)
  const loop = makeLoop(t)
  loop.watch(fds[0], { readable: true }, never)
  const over = await new Promise((resolve) => {
    loop.watch(fds[1], { writable: true }, () => resolve(loop.shutdown()))
  })
  const { ran, dropped } = over
  assert.deepStrictEqual([ran.watcher, dropped.watcher], [1, 2])
  assert.throws(() => loop.watch(fds[0], { readable: true }, never), { code: 'ERR_LOOP_CLOSED' })
})

test('40 workers end with watchers and doorbells open, half of them terminated', UNIX, async (t) => {
  const source = `
    const { EventLoop, ring } = require(${JSON.stringify(root)})
    const { parentPort, workerData } = require('node:worker_threads')
    const loop = new EventLoop()
    // Always ready: told in every turn.
    for (const fd of workerData.fds) loop.watch(fd, { readable: true, writable: true }, () => {})
    const bell = loop.doorbell(() => ring(bell.id))
    ring(bell.id)
    loop.setTimeout(() => {
      parentPort.postMessage('up')
      if (workerData.leaves) process.exit(7)
    }, 1)`
  const fds = makeFds(t, 10)
  const codes = await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      const seen = []
      for (let i = 0; i < 5; i++) {
        const leaves = (lane + i) % 2 === 0
        const worker = new Worker(source, { eval: true, workerData: { leaves, fds } })
        const exit = once(worker, 'exit')
        if (!leaves) {
          await once(worker, 'message')
          worker.terminate()
        }
        seen.push((await exit)[0])
      }
      return seen
    }),
  )
  assert.deepStrictEqual(codes.flat().toSorted(), [...Array(20).fill(1), ...Array(20).fill(7)])
})

const GC = globalThis.gc ? UNIX : { skip: 'needs --expose-gc, as npm test has it' }

test('closed watchers and doorbells are collected, and nothing of them stays', GC, async (t) => {
  const fds = makeFds(t, 100)
  const loop = makeLoop(t)
  const registry = []
  const round = async () => {
    const callbacks = fds.map(() => () => {})
    const handles = fds.flatMap((fd, i) => [
      loop.watch(fd, { writable: true }, callbacks[i]),
      loop.doorbell(callbacks[i]),
    ])
    await settled(t)
    for (const handle of handles) handle.close()
    registry.push(
      ...handles.map((handle) => new WeakRef(handle)),
      ...callbacks.map((callback) => new WeakRef(callback)),
    )
  }
  await round()
  for (let i = 0; i < 10 && registry.some((ref) => ref.deref()); i++) {
    // Nothing else is watched meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
    globalThis.gc()
  }
  assert.strictEqual(registry.filter((ref) => ref.deref()).length, 0)
})
