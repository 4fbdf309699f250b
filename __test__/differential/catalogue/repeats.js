'use strict'
// Intervals and refreshed timers. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D33',
    title: 'interval and timeouts of one duration: the interval re-queues behind them',
    program: (L) => {
      let n = 0
      const i = setInterval(() => {
        L('i')
        if (++n === 3) clearInterval(i)
      }, 10)
      setTimeout(() => L('t1'), 10)
      setTimeout(() => L('t2'), 10)
    },
  },
  {
    id: 'D34',
    title: 'two intervals of one duration alternate',
    program: (L, busy) => {
      let n = 0,
        m = 0
      const i = setInterval(() => {
        L('i')
        if (++n === 3) clearInterval(i)
      }, 1)
      const j = setInterval(() => {
        L('j')
        if (++m === 3) clearInterval(j)
      }, 1)
      busy(5)
    },
  },
  {
    id: 'D36',
    title: 'interval slower than its period: no burst, one call per loop turn, check phase in between',
    program: (L, busy) => {
      let n = 0
      const i = setInterval(() => {
        L(`i${n}`)
        busy(5)
        setImmediate(() => L('imm'))
        if (++n === 3) clearInterval(i)
      }, 1)
    },
  },
  {
    id: 'D37',
    title: 'interval cleared by a sibling of its list',
    program: (L, busy) => {
      const i = setInterval(() => L('i'), 1)
      setTimeout(() => {
        L('t')
        clearInterval(i)
      }, 1)
      busy(5)
    },
  },
  {
    id: 'D38',
    title: 'refresh() moves a pending timer to the back of its list',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 1)
      setTimeout(() => L('b'), 1)
      a.refresh()
      busy(5)
    },
  },
  {
    id: 'D39',
    title: 'refresh() in its own callback re-arms once',
    program: (L) => {
      let n = 0
      const a = setTimeout(() => {
        L(`a${n}`)
        if (n++ < 2) a.refresh()
      }, 1)
    },
  },
  {
    id: 'D41',
    title: 'refresh() after clearTimeout is a no-op and returns the timer',
    program: (L) => {
      const a = setTimeout(() => L('a'), 1)
      clearTimeout(a)
      L(a.refresh() === a)
      setTimeout(() => L('end'), 10)
    },
  },
  {
    id: 'D42',
    title: 'refresh() of a due sibling from an earlier sibling postpones it to the next timers phase',
    program: (L, busy) => {
      setTimeout(() => {
        L('A')
        b.refresh()
        setImmediate(() => L('imm'))
        busy(5)
      }, 1)
      const b = setTimeout(() => L('B'), 1)
      setTimeout(() => L('C'), 1)
      busy(5)
    },
  },
  {
    id: 'D43',
    title: 'refresh() on an interval inside its callback',
    program: (L) => {
      let n = 0
      const a = setInterval(() => {
        L(`i${n}`)
        if (++n === 3) clearInterval(a)
        else a.refresh()
      }, 1)
    },
  },
  {
    id: 'D45',
    title: 'refresh() of a timer that fired and was cleared then keeps the loop alive, and calls nothing',
    program: (L) => {
      const a = setTimeout(() => L('a'), 30)
      setTimeout(() => {
        clearTimeout(a)
        setTimeout(() => L('unref’d'), 1).unref()
        L(a.refresh() === a)
      }, 60)
    },
  },
  {
    id: 'D30',
    title: 'a timer whose callback was taken away is passed over',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 1)
      const b = setInterval(() => L('b'), 1)
      setTimeout(() => L('c'), 1)
      a._onTimeout = null
      b._onTimeout = undefined
      busy(5)
    },
  },
  {
    id: 'D35',
    title: 'an interval refreshed by its own callback still goes behind what the callback sets afterwards',
    program: (L, busy) => {
      let n = 0
      const interval = setInterval(() => {
        L(`i${n}`)
        interval.refresh()
        setTimeout(() => L('t'), 10)
        if (++n === 2) clearInterval(interval)
        busy(30)
      }, 10)
      busy(30)
    },
  },
  {
    id: 'D40',
    title: 'refresh() in the drain before a due timer comes too late for it',
    program: (L, busy) => {
      setTimeout(() => {
        L('a')
        process.nextTick(() => b.refresh())
      }, 1)
      const b = setTimeout(() => L('b'), 1)
      setTimeout(() => L('c'), 1)
      busy(5)
    },
  },
]
