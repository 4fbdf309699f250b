'use strict'
// Next ticks, microtasks and native promises. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D01',
    title: 'main script: sync, ticks, microtasks, due timer, immediate',
    program: (L, busy) => {
      setTimeout(() => L('timeout'), 1)
      setImmediate(() => L('immediate'))
      process.nextTick(() => L('tick'))
      Promise.resolve().then(() => L('then'))
      queueMicrotask(() => L('micro'))
      L('sync')
      busy(5)
    },
  },
  {
    id: 'D02',
    title: 'ticks queued by ticks run before any microtask',
    program: (L) => {
      Promise.resolve().then(() => L('then'))
      process.nextTick(() => {
        L('t1')
        process.nextTick(() => {
          L('t1.1')
          process.nextTick(() => L('t1.1.1'))
        })
        queueMicrotask(() => L('m-from-t1'))
      })
      process.nextTick(() => L('t2'))
    },
  },
  {
    id: 'D03',
    title: 'microtasks queue ticks and microtasks: all microtasks first, then the ticks',
    program: (L) => {
      queueMicrotask(() => {
        L('m1')
        process.nextTick(() => L('t-from-m1'))
        queueMicrotask(() => L('m-from-m1'))
      })
      queueMicrotask(() => L('m2'))
      process.nextTick(() => L('t1'))
      process.nextTick(() => {
        L('t2')
        queueMicrotask(() => L('m-from-t2'))
        process.nextTick(() => L('t-from-t2'))
      })
    },
  },
  {
    id: 'D04',
    title: 'a 1000-long microtask chain starves ticks; a 1000-long tick chain starves microtasks',
    program: (L) => {
      let n = 0
      const f = () => {
        if (++n < 1000) queueMicrotask(f)
        else L('micro-chain-done')
      }
      f()
      process.nextTick(() => {
        L('tick')
        let k = 0
        const g = () => {
          if (++k < 1000) process.nextTick(g)
          else L('tick-chain-done')
        }
        g()
        queueMicrotask(() => L('m-after-ticks'))
      })
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D06',
    title: 'ping-pong between the two queues: tick -> micro -> tick -> micro',
    program: (L) => {
      process.nextTick(() => {
        L('t1')
        queueMicrotask(() => {
          L('m1')
          process.nextTick(() => {
            L('t2')
            queueMicrotask(() => {
              L('m2')
              process.nextTick(() => L('t3'))
            })
          })
        })
      })
      setImmediate(() => L('imm'))
    },
  },
  {
    id: 'D07',
    title: 'arguments: nextTick passes its extra arguments, queueMicrotask passes none',
    program: (L) => {
      process.nextTick((...a) => L(`tick${JSON.stringify(a)}`), 1, 'b', null, [4], 5, 6)
      queueMicrotask((...a) => L(`micro${JSON.stringify(a)}`), 1, 2)
      Promise.resolve(7).then((...a) => L(`then${JSON.stringify(a)}`))
    },
  },
  {
    id: 'D08',
    title: 'this in callbacks (strict mode)',
    program: (L, busy) => {
      const t = setTimeout(function () {
        L(`timeout:${this === t}`)
      }, 1)
      const i = setInterval(function () {
        L(`interval:${this === i}`)
        clearInterval(this)
      }, 1)
      const m = setImmediate(function () {
        L(`immediate:${this === m}`)
      })
      process.nextTick(function () {
        L(`tick:${this}`)
      })
      queueMicrotask(function () {
        L(`micro:${this}`)
      })
      busy(5)
    },
  },
  {
    id: 'D09',
    title: 'returning a promise from then costs two extra microtask turns',
    program: (L) => {
      const p = Promise.resolve()
      p.then(() => {
        L('1')
        return Promise.resolve()
      }).then(() => L('5'))
      p.then(() => L('2'))
        .then(() => L('3'))
        .then(() => L('4'))
        .then(() => L('6'))
    },
  },
  {
    id: 'D11',
    title: 'reject(promise) does not adopt; resolve(self) rejects with TypeError; later settles are ignored',
    program: (L) => {
      const inner = Promise.resolve('x')
      new Promise((_, r) => r(inner)).catch((v) => L(`rejected-with-inner:${v === inner}`))
      let r2
      const self = new Promise((r) => {
        r2 = r
      })
      r2(self)
      self.catch((e) => L(e.constructor.name))
      new Promise((r, j) => {
        r(1)
        j(2)
        r(3)
        throw new Error('no')
      }).then((v) => L(`v${v}`))
    },
  },
  {
    id: 'D12',
    title: 'then / catch / finally hop counts',
    program: (L) => {
      Promise.reject(new Error('e'))
        .finally(() => L('fin'))
        .catch(() => L('catch-after-fin'))
      Promise.reject(1)
        .catch(() => L('catch'))
        .then(() => L('then-after-catch'))
      let q = Promise.resolve()
      for (let i = 1; i <= 5; i++) q = q.then(() => L(`p${i}`))
    },
  },
  {
    id: 'D13',
    title: 'all / race / allSettled / any against a plain chain',
    program: (L) => {
      const r = (v) => Promise.resolve(v)
      Promise.all([r(1), r(2)]).then(() => L('all'))
      Promise.race([r(1), r(2)]).then(() => L('race'))
      Promise.allSettled([r(1), Promise.reject(2)]).then(() => L('settled'))
      Promise.any([Promise.reject(0), r(1)]).then(() => L('any'))
      let q = r()
      for (let i = 1; i <= 5; i++) q = q.then(() => L(`p${i}`))
    },
  },
  {
    id: 'D14',
    title: 'subclass then: reactions keep order and class',
    program: (L) => {
      class P extends Promise {}
      const p = P.resolve(1)
      const q = p.then((v) => {
        L(`a${v}`)
        return v + 1
      })
      L(q instanceof P)
      p.then(() => L('b'))
      q.then((v) => L(`c${v}`))
      P.all([p, q]).then((a) => L(`all${a}`))
    },
  },
  {
    id: 'D16',
    title: 'async function returning a value / awaited promise / promise',
    program: (L) => {
      ;(async () => Promise.resolve('x'))().then(() => L('ret-promise'))
      ;(async () => 'x')().then(() => L('ret-value'))
      ;(async () => await Promise.resolve('x'))().then(() => L('ret-await'))
      let q = Promise.resolve()
      for (let i = 1; i <= 5; i++) q = q.then(() => L(`p${i}`))
    },
  },
  {
    id: 'D17',
    title: 'executor runs synchronously; handlers added late still run as microtasks',
    program: (L) => {
      const p = new Promise((r) => {
        L('exec')
        r(1)
      })
      L('after')
      setTimeout(() => {
        L('timer')
        p.then(() => L('late-then'))
        queueMicrotask(() => L('late-micro'))
        process.nextTick(() => L('late-tick'))
        L('timer-end')
      }, 1)
    },
  },
]
