'use strict'
// Code that is cut short between any two lines, by a full stack or by the limit of its time, must not leave the queues of
// jobs out of step with their tickets: what is queued later has to run, as it does with Node's.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

const ours = JSON.stringify(join(__dirname, '..'))

/** What queues a job, by the name of who does. */
const QUEUES = {
  'queueMicrotask, Node’s': 'queueMicrotask',
  'promises, Node’s': '(job) => Promise.resolve().then(job)',
  'queueMicrotask, ours': `require(${ours}).queueMicrotask`,
  'ChainedPromise, settled': `(job) => require(${ours}).ChainedPromise.resolve().then(job)`,
  'ChainedPromise, pending': `(job) => {
    const { promise, resolve } = require(${ours}).ChainedPromise.withResolvers()
    promise.then(job)
    resolve()
  }`,
  'queueMicrotask of a loop object': `(() => {
    const loop = new (require(${ours}).EventLoop)()
    return (job) => loop.queueMicrotask(job)
  })()`,
}

const CUTS = {
  'a full stack': `
    let ran = 0
    const fill = () => { queue(() => ran++); fill() }
    const spare = (depth, then) => depth > 0 ? spare(depth - 1, then) : then()
    for (let i = 0; i < 60; i++) {
      try { spare(i, fill) } catch (error) { if (!(error instanceof RangeError)) throw error }
    }`,
  'the limit of its time': `
    const { runInThisContext } = require('node:vm')
    globalThis.queue = queue
    for (let i = 0; i < 40; i++) {
      // On a busy machine it may take long until the time is up: no more than the memory can hold.
      try { runInThisContext('for (let i = 0; i < 50_000; i++) queue(() => {})', { timeout: 1 }) } catch {}
    }`,
}

for (const [cut, program] of Object.entries(CUTS)) {
  for (const [name, queue] of Object.entries(QUEUES)) {
    test(`${cut}: ${name}`, () => {
      const script = `
        const queue = ${queue}
        queue(() => {})
        setImmediate(() => {
          ${program}
          setImmediate(() => {
            queue(() => console.log('ran'))
            setImmediate(() => console.log('end'))
          })
        })`
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
      assert.deepStrictEqual([stdout, stderr], ['ran\nend\n', ''])
    })
  }
}

test('a ticket without a job does no harm, wherever the queue stands', () => {
  const script = `
    const { then } = Promise.prototype
    let ticket
    Promise.prototype.then = function (...args) {
      ticket = args[0]
      return Reflect.apply(then, this, args)
    }
    const { queueMicrotask } = require(${ours})
    let ran = 0
    let left = 1000
    function next() {
      ticket()
      if (left-- > 0) queueMicrotask(() => ran++)
      else console.log(ran)
      if (left >= 0) setImmediate(next)
    }
    queueMicrotask(() => {})
    setImmediate(next)`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  assert.deepStrictEqual([stdout, stderr], ['1000\n', ''])
})
