'use strict'
// Async context. In the form that `index.js` describes.

module.exports = [
  {
    id: 'D106',
    title: 'AsyncLocalStorage follows every primitive',
    program: (L, busy) => {
      const { AsyncLocalStorage } = require('node:async_hooks')
      const s = new AsyncLocalStorage()
      const g = (n) => () => L(`${n}=${s.getStore()}`)
      s.run(1, () => {
        setTimeout(g('timeout'), 1)
        setImmediate(g('immediate'))
        process.nextTick(g('tick'))
        queueMicrotask(g('micro'))
        Promise.resolve().then(g('then'))
        const iv = setInterval(() => {
          g('interval')()
          clearInterval(iv)
        }, 1)
        ;(async () => {
          await null
          g('await')()
        })()
      })
      s.run(2, () => setTimeout(g('two'), 1))
      g('outside')()
      busy(5)
    },
  },
  {
    id: 'D107',
    title: 'AsyncLocalStorage: refresh() keeps the context of creation for a pending timer',
    program: (L) => {
      const { AsyncLocalStorage } = require('node:async_hooks')
      const s = new AsyncLocalStorage()
      const t = s.run('create', () => setTimeout(() => L(s.getStore()), 1))
      s.run('refresh', () => t.refresh())
    },
  },
  {
    id: 'D108',
    title: 'the store seen in uncaughtException is that of the throwing timer, immediate or tick',
    program: (L, busy) => {
      const { AsyncLocalStorage } = require('node:async_hooks')
      const s = new AsyncLocalStorage()
      process.on('uncaughtException', () => L(`UE=${s.getStore()}`))
      s.run('timer', () =>
        setTimeout(() => {
          throw new Error('x')
        }, 1),
      )
      s.run('imm', () =>
        setImmediate(() => {
          throw new Error('x')
        }),
      )
      s.run('tick', () =>
        process.nextTick(() => {
          throw new Error('x')
        }),
      )
      busy(5)
    },
  },
  {
    id: 'D109',
    title: 'async_hooks: executionAsyncId / triggerAsyncId chain',
    program: (L, busy) => {
      const ah = require('node:async_hooks')
      const main = ah.executionAsyncId()
      setTimeout(() => {
        L(`trigger-is-main:${ah.triggerAsyncId() === main}`)
        const id = ah.executionAsyncId()
        setImmediate(() => L(`imm-trigger-is-timer:${ah.triggerAsyncId() === id}`))
        process.nextTick(() => L(`tick-trigger-is-timer:${ah.triggerAsyncId() === id}`))
      }, 1)
      busy(5)
    },
  },
]
