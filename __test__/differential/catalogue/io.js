'use strict'
// Programs whose order Node fixes although I/O is in them: what a callback of each source sets runs in the order of the
// phases that follow it. In the form of `index.js`; `run-one.js` runs them.

const fs = require('node:fs')
const sources = require('./sources')

/** Sets one of each in the callback that calls this, and blocks until the timer is due. `then` runs after the last one. */
function everyKind(L, busy, label, then) {
  let left = 5
  const log = (kind) => () => {
    L(`${label}.${kind}`)
    if (--left === 0) then?.()
  }
  setTimeout(log('timeout'), 0)
  setImmediate(log('immediate'))
  process.nextTick(log('tick'))
  queueMicrotask(log('microtask'))
  Promise.resolve().then(log('then'))
  L(label)
  busy(3)
}

/** To be called before anything is asked of libuv's threads: one alone has done everything when it has done the last. */
function useOneThread() {
  process.env.UV_THREADPOOL_SIZE = 1
}

/** Blocks until all that was asked of that thread is ready to be told, however long that takes. */
function untilThreadIsReady() {
  const filled = new Uint8Array(16)
  require('node:crypto').randomFill(filled, () => {})
  const isEmpty = () => {
    for (let i = 0; i < filled.length; i++) if (Atomics.load(filled, i) > 0) return false
    return true
  }
  while (isEmpty());
}

/** Programs of several callbacks. */
const PROGRAMS = {
  'a file stream: data, end, close'(L, busy) {
    fs.createReadStream(__filename, { end: 9 })
      .on('data', () => everyKind(L, busy, 'data'))
      .on('end', () => everyKind(L, busy, 'end'))
      .on('close', () => everyKind(L, busy, 'close'))
  },
  'a stream through gzip: data, end'(L, busy) {
    fs.createReadStream(__filename, { end: 9 })
      .pipe(require('node:zlib').createGzip())
      .on('data', () => everyKind(L, busy, 'data'))
      .on('end', () => everyKind(L, busy, 'end'))
  },
  'a stream of ticks alone is over before the first phase'(L, busy) {
    const { Readable, Transform } = require('node:stream')
    setTimeout(() => L('timeout'), 0)
    setImmediate(() => L('immediate'))
    busy(3)
    Readable.from(['a', 'b', 'c'])
      .pipe(new Transform({ transform: (chunk, _, done) => process.nextTick(done, null, chunk) }))
      .on('data', (chunk) => L(chunk))
      .on('end', () => everyKind(L, busy, 'end'))
  },
  'a socket: connection, data, end, close'(L, busy) {
    const net = require('node:net')
    const server = net.createServer((socket) => everyKind(L, busy, 'connection', () => socket.end('x')))
    server.listen(0, '127.0.0.1', () => {
      net
        .connect(server.address().port, '127.0.0.1')
        .on('data', () => everyKind(L, busy, 'data'))
        .on('close', () => everyKind(L, busy, 'close', () => server.close(() => everyKind(L, busy, 'server closed'))))
    })
  },
  'HTTP: request, response, data'(L, busy) {
    const http = require('node:http')
    const server = http.createServer((_, response) => everyKind(L, busy, 'request', () => response.end('x')))
    server.listen(0, '127.0.0.1', () => {
      http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (response) => {
        everyKind(L, busy, 'response', () => {
          response.on('data', () => everyKind(L, busy, 'data', () => server.close()))
        })
      })
    })
  },
  'three messages in one poll phase'(L) {
    const { port1, port2 } = new MessageChannel()
    let left = 3
    port1.on('message', (n) => {
      L(`message ${n}`)
      setTimeout(() => --left === 0 && port1.close(), 0)
      setImmediate(() => L(`immediate ${n}`))
      process.nextTick(() => L(`tick ${n}`))
      queueMicrotask(() => L(`microtask ${n}`))
    })
    for (const n of [1, 2, 3]) port2.postMessage(n)
  },
  'what an immediate sends arrives before the next immediate'(L) {
    const { port1, port2 } = new MessageChannel()
    port1.on('message', (n) => L(`message ${n}`))
    let n = 0
    // Seven, because a longer chain may go on in rounds (docs/ordering.md).
    setImmediate(function next() {
      L(`immediate ${++n}`)
      if (n === 7) port1.close()
      else setImmediate(next)
      port2.postMessage(n)
    })
  },
  'I/O that is ready when a timer is due, from the main script'(L, busy) {
    useOneThread()
    setTimeout(() => L('timeout'), 1)
    setImmediate(() => L('immediate'))
    fs.stat(__filename, () => L('stat'))
    untilThreadIsReady()
    busy(3)
  },
  'I/O that is ready when a timer is due, from each phase'(L, busy) {
    useOneThread()
    const ready = (label, then) => {
      setTimeout(() => {
        L(`${label}.timeout`)
        then?.()
      }, 1)
      setImmediate(() => L(`${label}.immediate`))
      fs.stat(__filename, () => L(`${label}.stat`))
      untilThreadIsReady()
      busy(3)
    }
    const inImmediate = () => setImmediate(ready, 'immediate')
    const inTimeout = () => setTimeout(ready, 5, 'timeout', inImmediate)
    fs.stat(__filename, () => ready('poll', inTimeout))
  },
  'two callbacks of one poll phase'(L, busy) {
    const done = () => {
      L('stat')
      setTimeout(() => L('timeout'), 0)
      setImmediate(() => L('immediate'))
      process.nextTick(() => L('tick'))
      busy(3)
    }
    useOneThread()
    setImmediate(() => {
      fs.stat(__filename, done)
      fs.stat(__filename, done)
      untilThreadIsReady()
    })
  },
  'throws among immediates and timers set by I/O'(L, busy) {
    UE(L)
    const throws = (label) => () => {
      process.nextTick(() => L(`${label}.tick`))
      L(label)
      throw new Error(label)
    }
    fs.stat(__filename, () => {
      setImmediate(throws('immediate 1'))
      setImmediate(() => L('immediate 2'))
      setTimeout(throws('timeout 1'), 0)
      setTimeout(() => L('timeout 2'), 0)
      process.nextTick(() => L('tick'))
      L('stat')
      busy(3)
    })
  },
  'an immediate clears and refreshes timers that are due'(L, busy) {
    fs.stat(__filename, () => {
      const cleared = setTimeout(() => L('never'), 1)
      const refreshed = setTimeout(() => L('refreshed'), 1)
      setTimeout(() => L('third'), 1)
      setImmediate(() => {
        L('immediate')
        clearTimeout(cleared)
        refreshed.refresh()
      })
      busy(3)
    })
  },
  'what runs from I/O sets more, twice'(L, busy) {
    const setBoth = (label, levels) => {
      L(label)
      if (levels === 0) return
      setTimeout(() => setBoth(`${label}.timeout`, levels - 1), 0)
      setImmediate(() => setBoth(`${label}.immediate`, levels - 1))
      busy(3)
    }
    fs.stat(__filename, () => setBoth('stat', 2))
  },
  'unref’d ones run in their place while something else keeps the loop alive'(L, busy) {
    fs.stat(__filename, () => {
      setImmediate(() => L('unref’d immediate')).unref()
      setImmediate(() => L('immediate'))
      setTimeout(() => L('unref’d timeout'), 0).unref()
      setTimeout(() => L('timeout'), 0)
      busy(3)
    })
  },
  'promises of timers/promises in a callback'(L, busy) {
    fs.stat(__filename, () => {
      tp().setTimeout(0, 'timeout').then(L)
      tp().setImmediate('immediate').then(L)
      tp()
        .scheduler.yield()
        .then(() => L('yield'))
      process.nextTick(L, 'tick')
      busy(3)
    })
  },
  'an immediate after each of twelve reads'(L) {
    const read = async () => {
      for (let n = 0; n < 12; n++) {
        await fs.promises.stat(__filename)
        L(`stat ${n}`)
        setImmediate(() => L(`immediate ${n}`))
      }
    }
    read()
  },
  'I/O beside an endless chain of immediates'(L, busy) {
    let hops = 0
    let over = false
    setImmediate(function next() {
      if (!over) setImmediate(next)
      if (++hops === 1000)
        fs.stat(__filename, () =>
          everyKind(L, busy, 'stat', () => {
            over = true
          }),
        )
    })
  },
  'I/O beside an endless chain of timers'(L, busy) {
    let hops = 0
    let over = false
    setTimeout(function next() {
      if (!over) setTimeout(next, 0)
      busy(1)
      if (++hops === 20)
        fs.stat(__filename, () =>
          everyKind(L, busy, 'stat', () => {
            over = true
          }),
        )
    }, 0)
  },
}

exports.fixed = [
  ...Object.entries(sources).map(([source, start]) => ({
    id: `once: ${source}`,
    title: `what a callback of ${source} sets, and the next one`,
    program: (L, busy) => start(() => everyKind(L, busy, 'callback', () => start(() => everyKind(L, busy, 'again')))),
  })),
  ...Object.entries(PROGRAMS).map(([title, program]) => ({ id: title, title, program })),
]
