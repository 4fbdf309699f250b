'use strict'
// Immediates: batches, clearing. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D49',
    title: 'immediates run FIFO; ticks then microtasks drain between them',
    program: (L) => {
      for (const n of ['A', 'B', 'C'])
        setImmediate(() => {
          L(n)
          queueMicrotask(() => L(`${n}.micro`))
          process.nextTick(() => L(`${n}.tick`))
        })
    },
  },
  {
    id: 'D51',
    title: 'an immediate set by a tick or microtask between immediates also waits',
    program: (L) => {
      setImmediate(() => {
        L('A')
        process.nextTick(() => setImmediate(() => L('from-tick')))
        queueMicrotask(() => setImmediate(() => L('from-micro')))
      })
      setImmediate(() => L('B'))
    },
  },
  {
    id: 'D52',
    title: 'a timer that becomes due while immediates run goes before nested immediates',
    program: (L, busy) => {
      setImmediate(() => {
        L('A')
        setTimeout(() => L('t'), 1)
        setImmediate(() => L('C'))
        busy(5)
      })
      setImmediate(() => L('B'))
    },
  },
  {
    id: 'D53',
    title: 'timers and immediates alternate by phase when every timer is made due',
    program: (L, busy) => {
      let n = 0
      const turn = () => {
        const k = n++
        L(`t${k}`)
        setImmediate(() => L(`i${k}`))
        if (n < 4) setTimeout(turn, 1)
        busy(5)
      }
      setTimeout(turn, 1)
      busy(5)
    },
  },
  {
    id: 'D54',
    title: 'clearing a sibling immediate from the callback',
    program: (L) => {
      setImmediate(() => {
        L('A')
        clearImmediate(b)
        clearImmediate(d)
        setImmediate(() => L('N'))
      })
      const b = setImmediate(() => L('B'))
      setImmediate(() => L('C'))
      const d = setImmediate(() => L('D'))
    },
  },
  {
    id: 'D56',
    title: 'clearing all remaining immediates from a microtask, then adding one',
    program: (L) => {
      setImmediate(() => {
        L('A')
        queueMicrotask(() => {
          clearImmediate(b)
          clearImmediate(c)
          setImmediate(() => L('N'))
        })
      })
      const b = setImmediate(() => L('B')),
        c = setImmediate(() => L('C'))
    },
  },
  {
    id: 'D57',
    title: 'clearing an immediate before the loop starts, from a tick',
    program: (L) => {
      const a = setImmediate(() => L('A'))
      setImmediate(() => L('B'))
      process.nextTick(() => clearImmediate(a))
    },
  },
  {
    id: 'D58',
    title: '2000 immediates: one batch, a tick after each',
    program: (L) => {
      let last = -1,
        ok = true
      for (let i = 0; i < 2000; i++)
        setImmediate(() => {
          if (last !== i - 1) ok = false
          process.nextTick(() => {
            last = i
            if (i === 1999) L(`ordered:${ok}`)
          })
        })
      setImmediate(() => L('end'))
    },
  },
  {
    id: 'D59',
    title: 'unref()ed immediate alone never runs',
    program: (L) => {
      setImmediate(() => L('never')).unref()
    },
  },
]
