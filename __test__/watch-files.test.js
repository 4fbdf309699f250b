'use strict'
// What can be watched, how many at once, and file descriptors that are closed and come again.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawn, spawnSync } = require('node:child_process')
const { readdirSync, readlinkSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, watch } = require('node:fs')
const { accessSync, constants, writeFileSync, writeSync } = require('node:fs')
const { createServer, connect } = require('node:net')
const { once } = require('node:events')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { makeFds, makeFifos, makeLoop, read, settled } = require('./watch/fifos')

const root = join(__dirname, '..')
const UNIX = process.platform === 'win32' ? { skip: 'only Unix has file descriptors to watch' } : { timeout: 60_000 }
const LINUX = process.platform === 'linux' ? { timeout: 60_000 } : { skip: 'looks into /proc' }
const never = () => assert.fail('it is not to be told')

/** The first event of a file descriptor, as the names of what is so. */
const event = (loop, fd, options) =>
  new Promise((resolve) => {
    loop.watch(fd, { ...options, mode: 'once' }, (events) =>
      resolve(Object.keys(events).filter((name) => events[name])),
    )
  })

test('1,000 pipes at once', UNIX, async (t) => {
  const loop = makeLoop(t)
  const fds = makeFds(t, 1000)
  const got = new Map()
  let done
  for (const fd of fds) {
    loop.watch(fd, { readable: true }, (_, watcher) => {
      got.set(watcher.fd, read(watcher.fd))
      if (got.size === fds.length) done()
    })
  }
  assert.strictEqual(loop.handles().length, 1000)
  await settled(t)
  assert.strictEqual(got.size, 0)
  for (const fd of fds) writeSync(fd, String(fd))
  await new Promise((resolve) => {
    done = resolve
  })
  for (const fd of fds) assert.strictEqual(got.get(fd), String(fd))
})

test('all that are ready are told in one turn', UNIX, async (t) => {
  const loop = makeLoop(t)
  const fds = makeFds(t, 200)
  for (const fd of fds) writeSync(fd, 'a')
  let turns = 0
  const told = []
  await new Promise((resolve) => {
    const next = () => {
      turns++
      if (told.filter((count) => count === fds.length).length > 10) resolve()
      else setImmediate(next)
    }
    next()
    for (const fd of fds) {
      loop.watch(fd, { readable: true }, () => {
        told[turns] = (told[turns] ?? 0) + 1
      })
    }
  })
  assert.ok(told.every((count) => count <= fds.length))
})

test('sockets, beside Node’s own use of them', UNIX, async (t) => {
  const loop = makeLoop(t)
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect(server.address().port, '127.0.0.1')
  const [[socket]] = await Promise.all([once(server, 'connection'), once(client, 'connect')])
  assert.deepStrictEqual(await event(loop, client._handle.fd, { writable: true }), ['writable'])
  const readable = event(loop, socket._handle.fd, { readable: true })
  client.write('hello')
  assert.deepStrictEqual(await readable, ['readable'])
  socket.resume()
  const [data] = await once(socket, 'data')
  assert.strictEqual(String(data), 'hello')
  socket.pause()
  client.end()
  assert.deepStrictEqual(await event(loop, socket._handle.fd, { readable: true }), ['readable', 'readClosed'])
  socket.destroy()
  server.close()
})

/** Our own file descriptor of this kind, which a child is then given. libuv has one of each. */
function ownFd(kind) {
  const fds = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === `anon_inode:${kind}`
    } catch {
      return false // That of the folder itself is closed by now.
    }
  })
  return Number(fds[0])
}

/** Runs a program with a file descriptor as its number 3, while this process stands still. */
function runWith(fd, program) {
  const source = `const fs = require('node:fs')
const { EventLoop } = require(${JSON.stringify(root)})
const loop = new EventLoop();
(${program})(loop, 3, fs)`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'pipe', fd] })
  assert.strictEqual(String(stderr), '')
  return String(stdout).trim().split('\n')
}

test('inotify', LINUX, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  const watcher = watch(folder)
  t.after(() => {
    watcher.close()
    rmSync(folder, { recursive: true })
  })
  const lines = runWith(
    ownFd('inotify'),
    `(loop, fd, fs) => {
      loop.watch(fd, { readable: true }, (events, watcher) => {
        const buffer = Buffer.alloc(1000)
        const length = fs.readSync(fd, buffer)
        const name = buffer.toString('utf8', 16, length).replace(/\\0.*/s, '')
        console.log(events.readable, name)
        if (name === 'two') watcher.close()
        else fs.mkdirSync(${JSON.stringify(folder)} + '/two')
      })
      fs.mkdirSync(${JSON.stringify(folder)} + '/one')
    }`,
  )
  assert.deepStrictEqual(lines, ['true one', 'true two'])
})

test('eventfds', LINUX, () => {
  const lines = runWith(
    ownFd('[eventfd]'),
    `(loop, fd, fs) => {
      const eight = Buffer.alloc(8)
      try {
        fs.readSync(fd, eight)
      } catch {}
      loop.watch(fd, { readable: true }, (events, watcher) => {
        fs.readSync(fd, eight)
        console.log(events.readable, eight.readBigUInt64LE())
        watcher.close()
      })
      eight.writeBigUInt64LE(3n)
      fs.writeSync(fd, eight)
    }`,
  )
  assert.deepStrictEqual(lines, ['true 3n'])
})

const SCRIPT = spawnSync('script', ['--version']).status === 0 ? LINUX : { skip: 'there is no `script` to make a tty' }

test('ttys', SCRIPT, async () => {
  const source = `
    const { EventLoop } = require(${JSON.stringify(root)})
    const fs = require('node:fs')
    if (!require('node:tty').isatty(0)) throw new Error('no tty')
    const loop = new EventLoop()
    loop.watch(0, { readable: true }, (events, watcher) => {
      const buffer = Buffer.alloc(100)
      const line = buffer.toString('utf8', 0, fs.readSync(0, buffer)).trim()
      console.log('read ' + line + ' ' + events.readable)
      if (line === 'two') watcher.close()
    })
    console.log('ready')`
  const command = `'${process.execPath}' -e "$SOURCE"`
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, SOURCE: source } })
  let out = ''
  child.stdout.on('data', (data) => {
    out += data
    if (out.endsWith('ready\r\n')) child.stdin.write('one\n')
    if (out.endsWith('read one true\r\n')) child.stdin.write('two\n')
  })
  await once(child, 'close')
  assert.match(out, /read one true\r\n(.|\r\n)*read two true\r\n$/)
})

/** Writing it, even the same, is told with priority. */
const HOSTNAME = '/proc/sys/kernel/hostname'
function mayWriteHostname() {
  try {
    accessSync(HOSTNAME, constants.W_OK)
    closeSync(openSync(HOSTNAME, 'r+'))
    return LINUX
  } catch {
    return { skip: `${HOSTNAME} can be written by root only` }
  }
}

test('priority, also of files that tell it only once', mayWriteHostname(), async (t) => {
  const loop = makeLoop(t)
  const fd = openSync(HOSTNAME, 'r')
  t.after(() => closeSync(fd))
  const told = []
  loop.watch(fd, { priority: true }, (events) => told.push(events))
  for (let times = 1; times <= 3; times++) {
    const before = told.length
    writeFileSync(HOSTNAME, readFileSync(HOSTNAME))
    await settled(t)
    // Somebody else may write it, too.
    assert.ok(told.length > before)
    assert.strictEqual(told.at(-1).priority, true)
    assert.strictEqual(told.at(-1).writable, false)
  }
  const before = told.length
  for (let i = 0; i < 20; i++) await settled(t)
  assert.ok(told.length < before + 20, 'it is not told in every turn')
})

/** Puts another file under a number: closes the number and opens until it comes again. */
function reopen(fifo, fd, other) {
  fifo.close(fd)
  for (;;) {
    const again = other.open()
    if (again === fd) return
  }
}

test('a number that is closed and comes again is not told to the old watcher', UNIX, async (t) => {
  for (const mode of ['level', 'edge', 'once']) {
    const loop = makeLoop(t)
    const [fifo, other] = makeFifos(t, 2)
    const fd = fifo.open()
    const old = loop.watch(fd, { readable: true, mode }, never)
    writeSync(fd, 'this is noted')
    const until = performance.now() + 20
    while (performance.now() < until);
    reopen(fifo, fd, other)
    writeSync(fd, 'this is not for it')
    await settled(t)
    await settled(t)
    // The new watcher is told, and the old one is not in its way.
    assert.deepStrictEqual(await event(loop, fd, { readable: true }), ['readable'])
    const again = loop.watch(fd, { readable: true, mode: 'edge' }, () => {})
    old.close()
    assert.throws(() => loop.watch(fd, { readable: true }, never), { code: 'EEXIST' })
    again.close()
    await settled(t)
    assert.deepStrictEqual(loop.handles(), [])
  }
})

test('a watcher whose number was given to another one closes itself', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fifo, other] = makeFifos(t, 2)
  const fd = fifo.open()
  const old = loop.watch(fd, { readable: true }, never)
  reopen(fifo, fd, other)
  const watcher = loop.watch(fd, { readable: true }, never)
  await settled(t)
  assert.deepStrictEqual(
    loop.handles().map(({ handle }) => handle),
    [watcher],
  )
  assert.strictEqual(old.hasRef(), false)
})

test('who closes the file descriptor in the callback closes the watcher', UNIX, async (t) => {
  const loop = makeLoop(t)
  const [fifo] = makeFifos(t, 1)
  const fd = fifo.open()
  writeSync(fd, 'a')
  let told = 0
  loop.watch(fd, { readable: true }, () => {
    told++
    fifo.close(fd)
  })
  while (loop.handles().length > 0) await settled(t)
  assert.strictEqual(told, 1)
})
