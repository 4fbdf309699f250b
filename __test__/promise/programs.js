'use strict'
// Programs of promises, for the native class and for ours alike: `run(P, log)`. `N` is always the native one.
//
// Where both meet, ours is to the language a class of its own, as a subclass of the native one would be: with that the
// `mixed` programs are compared.

const N = Promise

const deferred = (P) => {
  const d = {}
  d.promise = new P((resolve, reject) => Object.assign(d, { resolve, reject }))
  return d
}

/** `log` as a handler. */
const as = (log, name) => (value) => {
  log(name, String(value))
  return value
}

const thenable = (act) => ({
  // biome-ignore lint/suspicious/noThenProperty: a thenable
  then: act,
})

const own = {
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

const mixed = {
  'inputs whose functions are called twice'(P, log) {
    const twice = (first, second) => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable
      then(resolve, reject) {
        for (const settle of [first, second]) settle === 'resolve' ? resolve(settle) : reject(settle)
      },
    })
    class Q extends P {
      static resolve(value) {
        return value
      }
    }
    for (const name of ['all', 'allSettled', 'any', 'race']) {
      const inputs = [twice('resolve', 'resolve'), twice('reject', 'reject'), twice('reject', 'resolve'), P.resolve(4)]
      for (const list of [
        inputs,
        inputs.slice(0, 1),
        inputs.slice(1),
        [inputs[0], inputs[3]],
        [inputs[1], inputs[3]],
      ]) {
        const show = (end) => (value) => log(name, end, JSON.stringify(value.errors ?? value))
        Q[name](list).then(show('value'), show('reason'))
      }
    }
  },
  'thousands of jobs while others run'(P, log) {
    const settled = P.resolve()
    for (let i = 0; i < 10; i++) settled.then(() => log('first', i))
    settled.then(() => {
      for (let i = 0; i < 5000; i++)
        settled.then(() => i % 999 === 0 && log('then', i)).then(() => i % 1999 === 0 && log(i))
    })
    for (let i = 0; i < 10; i++) settled.then(() => log('last', i))
  },
  'a promise returned by then costs three ticks'(P, log) {
    P.resolve()
      .then(() => P.resolve('ours'))
      .then(as(log, 'returned'))
    P.resolve()
      .then(() => N.resolve('native'))
      .then(as(log, 'returned'))
    N.resolve()
      .then(() => P.resolve('ours'))
      .then(as(log, 'returned to native'))
    P.resolve()
      .then(() => P.reject('no'))
      .catch(as(log, 'returned'))
    let chain = N.resolve()
    for (let i = 1; i < 9; i++) chain = chain.then(() => log('native', i))
  },
  'a throw in a handler or the executor'(P, log) {
    P.resolve()
      .then(() => {
        throw 1
      })
      .catch(as(log, 'handler'))
    new P(() => {
      throw 2
    }).catch(as(log, 'executor'))
    new P((resolve) => {
      resolve(3)
      throw 4
    }).then(as(log, 'too late'))
    new P((resolve) => {
      resolve(N.resolve(5))
      throw 6
    }).then(as(log, 'locked'))
  },
  'combinators of settled inputs'(P, log) {
    const list = (value) => JSON.stringify(value)
    for (const name of ['all', 'allSettled', 'any', 'race']) {
      P[name]([1, P.resolve(2), P.resolve(3)]).then((value) => log(name, list(value)))
      P[name]([P.resolve(1), P.reject(2), 3]).then((value) => log(name, list(value)), as(log, `${name} no`))
      P[name]([P.reject(1), P.resolve(2)]).then((value) => log(name, list(value)), as(log, `${name} no`))
      P[name](new Set([P.resolve(1), 2])).then((value) => log(name, 'set', list(value)))
      P[name]([N.resolve(1), P.resolve(2), thenable((resolve) => resolve(3))]).then((v) => log(name, 'mixed', list(v)))
      if (name !== 'race')
        P[name]([]).then(
          (value) => log(name, list(value)),
          (e) => log(name, e.errors.length),
        )
    }
    let chain = N.resolve()
    for (let i = 1; i < 9; i++) chain = chain.then(() => log('native', i))
  },
  'combinators of pending inputs'(P, log) {
    for (const name of ['all', 'allSettled', 'any', 'race']) {
      const inputs = [deferred(P), deferred(N), deferred(P)]
      P[name]([P.resolve(0), ...inputs.map(({ promise }) => promise), 4]).then((v) => log(name, JSON.stringify(v)))
      P[name](inputs.map(({ promise }) => promise)).then((v) => log(name, JSON.stringify(v)), as(log, `${name} no`))
      N.resolve()
        .then(() => inputs[2].resolve(3))
        .then(() => inputs[0].resolve(1))
        .then(() => inputs[1].resolve(2))
    }
  },
  await(P, log) {
    const run = async (name, value) => {
      try {
        log(name, await value)
      } catch (error) {
        log(name, 'caught', error)
      }
    }
    run('ours', P.resolve(1))
    run('rejected', P.reject(2))
    run('native', N.resolve(3))
    run('plain', 4)
    const { promise, resolve } = deferred(P)
    run('pending', promise)
    N.resolve().then(() => resolve(5))
  },
  'native promises of ours and the other way round'(P, log) {
    N.resolve(P.resolve(1)).then(as(log, 'N.resolve'))
    P.resolve(N.resolve(2)).then(as(log, 'P.resolve'))
    N.all([P.resolve(3), N.resolve(4)]).then(as(log, 'N.all'))
    P.all([P.resolve(5), N.resolve(6)]).then(as(log, 'P.all'))
    N.race([P.resolve(7), N.resolve(8)]).then(as(log, 'N.race'))
    N.allSettled([P.reject(9)]).then((v) => log(JSON.stringify(v)))
  },
}

module.exports = { mixed, own }
