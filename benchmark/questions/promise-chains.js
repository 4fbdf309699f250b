'use strict'
// What do the reactions of a ChainedPromise cost, beside V8's promises and bluebird's, as it is and told to keep the context?

const same = (value) => value

const sides = ['node', 'ours', 'bluebird', 'bluebird with asyncHooks']

module.exports = {
  title: 'Promises',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    {
      name: 'chain of 100,000 thens',
      sides,
      count: 100_000,
      must: { bluebird: 1 },
      aim: { node: 1 },
      run({ Promise: P }) {
        return new Promise((done) => {
          let resolve
          let promise = new P((resolvePromise) => (resolve = resolvePromise))
          for (let i = 0; i < this.count; i++) promise = promise.then(same)
          promise.then(done)
          resolve(1)
        })
      },
    },
    {
      name: 'chains of 100 thens, over and over',
      sides,
      count: 100_000,
      must: { bluebird: 0.8, node: 3 },
      aim: { node: 1.5 },
      run({ Promise: P }) {
        return new Promise((done) => {
          let left = this.count / 100
          const next = () => {
            if (left-- === 0) return done()
            let promise = P.resolve(1)
            for (let i = 0; i < 99; i++) promise = promise.then(same)
            promise.then(next)
          }
          next()
        })
      },
    },
    {
      name: 'new Promise(r => r()).then(step)',
      sides,
      count: 100_000,
      must: { bluebird: 1.2 },
      aim: { node: 1.5 },
      run({ Promise: P }) {
        return new Promise((done) => {
          let left = this.count
          const step = () => {
            if (left-- === 0) return done()
            new P((resolve) => resolve()).then(step)
          }
          step()
        })
      },
    },
    {
      name: 'Promise.all of 100, per input',
      sides,
      count: 200_000,
      must: { bluebird: 1 },
      aim: { node: 2 },
      run({ Promise: P }) {
        return new Promise((done) => {
          const inputs = Array.from({ length: 100 }, (_, i) => P.resolve(i))
          let left = this.count / 100
          const step = () => (left-- === 0 ? done() : P.all(inputs).then(step))
          step()
        })
      },
    },
  ],
}
