'use strict'
// The promise forms of the timers. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D89',
    title: 'util.promisify.custom and the timers.promises alias',
    program: (L) => {
      const u = require('node:util')
      L(setTimeout[u.promisify.custom] === tp().setTimeout)
      L(setImmediate[u.promisify.custom] === tp().setImmediate)
      L(require('node:timers').promises === tp())
      u.promisify(setTimeout)(1, 'v').then((v) => L(`t:${v}`))
    },
  },
  {
    id: 'D91',
    title: 'abort: event listeners run synchronously, then the rejection as microtask',
    program: (L) => {
      const ac = new AbortController()
      tp()
        .setTimeout(500, 'x', { signal: ac.signal })
        .then(
          () => L('no'),
          (e) => L(`${e.name}|${e.code}|${e.cause}`),
        )
      ac.signal.addEventListener('abort', () => L('listener'))
      setTimeout(() => {
        L('pre')
        ac.abort('why')
        L('post')
        process.nextTick(() => L('tick'))
      }, 1)
    },
  },
  {
    id: 'D92',
    title: 'already aborted signal rejects without scheduling',
    program: (L) => {
      tp()
        .setTimeout(5, 'x', { signal: AbortSignal.abort('w') })
        .catch((e) => L(`${e.name}|${e.cause}`))
      tp()
        .setImmediate('x', { signal: AbortSignal.abort('w') })
        .catch((e) => L(e.name))
      L('sync')
    },
  },
  {
    id: 'D93',
    title: 'setInterval async iterator: values, and the backlog after a slow consumer',
    program: (L) => {
      ;(async () => {
        let n = 0
        for await (const v of tp().setInterval(5, 'v')) {
          L(v + n)
          if (n === 0) await tp().setTimeout(60)
          if (++n === 4) break
        }
        L('end')
      })()
    },
  },
  {
    id: 'D94',
    title: 'scheduler.yield() is an immediate, scheduler.wait() a timer',
    program: (L, busy) => {
      const { scheduler } = tp()
      setImmediate(() => L('imm1'))
      scheduler.yield().then(() => L('yield'))
      setImmediate(() => L('imm2'))
      scheduler.wait(1).then(() => L('wait'))
      busy(5)
    },
  },
]
