'use strict'
// Arguments, clearing of foreign values, refusals and warnings. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D44',
    title: 'callback arguments',
    program: (L, busy) => {
      setTimeout((...a) => L(JSON.stringify(a)), 1, 1, '2', { a: 3 }, [4], null, undefined, 7)
      const i = setInterval(
        (...a) => {
          L(JSON.stringify(a))
          clearInterval(i)
        },
        1,
        'x',
        'y',
      )
      setImmediate((...a) => L(JSON.stringify(a)), 1, 2, 3, 4, 5)
      busy(5)
    },
  },
  {
    id: 'D46',
    title: 'clearTimeout / clearInterval of foreign values never throw',
    program: (L) => {
      let bad = 0
      for (const v of [
        undefined,
        null,
        {},
        [],
        NaN,
        '',
        'abc',
        true,
        () => {},
        Symbol('x'),
        0,
        -1,
        1e9,
        10n,
        { _onTimeout: null },
      ])
        for (const f of [clearTimeout, clearInterval])
          try {
            if (f(v) !== undefined) bad++
          } catch {
            bad++
          }
      clearImmediate(undefined)
      clearImmediate(null)
      clearImmediate(0)
      clearImmediate('')
      L(bad)
      setTimeout(() => L('still-works'), 1)
    },
  },
  {
    id: 'D47',
    title: 'non-functions throw ERR_INVALID_ARG_TYPE synchronously, nothing is scheduled',
    program: (L) => {
      for (const f of [setTimeout, setInterval, setImmediate, queueMicrotask, process.nextTick])
        for (const v of ['code', undefined, null, {}, 5])
          try {
            f(v, 1)
            L('no-throw')
          } catch (e) {
            if (e.code !== 'ERR_INVALID_ARG_TYPE' || !(e instanceof TypeError)) L(`${f.name}:${e.code}`)
          }
      L('done')
    },
  },
  {
    id: 'D48',
    title: 'TimeoutOverflowWarning: emitted through a tick, delay becomes 1',
    program: (L, busy) => {
      process.on('warning', (w) => L(w.name))
      process.nextTick(() => L('t0'))
      const t = setTimeout(() => L('fired'), 2 ** 31)
      setTimeout(() => L('next'), 1)
      process.nextTick(() => L('t1'))
      queueMicrotask(() => L('m'))
      busy(5)
      L(t._idleTimeout === undefined ? 1 : t._idleTimeout)
    },
  },
]
