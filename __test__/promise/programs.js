'use strict'
// Programs of promises, for the native class and for ours alike: `run(P, log)`.

const { N, as, deferred, thenable } = require('./tools')

module.exports = {
  'then on a settled promise'(P, log) {
    P.resolve(1).then(as(log, 'a')).then(as(log, 'b'))
    P.reject(2).then(undefined, as(log, 'c')).then(as(log, 'd'))
    log('sync')
  },
  'then on a pending promise'(P, log) {
    const { promise, resolve } = deferred(P)
    for (const name of ['a', 'b', 'c']) promise.then(as(log, name)).then(as(log, `${name}2`))
    N.resolve().then(() => {
      log('before')
      resolve(1)
      N.resolve().then(() => log('native'))
      promise.then(as(log, 'late'))
    })
  },
  'a value goes past missing handlers'(P, log) {
    P.resolve(1).then().then(null, 5).catch('x').then(as(log, 'value'))
    P.reject(1).then(as(log, 'never')).then(null).catch(as(log, 'reason'))
  },
  'resolving with a thenable costs a tick, then its own'(P, log) {
    P.resolve(thenable((resolve) => resolve(1))).then(as(log, 'sync thenable'))
    P.resolve(thenable((resolve) => N.resolve(2).then(resolve))).then(as(log, 'async thenable'))
    N.resolve()
      .then(() => {})
      .then(() => log('native 2'))
  },
  'resolving with a pending or settled promise costs two more'(P, log) {
    const { promise, resolve } = deferred(P)
    promise.then(as(log, 'adopted'))
    resolve(P.resolve(1))
    const late = deferred(P)
    new P((adopt) => adopt(late.promise)).then(as(log, 'adopted pending'))
    N.resolve().then(() => late.resolve(2))
  },
  'resolve locks in'(P, log) {
    log('sync')
    const first = deferred(P)
    const { promise, resolve, reject } = deferred(P)
    promise.then(as(log, 'value'), as(log, 'reason'))
    resolve(first.promise)
    resolve('second')
    reject('third')
    N.resolve().then(() => first.resolve('first'))
  },
  'a promise resolved with itself is rejected'(P, log) {
    const { promise, resolve } = deferred(P)
    resolve(promise)
    promise.catch((error) => log(error.constructor.name))
    const child = P.resolve().then(() => child)
    child.catch((error) => log('child', error.constructor.name))
  },
  'thenables that misbehave'(P, log) {
    const show = (name, value) => P.resolve(value).then(as(log, `${name} value`), as(log, `${name} reason`))
    show(
      'throws',
      thenable(() => {
        throw 1
      }),
    )
    show(
      'throws late',
      thenable((resolve) => {
        resolve(2)
        throw 3
      }),
    )
    show(
      'calls twice',
      thenable((resolve, reject) => {
        resolve(4)
        reject(5)
        resolve(6)
      }),
    )
    show('getter throws', {
      // biome-ignore lint/suspicious/noThenProperty: a thenable
      get then() {
        log('getter')
        throw 7
      },
    })
    show('getter once', {
      // biome-ignore lint/suspicious/noThenProperty: a thenable
      get then() {
        log('getter')
        return (resolve) => resolve(8)
      },
    })
    show(
      'function',
      Object.assign(() => {}, { [['then'][0]]: (resolve) => resolve(9) }),
    )
    show(
      'locks in',
      thenable((resolve) => {
        resolve(thenable((again) => N.resolve(10).then(again)))
        resolve(11)
      }),
    )
    show('not callable', { [['then'][0]]: 12 })
  },
  'a getter that settles the promise again comes too late'(P, log) {
    log('sync')
    const { promise, resolve, reject } = deferred(P)
    promise.then(as(log, 'value'), as(log, 'reason'))
    resolve({
      // biome-ignore lint/suspicious/noThenProperty: a thenable
      get then() {
        reject('from the getter')
        return undefined
      },
      toString: () => 'object',
    })
  },
  finally(P, log) {
    P.resolve(1)
      .finally(() => log('f'))
      .then(as(log, 'kept'))
    P.reject(2)
      .finally(() => 'ignored')
      .catch(as(log, 'kept'))
    P.resolve(3)
      .finally(() => {
        throw 4
      })
      .catch(as(log, 'thrown'))
    P.resolve(5)
      .finally(() => P.reject(6))
      .catch(as(log, 'rejected'))
    P.resolve(7)
      .finally(() => P.resolve().then(() => log('waited')))
      .then(as(log, 'after'))
    P.resolve(8).finally('nothing').then(as(log, 'no function'))
  },
  'combinators of rejected inputs'(P, log) {
    for (const name of ['all', 'allSettled', 'any', 'race']) {
      P[name]([P.reject(1), P.reject(2)]).then(
        (v) => log(name, JSON.stringify(v)),
        (e) => log(name, e, e.errors),
      )
    }
  },
  'combinators close their iterator when a then throws'(P, log) {
    function* values() {
      try {
        yield 1
        yield {
          constructor: P,
          // biome-ignore lint/suspicious/noThenProperty: a thenable
          get then() {
            throw new Error('no then')
          },
        }
        yield 3
      } finally {
        log('closed')
      }
    }
    class Q extends P {
      static resolve(value) {
        return typeof value === 'object' ? value : P.resolve.call(Q, value)
      }
    }
    for (const name of ['all', 'allSettled', 'any', 'race']) Q[name](values()).then(as(log, 'no'), as(log, name))
    P.all(5).catch((error) => log(error.constructor.name))
  },
  'between queueMicrotask and nextTick'(P, log) {
    P.resolve()
      .then(() => log('a'))
      .then(() => log('b'))
    queueMicrotask(() => log('micro 1'))
    P.resolve().then(() => {
      process.nextTick(() => log('tick'))
      queueMicrotask(() => log('micro 2'))
      P.resolve().then(() => log('c'))
    })
    N.resolve()
      .then(() => log('native 1'))
      .then(() => log('native 2'))
  },
  'handlers added while handlers run'(P, log) {
    const promise = P.resolve(1)
    promise.then(() => {
      log('outer')
      promise.then(() => log('inner'))
      queueMicrotask(() => log('micro'))
    })
    promise.then(() => log('second'))
    const { promise: pending, resolve } = deferred(P)
    pending.then(() => {
      log('pending outer')
      pending.then(() => log('pending inner'))
    })
    pending.then(() => log('pending second'))
    resolve()
  },
  'one promise with many handlers'(P, log) {
    const { promise, resolve } = deferred(P)
    for (let i = 0; i < 200; i++) {
      promise.then(() => {
        if (i % 50 === 0) queueMicrotask(() => log('micro', i))
        log(i)
      })
    }
    resolve()
    N.resolve().then(() => log('native'))
  },
  subclasses(P, log) {
    class Q extends P {
      constructor(executor) {
        super(executor)
        log('new Q')
      }
    }
    const child = Q.resolve(1).then(as(log, 'a'))
    log(child instanceof Q, child.constructor === Q, Q.resolve(child) === child, P.resolve(child) === child)
    child.finally(() => log('f')).catch(() => {})
    Q.all([1, Q.resolve(2)]).then(as(log, 'all'))
    class Plain extends P {
      static get [Symbol.species]() {
        return P
      }
    }
    const plain = Plain.resolve(1).then(as(log, 'plain'))
    log(plain instanceof Plain)
    P.resolve(Q.resolve(3)).then(as(log, 'resolved with a subclass'))
  },
  'functions of a foreign constructor that throw'(P, log) {
    function Odd(executor) {
      executor(
        (value) => {
          log('resolve', value)
          throw new Error('resolve')
        },
        (reason) => log('reject', reason.message),
      )
    }
    const promise = P.resolve(1)
    promise.constructor = { [Symbol.species]: Odd }
    promise.then((value) => value + 1)
  },
}
