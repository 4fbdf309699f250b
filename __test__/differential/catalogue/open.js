'use strict'
// Programs whose order Node does not fix. In the form that `index.js` describes, and: the entries of one lane, by default
// those that begin with the same letters, have a fixed order, unless the program says `unordered`; numbers after `n=` are
// counts. `traces`, where there are few, are all that may be.

module.exports = [
  {
    id: 'N01',
    title: 'setTimeout(0) against setImmediate from the main script',
    traces: ['timeout | immediate', 'immediate | timeout'],
    program: (L) => {
      setTimeout(() => L('timeout'), 0)
      setImmediate(() => L('immediate'))
    },
  },
  {
    id: 'N02',
    title: 'setTimeout(0) against a nested setImmediate from inside an immediate, no blocking',
    traces: ['A | timeout | nested', 'A | nested | timeout'],
    program: (L) => {
      setImmediate(() => {
        L('A')
        setTimeout(() => L('timeout'), 0)
        setImmediate(() => L('nested'))
      })
    },
  },
  {
    id: 'N03',
    title: 'adjacent delays, the larger first',
    program: (L) => {
      for (let i = 0; i < 20; i++) {
        setTimeout(() => L(`two ${i}`), 2)
        setTimeout(() => L(`one ${i}`), 1)
      }
    },
  },
  {
    id: 'N04',
    title: 'delays that end together, by their place on the clock',
    traces: ['60 | 30 | end', '30 | 60 | end'],
    program: (L, busy) => {
      setTimeout(() => L('60'), 60)
      busy(30)
      setTimeout(() => L('30'), 30)
      setTimeout(() => L('end'), 90)
    },
  },
  {
    id: 'N05',
    title: 'how many immediates run before a timer',
    program: (L) => {
      let n = 0
      let over = false
      setImmediate(function next() {
        // Set here, so that one has run for certain, however long the machine keeps the process waiting.
        if (n++ === 0) {
          setTimeout(() => {
            over = true
            L(n > 0 ? 'some' : 'none')
            L(`n=${n}`)
          }, 3)
        }
        if (!over) setImmediate(next)
      })
    },
  },
  {
    id: 'N06',
    title: 'how often an interval of 1 ms runs in 20 ms',
    program: (L) => {
      let n = 0
      const interval = setInterval(() => n++, 1)
      setTimeout(() => {
        clearInterval(interval)
        L(n > 0 ? 'some' : 'none')
        L(`n=${n}`)
      }, 20)
    },
  },
  {
    id: 'N09',
    title: 'throws in timers of three delays that are due or not when the others are',
    unordered: true,
    program: (L) => {
      process.on('uncaughtException', ({ message }) => L(`caught ${message}`))
      for (let i = 0; i < 12; i++) {
        const throws = () => {
          L(`A${i}`)
          process.nextTick(L, `A${i}.tick`)
          throw new Error(i)
        }
        setTimeout(throws, 1 + (i % 3))
        for (let j = 0; j < 3e5; j++);
      }
    },
  },
  {
    id: 'N10',
    title: 'four reads of one file',
    unordered: true,
    program: (L) => {
      for (let i = 0; i < 4; i++) require('node:fs').readFile(__filename, () => L(`read ${i}`))
    },
  },
  {
    id: 'N11',
    title: 'fs.stat against setImmediate and setTimeout(0)',
    program: (L) => {
      require('node:fs').stat(__filename, () => L('stat'))
      setImmediate(() => L('immediate'))
      setTimeout(() => L('timeout'), 0)
    },
  },
  {
    id: 'N14',
    title: 'zlib against timers',
    program: (L) => {
      require('node:zlib').deflate(Buffer.alloc(20000), () => L('zlib'))
      setTimeout(() => L('timeout 1'), 1)
      setTimeout(() => L('timeout 2'), 1)
      setImmediate(() => L('immediate'))
    },
  },
  {
    id: 'N15',
    title: 'messages against immediates and timers',
    program: (L) => {
      const { port1, port2 } = new MessageChannel()
      port2.onmessage = ({ data }) => {
        L(`message ${data}`)
        if (data === 2) port1.close()
      }
      port1.postMessage(1)
      port1.postMessage(2)
      setImmediate(() => L('immediate 1'))
      setImmediate(() => L('immediate 2'))
      setTimeout(() => L('timeout'), 0)
    },
  },
  {
    id: 'N17',
    title: 'the end of a child against timers',
    program: (L) => {
      require('node:child_process').execFile(process.execPath, ['--version'], () => L('child'))
      for (const delay of [1, 20, 40]) setTimeout(() => L(`timeout ${delay}`), delay)
    },
  },
  {
    id: 'N18',
    title: 'a connection and its data against timers',
    program: (L) => {
      const net = require('node:net')
      const server = net.createServer((socket) => {
        L('connection')
        socket.end('x')
      })
      server.listen(0, '127.0.0.1', () => {
        const socket = net.connect(server.address().port, '127.0.0.1', () => L('socket connected'))
        socket.on('data', () => L('socket data'))
        socket.on('close', () => {
          L('socket closed')
          server.close()
        })
        setImmediate(() => L('immediate'))
        setTimeout(() => L('timeout'), 0)
      })
    },
  },
  {
    id: 'N21',
    title: 'AbortSignal.timeout against setTimeout, pairwise',
    program: (L) => {
      const kept = []
      // Signals keep nothing alive.
      const alive = setTimeout(() => {}, 1e6)
      let left = 10
      for (let i = 0; i < 10; i++) {
        const signal = AbortSignal.timeout(5)
        kept.push(signal)
        signal.addEventListener('abort', () => {
          L(`signal ${i}`)
          if (--left > 0) return
          L(`end ${kept.length}`)
          clearTimeout(alive)
        })
        setTimeout(() => L(`timeout ${i}`), 4)
        for (let k = 0; k < 3e5; k++);
      }
    },
  },
  {
    id: 'N22',
    title: 'a chain of immediates against a chain of timers',
    program: (L) => {
      let immediates = 0
      let timeouts = 0
      setImmediate(function next() {
        L(`immediate ${immediates}`)
        if (++immediates < 6) setImmediate(next)
      })
      setTimeout(function next() {
        L(`timeout ${timeouts}`)
        if (++timeouts < 3) setTimeout(next, 1)
      }, 1)
    },
  },
]
