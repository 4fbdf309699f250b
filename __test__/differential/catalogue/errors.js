'use strict'
// Throws in callbacks, ticks and microtasks. In the form that `index.js` describes.

/** A callback that leaves a microtask behind a tick that throws. */
const throwInTick = (L) => () => {
  L('A')
  process.nextTick(() => {
    L('A.tick')
    queueMicrotask(() => L('A.micro'))
    throw new Error('a')
  })
}

/** A callback that leaves a microtask that queues another, and throws. */
const throwBehindMicrotasks = (L) => () => {
  queueMicrotask(() => {
    L('first')
    queueMicrotask(() => L('second'))
  })
  throw new Error('a')
}

module.exports = [
  {
    id: 'D61',
    title: 'throw in a timer: the next timer of the same list runs before the pending ticks',
    program: (L, busy) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'))
        queueMicrotask(() => L('ue.micro'))
      })
      setTimeout(() => {
        L('A')
        process.nextTick(() => L('A.tick'))
        queueMicrotask(() => L('A.micro'))
        throw new Error('a')
      }, 1)
      setTimeout(() => {
        L('B')
        process.nextTick(() => L('B.tick'))
      }, 1)
      setTimeout(() => L('C'), 1)
      busy(5)
    },
  },
  {
    id: 'D62',
    title: 'throw in the last timer of a list: ticks drain before the next list',
    program: (L, busy) => {
      UE(L)
      setTimeout(() => {
        L('A')
        process.nextTick(() => L('A.tick'))
        queueMicrotask(() => L('A.micro'))
        throw new Error('a')
      }, 1)
      setTimeout(() => L('D'), 60)
      busy(90)
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D63',
    title: 'throw in a timer that cleared itself: its (now deleted) list no longer separates it from the next list',
    program: (L, busy) => {
      UE(L)
      const a = setTimeout(() => {
        L('A')
        process.nextTick(() => L('A.tick'))
        clearTimeout(a)
        throw new Error('a')
      }, 1)
      setTimeout(() => L('D'), 60)
      busy(90)
    },
  },
  {
    id: 'D64',
    title: 'throw in the only timer: ticks drain at the end of the timers phase, before immediates',
    program: (L, busy) => {
      UE(L)
      setTimeout(() => {
        L('A')
        process.nextTick(() => L('A.tick'))
        setImmediate(() => L('imm'))
        throw new Error('a')
      }, 1)
      busy(5)
    },
  },
  {
    id: 'D66',
    title: 'throw in an immediate: the next immediate runs before the pending ticks',
    program: (L) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'))
        queueMicrotask(() => L('ue.micro'))
      })
      setImmediate(() => {
        L('A')
        process.nextTick(() => L('A.tick'))
        queueMicrotask(() => L('A.micro'))
        throw new Error('a')
      })
      setImmediate(() => {
        L('B')
        process.nextTick(() => L('B.tick'))
      })
      setImmediate(() => L('C'))
    },
  },
  {
    id: 'D67',
    title: 'throw in the last immediate: its ticks wait for the next check phase, behind the new immediates',
    program: (L) => {
      UE(L)
      setImmediate(() => {
        L('A')
        process.nextTick(() => L('A.tick'))
        queueMicrotask(() => L('A.micro'))
        setImmediate(() => L('N'))
        throw new Error('a')
      })
    },
  },
  {
    id: 'D68',
    title: 'two throwing immediates',
    program: (L) => {
      UE(L, () => process.nextTick(() => L('ue.tick')))
      setImmediate(() => {
        L('A')
        throw new Error('a')
      })
      setImmediate(() => {
        L('B')
        throw new Error('b')
      })
      setImmediate(() => L('C'))
    },
  },
  {
    id: 'D69',
    title: 'throw in a tick of the main script: a due timer runs before the remaining ticks',
    program: (L, busy) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'))
        queueMicrotask(() => L('ue.micro'))
      })
      process.nextTick(() => L('t1'))
      process.nextTick(() => {
        L('t2')
        throw new Error('t2')
      })
      process.nextTick(() => L('t3'))
      queueMicrotask(() => L('m1'))
      setTimeout(() => L('timer'), 1)
      setImmediate(() => L('imm'))
      busy(5)
    },
  },
  {
    id: 'D71',
    title: 'throw in a tick between immediates',
    program: (L) => {
      UE(L)
      setImmediate(() => {
        L('A')
        process.nextTick(() => {
          L('t1')
          throw new Error('t1')
        })
        process.nextTick(() => L('t2'))
        queueMicrotask(() => L('m1'))
      })
      setImmediate(() => {
        L('B')
        process.nextTick(() => L('B.tick'))
      })
      setImmediate(() => L('C'))
    },
  },
  {
    id: 'D72',
    title: 'throw in queueMicrotask: the drain continues, ticks follow',
    program: (L, busy) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'))
        queueMicrotask(() => L('ue.micro'))
      })
      queueMicrotask(() => L('m1'))
      queueMicrotask(() => {
        L('m2')
        throw new Error('m2')
      })
      queueMicrotask(() => L('m3'))
      process.nextTick(() => L('t1'))
      setTimeout(() => L('timer'), 1)
      setImmediate(() => L('imm'))
      busy(5)
    },
  },
  {
    id: 'D73',
    title: 'throw in queueMicrotask between timers',
    program: (L, busy) => {
      UE(L)
      setTimeout(() => {
        L('A')
        queueMicrotask(() => L('m1'))
        queueMicrotask(() => {
          L('m2')
          throw new Error('m2')
        })
        queueMicrotask(() => L('m3'))
        process.nextTick(() => L('t1'))
      }, 1)
      setTimeout(() => L('B'), 1)
      busy(5)
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D74',
    title: 'throw in the main script: ticks and microtasks still drain before the loop',
    program: (L, busy) => {
      UE(L, () => process.nextTick(() => L('ue.tick')))
      process.nextTick(() => L('t1'))
      queueMicrotask(() => L('m1'))
      setTimeout(() => L('timer'), 1)
      setImmediate(() => L('imm'))
      busy(5)
      throw new Error('main')
    },
  },
  {
    id: 'D76',
    title: 'no handler: exit code 1, nothing else runs, exit event fires',
    exitCode: 1,
    program: (L, busy) => {
      process.on('exit', (c) => L(`exit${c}`))
      setTimeout(() => {
        L('A')
        process.nextTick(() => L('never'))
        throw new Error('a')
      }, 1)
      setTimeout(() => L('never'), 1)
      busy(5)
    },
  },
  {
    id: 'D77',
    title: 'process.exit() inside a timer: siblings, ticks and immediates do not run',
    exitCode: 7,
    program: (L, busy) => {
      process.on('exit', () => L('exit'))
      setTimeout(() => {
        L('A')
        process.nextTick(() => L('never'))
        setImmediate(() => L('never'))
        process.exit(7)
      }, 1)
      setTimeout(() => L('never'), 1)
      busy(5)
    },
  },
  {
    id: 'N23',
    title:
      'a tick throws between two timers and the next one is cleared: the one behind runs without a drain before it',
    program: (L, busy) => {
      UE(L, () => clearTimeout(b))
      setTimeout(throwInTick(L), 1)
      const b = setTimeout(() => L('B'), 1)
      setTimeout(() => L('C'), 1)
      setTimeout(() => L('D'), 1)
      busy(8)
    },
  },
  {
    id: 'N24',
    title: 'a tick throws between two timers and the next one is refreshed: it has not been picked, and comes later',
    program: (L, busy) => {
      UE(L, () => b.refresh())
      setTimeout(throwInTick(L), 30)
      const b = setTimeout(() => L('B'), 30)
      setTimeout(() => L('C'), 30)
      setTimeout(() => L('D'), 30)
      busy(60)
    },
  },
  {
    id: 'N25',
    title:
      'a tick throws between two timers and the rest of their list is cleared: no drain comes before the next list',
    program: (L, busy) => {
      UE(L, () => clearTimeout(b))
      setTimeout(throwInTick(L), 1)
      const b = setTimeout(() => L('B'), 1)
      setTimeout(() => L('C'), 40)
      setTimeout(() => L('D'), 40)
      busy(80)
    },
  },
  {
    id: 'N26',
    title:
      'a tick throws between two lists and the next list is cleared: the one behind runs without a drain before it',
    program: (L, busy) => {
      UE(L, () => clearTimeout(b))
      setTimeout(throwInTick(L), 1)
      const b = setTimeout(() => L('B'), 30)
      setTimeout(() => L('C'), 60)
      busy(90)
    },
  },
  {
    id: 'N27',
    title: 'a tick throws between two lists and the next list is refreshed: it is passed over',
    program: (L, busy) => {
      UE(L, () => b.refresh())
      setTimeout(throwInTick(L), 1)
      const b = setTimeout(() => L('B'), 30)
      setTimeout(() => L('C'), 60)
      setTimeout(() => L('D'), 60)
      busy(90)
    },
  },
  {
    id: 'N28',
    title:
      'a tick throws between two timers and the rest of their list is refreshed: a drain comes before the next list',
    program: (L, busy) => {
      UE(L, () => b.refresh())
      setTimeout(throwInTick(L), 30)
      const b = setTimeout(() => L('B'), 30)
      setTimeout(() => L('C'), 60)
      setTimeout(() => L('D'), 60)
      busy(90)
    },
  },
  {
    id: 'N29',
    title:
      'no drain after a throw: the promise form of the next timer is settled ahead of what a microtask left there queues',
    program: (L, busy) => {
      UE(L)
      setTimeout(throwBehindMicrotasks(L), 1)
      tp()
        .setTimeout(1)
        .then(() => L('promise'))
      busy(8)
    },
  },
  {
    id: 'N30',
    title: 'no drain after a throw: the promise form of the next immediate is settled ahead of what a microtask queues',
    program: (L) => {
      UE(L)
      setImmediate(throwBehindMicrotasks(L))
      tp()
        .setImmediate()
        .then(() => L('promise'))
    },
  },
]
