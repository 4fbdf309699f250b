'use strict'
// Endless chains of our callbacks starve nothing else in the process, and nothing starves them. Callbacks are counted and
// not milliseconds: what is ready must be served after so many of them, however slow the machine is.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const chains = require('../benchmark/chains')
const loops = require('../benchmark/loops')

/** A turn may go on for so many rounds until libuv's events are looked for (docs/ordering.md). */
const ROUNDS = 16
/** A chain that starves the process has to end by itself, since then not even the test's time limit works. */
const STARVED_MS = 8_000
const EVENTS = 30

const busy = (ms) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Runs `body(chain)` beside an endless chain; `work` is done in each of its callbacks. */
async function beside(kind, loop, body, work = () => {}) {
  const end = performance.now() + STARVED_MS
  let starve
  const starved = new Promise((_, reject) => (starve = reject))
  const chain = chains.start(kind, loop, (one) => {
    work()
    if (performance.now() < end) return
    one.stop()
    starve(new Error(`${kind}: not done after ${STARVED_MS} ms and ${one.count} callbacks`))
  })
  try {
    await Promise.race([body(chain), starved])
  } finally {
    chain.stop()
  }
}

/** Things that take the loop several times, one after the other. */
const OTHERS = {
  async 'an HTTP server'(count) {
    const server = http.createServer((_, response) => response.end('here')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const agent = new http.Agent({ keepAlive: true })
    for (let i = 0; i < count; i++) {
      const [response] = await once(http.get({ port: server.address().port, host: '127.0.0.1', agent }), 'response')
      await once(response.resume(), 'end')
    }
    agent.destroy()
    server.close()
  },
  async 'fs.readFile'(count) {
    for (let i = 0; i < count; i++) await new Promise((resolve) => fs.readFile(__filename, resolve))
  },
  async 'Node’s own timers'(count) {
    for (let i = 0; i < count; i++) await loops.node.promises.setTimeout(1)
  },
  async 'Node’s own immediates'(count) {
    for (let i = 0; i < count; i++) await loops.node.promises.setImmediate()
  },
  async 'a child process'() {
    await new Promise((resolve) => execFile(process.execPath, ['-e', 'console.log(1)'], resolve))
  },
}

for (const [name, other] of Object.entries(OTHERS)) {
  test(`${name} beside each endless chain`, async (t) => {
    for (const kind of chains.KINDS) {
      await t.test(kind, () =>
        beside(kind, loops.ours, async (chain) => {
          await other(EVENTS)
          const { count } = chain
          // The chain was alive all the time.
          while (chain.goesOn && chain.count === count) await loops.node.promises.setImmediate()
        }),
      )
    }
  })
}

test('all of them at once beside a chain', async () => {
  await beside('immediates and timers', loops.ours, () =>
    Promise.all(Object.values(OTHERS).map((other) => other(EVENTS))),
  )
})

/** A timer that is due when this returns. */
const dueTimer = (loop) => (happened) => ({
  ready() {
    loop.setTimeout(happened, 1)
    busy(3)
  },
  close() {},
})

const immediate = (loop) => (happened) => ({ ready: () => loop.setImmediate(happened), close() {} })

/** Makes something ready at once: `ready()` does, and `happened` is called for it in a callback of libuv's. */
const EVENTS_AT_ONCE = {
  async 'a socket'(happened) {
    const path = join(process.platform === 'win32' ? '\\\\.\\pipe' : tmpdir(), `fairness-${process.pid}.sock`)
    const server = net.createServer().listen(path)
    const client = net.connect(path)
    const [[socket]] = await Promise.all([once(server, 'connection'), once(client, 'connect')])
    socket.on('data', happened)
    return {
      ready: () => client.write('x'),
      close() {
        client.destroy()
        socket.destroy()
        server.close()
      },
    }
  },
  'a MessagePort'(happened) {
    const { port1, port2 } = new MessageChannel()
    port1.on('message', happened)
    return { ready: () => port2.postMessage('x'), close: () => port1.close() }
  },
  'a due timer of Node’s': dueTimer(loops.node),
  'an immediate of Node’s': immediate(loops.node),
}

/** The most callbacks of a chain between the one in which an event became ready and the event. */
async function mostBefore(prepare, kind, loop, work) {
  let most = 0
  let events = 0
  let readySince
  let over
  const finished = new Promise((resolve) => (over = resolve))
  let chain
  const event = await prepare(() => {
    most = Math.max(most, chain.count - readySince)
    readySince = undefined
    if (++events === EVENTS) over()
  })
  const becomeReady = () => {
    work?.()
    // Not in its first callbacks: a turn goes on only after some in a row.
    if (readySince === undefined && chain.count % 50 === 49) {
      readySince = chain.count
      event.ready()
    }
  }
  try {
    await beside(
      kind,
      loop,
      (one) => {
        chain = one
        return finished
      },
      becomeReady,
    )
  } finally {
    event.close()
  }
  return most
}

for (const [name, prepare] of Object.entries(EVENTS_AT_ONCE)) {
  for (const kind of ['immediates', 'immediates and timers', 'promised immediates', 'promised yields']) {
    test(`${name} waits for few callbacks of endless ${kind}`, async (t) => {
      const node = await mostBefore(prepare, kind, loops.node)
      const ours = await mostBefore(prepare, kind, loops.ours)
      t.diagnostic(`most callbacks before the event: node ${node}, ours ${ours}`)
      // Timers may run among the rounds and after them.
      assert.ok(ours <= ROUNDS + 2, `${ours} callbacks of the chain came first`)
    })
  }
  test(`${name} waits for one slow callback of a chain only`, async () => {
    const ours = await mostBefore(prepare, 'immediates', loops.ours, () => busy(0.6))
    assert.ok(ours <= 1, `${ours} callbacks of the chain came first`)
  })
}

for (const [name, event] of [
  ['a due timer', dueTimer],
  ['an immediate', immediate],
]) {
  test(`${name} of ours waits no longer than Node’s for callbacks of Node’s own endless chains`, async () => {
    for (const kind of ['immediates', 'immediates and timers', 'promised immediates']) {
      const node = await mostBefore(event(loops.node), kind, loops.node)
      const ours = await mostBefore(event(loops.ours), kind, loops.node)
      assert.ok(ours <= node + 1, `${kind}: ${ours} callbacks of the chain came first, for Node's ${node}`)
    }
  })
}
