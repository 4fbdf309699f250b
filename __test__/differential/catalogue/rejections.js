'use strict'
// Unhandled rejections and late handlers. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D78',
    title: 'unhandledRejection fires after ticks and microtasks, before the loop',
    program: (L, busy) => {
      UR(L)
      Promise.reject('r1')
      process.nextTick(() => L('t1'))
      queueMicrotask(() => L('m1'))
      setTimeout(() => L('timer'), 1)
      setImmediate(() => L('imm'))
      busy(5)
    },
  },
  {
    id: 'D79',
    title: 'a handler added in a tick, a microtask, or a tick queued by a microtask is in time',
    program: (L) => {
      UR(L)
      const a = Promise.reject('a'),
        b = Promise.reject('b'),
        c = Promise.reject('c')
      process.nextTick(() => a.catch(() => L('ca')))
      queueMicrotask(() => b.catch(() => L('cb')))
      queueMicrotask(() => process.nextTick(() => c.catch(() => L('cc'))))
    },
  },
  {
    id: 'D81',
    title: 'rejection inside a timer is reported between the timers',
    program: (L, busy) => {
      UR(L)
      setTimeout(() => {
        L('A')
        Promise.reject('a')
        process.nextTick(() => L('A.tick'))
        queueMicrotask(() => L('A.micro'))
      }, 1)
      setTimeout(() => L('B'), 1)
      busy(5)
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D82',
    title: 'rejection inside an immediate is reported between the immediates',
    program: (L) => {
      UR(L)
      setImmediate(() => {
        L('A')
        Promise.reject('a')
      })
      setImmediate(() => L('B'))
    },
  },
  {
    id: 'D83',
    title: 'two rejections: both events, then their ticks, then their microtasks',
    program: (L) => {
      UR(L)
      Promise.reject('r1')
      Promise.reject('r2')
      process.nextTick(() => L('t'))
      queueMicrotask(() => L('m'))
    },
  },
  {
    id: 'D84',
    title: 'a rejection made by the handler is reported in the next round, before the loop',
    program: (L) => {
      let n = 0
      process.on('unhandledRejection', (r) => {
        L(`UR(${r})`)
        if (n++ < 2) Promise.reject(`n${n}`)
      })
      Promise.reject('r')
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D86',
    title: 'async function rejections: sync throw and throw after await',
    program: (L) => {
      UR(L)
      ;(async () => {
        L('a')
        throw 'x'
      })()
      ;(async () => {
        await null
        L('b')
        throw 'y'
      })()
      L('sync')
      process.nextTick(() => L('t'))
    },
  },
  {
    id: 'D87',
    title: 'Promise.all: one unhandled rejection, the second input is considered handled',
    program: (L) => {
      UR(L)
      Promise.all([Promise.reject('a'), Promise.reject('b')])
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D88',
    title: 'handled in the unhandledRejection handler: catch runs, then rejectionHandled',
    program: (L) => {
      process.on('unhandledRejection', (r, p) => {
        L(`UR(${r})`)
        p.catch(() => L('c'))
      })
      process.on('rejectionHandled', () => L('RH'))
      Promise.reject('r')
    },
  },
]
