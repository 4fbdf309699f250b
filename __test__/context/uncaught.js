'use strict'
// Throws in every kind of callback and prints who was told: node uncaught.js <node|ours> <name>

const { AsyncLocalStorage } = require('node:async_hooks')
const domain = require('node:domain')
const { writeSync } = require('node:fs')

const KINDS = {
  timeout: (l, callback) => l.setTimeout(callback, 1),
  interval: (l, callback) => {
    let times = 0
    const handle = l.setInterval(() => {
      if (++times === 2) l.clearInterval(handle)
      callback()
    }, 1)
  },
  immediate: (l, callback) => l.setImmediate(callback),
  microtask: (l, callback) => l.queueMicrotask(callback),
  'tick of a timeout': (l, callback) => l.setTimeout(() => process.nextTick(callback), 1),
  'timeout in an immediate': (l, callback) => l.setImmediate(() => l.setTimeout(callback, 1)),
}

/** Microtasks have a program of their own, because Node forgets their domain. */
const IN_DOMAINS = Object.keys(KINDS).filter((kind) => kind !== 'microtask')

function thrower(name) {
  return () => {
    throw new Error(name)
  }
}

/** Each gets the functions to use, and `see`, which notes a line. */
const PROGRAMS = {
  'a domain that everything is set in': (l, see) =>
    each(IN_DOMAINS, (kind, start) => {
      const d = domain.create()
      d.on('error', (error) => see(error.message, error.domain === d, error.domainThrown, process.domain === d))
      d.run(() => start(l, thrower(kind)))
    }),
  'a microtask in a domain': (l, see) => {
    const d = domain.create()
    d.on('error', (error) => see(error.message, error.domain === d))
    d.run(() => l.queueMicrotask(thrower('microtask')))
  },
  'two domains at once': (l, see) => {
    for (const name of ['first', 'second']) {
      const d = domain.create()
      d.on('error', (error) => see(name, error.message, error.domain === d))
      d.run(() => {
        l.setTimeout(thrower('timeout'), 1)
        l.setTimeout(thrower('later timeout'), 30)
      })
    }
  },
  'no domain inside what was set outside': (l, see) => {
    l.setTimeout(() => see(process.domain === undefined), 20)
    domain.create().run(() => l.setTimeout(() => see(process.domain !== undefined), 20))
    l.setTimeout(() => see(process.domain === undefined), 20)
  },
  'a domain’s handler that throws': (l, see) => {
    const d = domain.create()
    d.on('error', (error) => {
      see(error.message)
      throw new Error('in the handler')
    })
    d.run(() => l.setTimeout(thrower('timeout'), 1))
    l.setTimeout(() => see('never'), 20)
  },
  'the store in uncaughtException': (l, see) => {
    const storage = new AsyncLocalStorage()
    process.on('uncaughtException', (error) => see(error.message, storage.getStore()))
    each(Object.keys(KINDS), (kind, start) => storage.run('inside', () => start(l, thrower(kind))))
  },
}

/** Starts each kind when nothing is left of the one before. */
function each(kinds, use) {
  const left = [...kinds]
  const next = () => {
    const kind = left.shift()
    if (kind !== undefined) use(kind, KINDS[kind])
  }
  process.on('beforeExit', next)
  next()
}

if (require.main === module) {
  const [, , loop, name] = process.argv
  const functions = loop === 'ours' ? require('../..') : { ...require('node:timers'), queueMicrotask }
  PROGRAMS[name](functions, (...line) => writeSync(1, `${line.join(' ')}\n`))
}
module.exports = { names: Object.keys(PROGRAMS) }
