'use strict'
// Programs about rejections that nobody handles: node rejection-programs.js NAME native|ours. All they say goes to stdout
// and stderr, and all that differs between the classes is left out of it.

const { AsyncLocalStorage } = require('node:async_hooks')

const programs = {
  'an error'(P) {
    P.reject(new Error('nobody cares'))
  },
  'no error'(P) {
    P.reject({ not: 'an error' })
  },
  'only the child of a then is reported'(P) {
    P.reject(new Error('once')).then(() => {})
  },
  'listeners get reason and promise'(P) {
    const reason = new Error('reason')
    const promise = P.reject(reason)
    process.on('unhandledRejection', (got, which) => console.log(got === reason, which === promise))
    process.on('exit', (code) => console.log('exit', code))
  },
  'events come in the order of the rejections, native ones among them'(P) {
    const promises = [P.reject(0), Promise.reject(1), P.reject(2), Promise.reject(3)]
    process.on('unhandledRejection', (reason, promise) => {
      console.log('unhandled', reason, promises.indexOf(promise))
      setTimeout(() => promises[3 - reason].catch(() => console.log('caught', 3 - reason)), 1)
      process.nextTick(() => console.log('tick', reason))
    })
    process.on('rejectionHandled', (promise) => console.log('handled', promises.indexOf(promise)))
  },
  'handled before the report is not reported'(P) {
    process.on('unhandledRejection', (reason) => console.log('unhandled', reason))
    process.on('rejectionHandled', () => console.log('never'))
    const promises = ['sync', 'microtask', 'tick', 'tick of a microtask', 'immediate'].map((name) => P.reject(name))
    const handle = (index) => promises[index].catch((reason) => console.log('caught', reason))
    handle(0)
    queueMicrotask(() => handle(1))
    process.nextTick(() => handle(2))
    queueMicrotask(() => process.nextTick(() => handle(3)))
    setImmediate(() => handle(4))
  },
  'the place between ticks, microtasks and timers'(P) {
    process.on('unhandledRejection', (reason) => console.log('unhandled', reason))
    setTimeout(() => {
      P.reject('in a timer')
      process.nextTick(() => console.log('tick'))
      queueMicrotask(() => console.log('microtask'))
    }, 1)
    setTimeout(() => console.log('next timer'), 1)
    const start = Date.now()
    while (Date.now() - start < 5);
  },
  'handled late twice and by await'(P) {
    const promise = P.reject('late')
    process.on('unhandledRejection', () => {
      setImmediate(async () => {
        promise.catch(() => console.log('first'))
        try {
          await promise
        } catch {
          console.log('second')
        }
      })
    })
    process.on('rejectionHandled', (which) => console.log('handled', which === promise))
  },
  'handled late without a listener for it'(P) {
    const promise = P.reject(new Error('late'))
    process.on('unhandledRejection', () => setImmediate(() => promise.catch(() => {})))
    process.on('warning', (warning) => console.log(warning.name, warning.message))
  },
  'a listener that throws'(P) {
    process.on('uncaughtException', (error, origin) => console.log('uncaught', error.message, origin))
    process.on('unhandledRejection', (reason) => {
      throw new Error(`listener ${reason}`)
    })
    P.reject(1)
    setImmediate(() => P.reject(2))
  },
  'uncaughtException instead of a listener'(P) {
    process.on('uncaughtException', (error, origin) => console.log('uncaught', error.message, origin))
    P.reject(new Error('one'))
    setImmediate(() => P.reject('two'))
  },
  'rejections made by a listener come in the next round'(P) {
    let left = 3
    process.on('unhandledRejection', (reason) => {
      console.log(reason)
      if (left-- > 0) P.reject(`again ${left}`)
    })
    P.reject('first')
    P.reject('second')
  },
  'a domain'(P) {
    const domain = require('node:domain').create()
    domain.on('error', (error) => console.log('domain', error.message))
    domain.run(() => P.reject(new Error('inside')))
    process.on('unhandledRejection', (reason) => console.log('outside', reason))
    P.reject('not inside')
  },
  'the async context is that of the rejection'(P) {
    const storage = new AsyncLocalStorage()
    process.on('unhandledRejection', (reason) => console.log(reason, storage.getStore()))
    storage.run('store', () => P.reject('in a store'))
    P.reject('in none')
  },
  'combinators handle their inputs'(P) {
    process.on('unhandledRejection', (reason) => console.log('unhandled', reason))
    P.all([P.reject(1), P.reject(2)])
    P.race([P.reject(3), P.reject(4)])
    P.allSettled([P.reject(5)])
    P.any([P.reject(6)]).catch(() => {})
  },
}

if (require.main === module) {
  const [name, which] = process.argv.slice(2)
  const { ChainedPromise } = require('../..')
  programs[name](which === 'ours' ? ChainedPromise : Promise)
}

module.exports = { names: Object.keys(programs) }
