'use strict'
// Timeouts: the order of lists, what drains between them, clearing. In the form that `index.js` describes.

const { LATE } = require('./late')

/** Sets three timers, the last one first. Those that are set later are due later than it if that takes too long. */
function setThree(L) {
  const start = performance.now()
  setTimeout(() => L('120'), 120)
  setTimeout(() => L('1'), 1)
  setTimeout(() => L('60'), 60)
  if (performance.now() - start >= 58) L(LATE)
}

module.exports = [
  {
    id: 'D18',
    title: 'ten timers of one duration run in creation order',
    program: (L, busy) => {
      for (let i = 0; i < 10; i++) setTimeout(() => L(i), 1)
      busy(5)
    },
  },
  {
    id: 'D19',
    title: 'all spellings of "minimum delay" fall into the 1 ms list, FIFO',
    program: (L, busy) => {
      ;[1, 0, undefined, NaN, -5, 'abc', null, 0.5, 1.9, '1', true, [1], Infinity, -Infinity, {}, '', false].forEach(
        (d, i) => {
          setTimeout(() => L(i), d)
        },
      )
      busy(5)
    },
  },
  {
    id: 'D21',
    title: 'different durations due in the same phase run by expiry',
    program: (L, busy) => {
      setThree(L)
      busy(150)
    },
  },
  {
    id: 'D22',
    title: 'different durations, each due in its own phase',
    program: setThree,
  },
  {
    id: 'D23',
    title: 'ticks then microtasks drain between two timers of one list',
    program: (L, busy) => {
      for (const n of ['A', 'B', 'C'])
        setTimeout(() => {
          L(n)
          queueMicrotask(() => L(`${n}.micro`))
          process.nextTick(() => {
            L(`${n}.tick`)
            queueMicrotask(() => L(`${n}.tick.micro`))
          })
        }, 1)
      busy(5)
    },
  },
  {
    id: 'D24',
    title: 'ticks then microtasks drain between two lists due in one phase',
    program: (L, busy) => {
      for (const [n, d] of [
        ['A', 1],
        ['B', 60],
      ])
        setTimeout(() => {
          L(n)
          queueMicrotask(() => L(`${n}.micro`))
          process.nextTick(() => L(`${n}.tick`))
        }, d)
      busy(90)
    },
  },
  {
    id: 'D26',
    title: 'immediate set in a timer runs before a timer set in that timer, even if that one is due',
    program: (L, busy) => {
      setTimeout(() => {
        L('A')
        setTimeout(() => L('A.timer'), 0)
        setImmediate(() => L('A.imm'))
        busy(5)
      }, 1)
      busy(5)
    },
  },
  {
    id: 'D27',
    title: 'timers created in tick, microtask and sync code of one turn: creation order',
    program: (L, busy) => {
      process.nextTick(() => setTimeout(() => L('from-tick'), 1))
      queueMicrotask(() => setTimeout(() => L('from-micro'), 1))
      setTimeout(() => L('from-sync'), 1)
      process.nextTick(() =>
        queueMicrotask(() => {
          setTimeout(() => L('from-tick-micro'), 1)
          busy(5)
        }),
      )
    },
  },
  {
    id: 'D28',
    title: 'clearing a sibling of the same list, same batch',
    program: (L, busy) => {
      setTimeout(() => {
        L('A')
        clearTimeout(b)
      }, 1)
      const b = setTimeout(() => L('B'), 1)
      setTimeout(() => L('C'), 1)
      busy(5)
    },
  },
  {
    id: 'D29',
    title: 'clearing a sibling of another list due in the same phase',
    program: (L, busy) => {
      setTimeout(() => {
        L('A')
        clearTimeout(b)
      }, 1)
      const b = setTimeout(() => L('B'), 50)
      setTimeout(() => L('C'), 100)
      busy(130)
    },
  },
  {
    id: 'D31',
    title: 'clearing oneself, twice, and after firing is a no-op',
    program: (L, busy) => {
      const a = setTimeout(() => {
        L('A')
        clearTimeout(a)
        clearTimeout(a)
      }, 1)
      setTimeout(() => {
        clearTimeout(a)
        L('B')
      }, 1)
      busy(5)
    },
  },
  {
    id: 'D32',
    title: 'clear and re-create: the new timer goes to the back',
    program: (L, busy) => {
      const a = setTimeout(() => L('a-old'), 1)
      setTimeout(() => L('b'), 1)
      clearTimeout(a)
      setTimeout(() => L('a-new'), 1)
      busy(5)
    },
  },
]
