'use strict'
// What keeps the process alive, and how it ends. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D96',
    title: 'an unref()ed timer alone does not run',
    program: (L, busy) => {
      setTimeout(() => L('never'), 1).unref()
      busy(10)
    },
  },
  {
    id: 'D97',
    title: 'an unref()ed timer runs while a referenced one keeps the loop alive',
    program: (L) => {
      setTimeout(() => L('unrefed'), 1).unref()
      setTimeout(() => L('refed'), 60)
    },
  },
  {
    id: 'D98',
    title: 'ref() after unref() keeps the loop alive again',
    program: (L) => {
      setImmediate(() => {
        L('i')
        setTimeout(() => L('t'), 1)
          .unref()
          .ref()
      })
        .unref()
        .ref()
    },
  },
  {
    id: 'D99',
    title: 'an unref()ed timer that is due when the last immediate ends still runs (libuv >= 1.45: timers after check)',
    program: (L, busy) => {
      setImmediate(() => {
        setTimeout(() => L('t'), 1).unref()
        L('imm')
        busy(5)
      })
    },
  },
  {
    id: 'D101',
    title: 'beforeExit can revive the loop with a timer; it fires again each time the loop empties',
    program: (L) => {
      let n = 0
      process.on('beforeExit', () => {
        L(`be${n}`)
        if (n++ < 2) setTimeout(() => L('t'), 1)
      })
      process.on('exit', () => L('exit'))
    },
  },
  {
    id: 'D102',
    title: 'ticks and microtasks in beforeExit run, but do not revive the loop',
    program: (L) => {
      process.on('beforeExit', () => {
        L('be')
        process.nextTick(() => L('tick'))
        queueMicrotask(() => L('micro'))
      })
      process.on('exit', () => L('exit'))
    },
  },
  {
    id: 'D103',
    title: 'an immediate in beforeExit revives the loop; an unref()ed timer does not',
    program: (L) => {
      let n = 0
      process.on('beforeExit', () => {
        L(`be${n}`)
        n++
        if (n === 1) setImmediate(() => L('imm'))
        if (n === 2) setTimeout(() => L('never'), 1).unref()
      })
    },
  },
  {
    id: 'D104',
    title: 'nothing asynchronous runs after exit has begun',
    program: (L) => {
      process.on('exit', () => {
        L('exit')
        process.nextTick(() => L('never'))
        queueMicrotask(() => L('never'))
        setTimeout(() => L('never'), 0)
        setImmediate(() => L('never'))
      })
      setTimeout(() => L('t'), 1)
    },
  },
  {
    id: 'D105',
    title: 'an unref()ed interval that is due when the loop would end, and sets an immediate, has had its phase',
    program: (L, busy) => {
      let n = 0
      const interval = setInterval(() => {
        L(`i${n}`)
        interval.unref()
        setImmediate(() => L('imm'))
        if (++n === 3) clearInterval(interval)
        busy(30)
      }, 15)
    },
  },
]
