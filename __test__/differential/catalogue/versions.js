'use strict'
// Programs whose order differs between versions of Node. In the form that `index.js` describes.

/** A long chain of immediates, with what is done in each, by its number. */
const chain = (L, length, visit) => {
  let number = 0
  const next = () => {
    L(String(++number))
    visit(number)
    if (number < length) setImmediate(next)
  }
  setImmediate(next)
}

const throwingTick = () => {
  throw new Error('a')
}

module.exports = [
  {
    id: 'V01',
    title: 'timers phase entered again when its closing drain re-read the clock (libuv < 1.48)',
    program: (L, busy) => {
      setTimeout(() => {
        L('A')
        process.nextTick(() => {
          L('A.tick')
          setTimeout(() => L('late'), 1)
          busy(4)
        })
        setTimeout(() => L('child'), 1)
        setImmediate(() => L('imm'))
        busy(4)
      }, 1)
      busy(4)
    },
  },
  {
    id: 'V02',
    title: 'ticks left behind by a throwing tick, next phase is check: drained before or after the first immediate',
    program: (L) => {
      UE(L)
      setImmediate(() => L('imm'))
      process.nextTick(() => {
        L('k1')
        throw new Error('k1')
      })
      process.nextTick(() => L('k2'))
    },
  },
  {
    id: 'V03',
    title: 'an unref()ed timer due when the last immediate ends (libuv < 1.45 does not run it)',
    program: (L, busy) => {
      setImmediate(() => {
        setTimeout(() => L('t'), 1).unref()
        L('imm')
        busy(5)
      })
    },
  },
  {
    id: 'V04',
    title: 'second rejection handled while the first is being reported',
    program: (L) => {
      UR(L)
      Promise.reject('r1')
      const b = Promise.reject('r2')
      process.once('unhandledRejection', () => {
        b.catch(() => L('bc'))
      })
    },
  },
  {
    id: 'V05',
    title: 'unhandledRejection handler throws: what happens to the second rejection',
    program: (L) => {
      process.on('uncaughtException', (e) => L(`UE:${e.message}`))
      process.on('unhandledRejection', (r) => {
        L(`UR:${r}`)
        throw new Error('fromUR')
      })
      Promise.reject('r1')
      Promise.reject('r2')
      setImmediate(() => L('imm'))
      process.nextTick(() => L('tick'))
    },
  },
  {
    id: 'V06',
    title: 'AsyncLocalStorage store in uncaughtException for a throwing queueMicrotask',
    program: (L) => {
      const { AsyncLocalStorage } = require('node:async_hooks')
      const s = new AsyncLocalStorage()
      process.on('uncaughtException', () => L(`UE=${s.getStore()}`))
      s.run('micro', () =>
        queueMicrotask(() => {
          throw new Error('x')
        }),
      )
    },
  },
  {
    id: 'V07',
    title: 'warnings for negative and NaN delays',
    program: (L) => {
      process.on('warning', (w) => L(w.name))
      for (const d of [-1, -2, NaN, 'abc', undefined, null, 0, 2 ** 31]) clearTimeout(setTimeout(() => {}, d))
    },
  },
  {
    id: 'V08',
    title:
      'clearImmediate(foreign object) (a Node bug up to 22: the immediate count is corrupted and the next immediate is lost)',
    program: (L) => {
      clearImmediate({})
      setImmediate(() => L('imm'))
      setTimeout(() => {
        L('t')
        process.exit()
      }, 60)
    },
  },
  {
    id: 'V09',
    title: 'clearImmediate(timeout)',
    program: (L) => {
      const t = setTimeout(() => L('t'), 5)
      clearImmediate(t)
      setTimeout(() => {
        L('end')
        process.exit()
      }, 60)
    },
  },
  {
    id: 'V10',
    title: 'function lengths and module keys',
    program: (L) => {
      L([setTimeout, setInterval, setImmediate].map((f) => f.length).join())
      L(Object.keys(require('node:timers')).join())
    },
  },
  {
    id: 'V11',
    title: 'multipleResolves event',
    program: (L) => {
      process.on('multipleResolves', (t) => L(t))
      new Promise((r, j) => {
        r(1)
        j(2)
        r(3)
      })
    },
  },
  {
    id: 'V12',
    title: 'in each of a long chain of immediates a tick throws: what is left of the drain waits for the next one',
    program: (L) => {
      UE(L)
      chain(L, 30, (number) => {
        process.nextTick(throwingTick)
        process.nextTick(() => L(`${number}.tick`))
        queueMicrotask(() => L(`${number}.micro`))
      })
    },
  },
  {
    id: 'V13',
    title: 'at the end of a long chain of immediates a tick throws: the handler hears of it, and what is left runs',
    program: (L) => {
      UE(L, () => setImmediate(() => L('after')))
      chain(L, 20, (number) => {
        if (number < 20) return
        process.nextTick(throwingTick)
        process.nextTick(() => L('tick'))
      })
    },
  },
]
