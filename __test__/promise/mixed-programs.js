'use strict'
// Programs of promises in which native ones meet those of class `P`: `run(P, log)`. Where both meet, ours is to the
// language a class of its own, as a subclass of the native one would be: with that they are compared.

const { N, as, deferred, thenable } = require('./tools')

module.exports = {
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
