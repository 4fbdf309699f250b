'use strict'
// Something throws at a place where code of the program runs, among other work that waits: node program.js node|ours PLACE
// Prints what ran, in its order, and how the process ended is what it ends with.

const { AsyncLocalStorage, createHook } = require('node:async_hooks')
const domain = require('node:domain')
const [side, place] = process.argv.slice(2)
const ours = require('../..')
const loop = side === 'ours' ? ours : globalThis
const promises = side === 'ours' ? ours.promises : require('node:timers/promises')
const Promised = side === 'ours' ? ours.ChainedPromise : Promise

const ran = []
const note = (name) => ran.push(name)
const mine = (name) => new Error(name)
function fail(name) {
  note(name)
  process.nextTick(note, `tick of ${name}`)
  loop.queueMicrotask(() => note(`microtask of ${name}`))
  throw mine(name)
}

process.on('exit', (code) => console.log([...ran, `exit ${code}`].join('\n')))
process.on('uncaughtExceptionMonitor', (error) => note(`monitor: ${error?.message ?? String(error)}`))

/** An uncaught error is handled, and leaves something behind. */
function handle() {
  process.on('uncaughtException', (error, origin) => {
    note(`${origin}: ${error?.message ?? String(error)}`)
    process.nextTick(note, 'tick of the handler')
    loop.setImmediate(note, 'immediate of the handler')
  })
}

function letPass(ms) {
  const due = performance.now() + ms
  while (performance.now() < due);
}

/** What a call throws. */
function attempt(call) {
  try {
    call()
    note('nothing was thrown')
  } catch (error) {
    note(`thrown: ${error.message}`)
  }
}

const tell = (promise) =>
  promise.then(
    (value) => note(`fulfilled: ${value}`),
    (error) => note(`rejected: ${error.message}`),
  )

const thrower = (name) => ({
  valueOf() {
    throw mine(name)
  },
})
const getter = (key, name) =>
  Object.defineProperty({}, key, {
    get() {
      throw mine(name)
    },
  })

/** Several of a kind, of which the middle one throws. */
function amongOthers(set) {
  set(() => note('before'))
  set(() => fail('middle'))
  set(() => note('after'))
}

/** As what hooks see a microtask. */
const MICROTASK = side === 'ours' ? 'PROMISE' : 'Microtask'

/** A hook throws at the second of three resources of a type. */
function hook(which, type = 'Timeout', set = (name) => loop.setTimeout(note, 1, name)) {
  const ids = new Set()
  let left = 2
  createHook({
    init(id, found) {
      if (found !== type) return
      ids.add(id)
      if (which === 'init' && --left === 0) throw mine('hook init')
    },
    ...(which !== 'init' && {
      [which](id) {
        if (ids.has(id) && --left === 0) throw mine(`hook ${which}`)
      },
    }),
  }).enable()
  for (const name of ['first', 'second', 'third']) set(name)
}

/** A loop object that throws at whatever it is told: as if there were nobody to tell. */
const telling =
  side === 'ours'
    ? new ours.EventLoop({
        onError(error) {
          throw error
        },
      })
    : globalThis

const handled = {
  'a timeout among others': () => amongOthers((callback) => loop.setTimeout(callback, 1)),
  'a timeout that others have the time after': () => {
    let delay = 0
    amongOthers((callback) => loop.setTimeout(callback, ++delay))
  },
  'an interval, which goes on': () => {
    let left = 3
    const interval = loop.setInterval(() => {
      if (--left === 0) loop.clearInterval(interval)
      fail(`run, ${left} left`)
    }, 2)
  },
  'an interval that refreshed itself': () => {
    let left = 2
    const interval = loop.setInterval(() => {
      if (--left === 0) loop.clearInterval(interval)
      else interval.refresh()
      fail(`run, ${left} left`)
    }, 2)
  },
  'a timeout that refreshed itself': () => {
    let left = 2
    const timer = loop.setTimeout(() => {
      if (--left > 0) timer.refresh()
      fail(`run, ${left} left`)
    }, 2)
  },
  'a timeout that set and cleared others': () => {
    const cleared = loop.setTimeout(note, 1, 'never')
    loop.setTimeout(() => {
      loop.clearTimeout(cleared)
      loop.setTimeout(note, 1, 'set before the throw')
      loop.setImmediate(note, 'immediate set before the throw')
      fail('clears')
    }, 1)
    const another = loop.setTimeout(() => {
      loop.clearTimeout(another)
      fail('clears itself')
    }, 1)
  },
  'an immediate among others': () => amongOthers((callback) => loop.setImmediate(callback)),
  'each of many immediates': () => {
    for (let i = 0; i < 20; i++) loop.setImmediate(() => fail(`immediate ${i}`))
  },
  'a microtask among others': () => amongOthers((callback) => loop.queueMicrotask(callback)),
  'a microtask of a timeout': () =>
    loop.setTimeout(() => {
      amongOthers((callback) => loop.queueMicrotask(callback))
      loop.setTimeout(note, 1, 'another timeout')
    }, 1),
  'a tick between two timeouts': () => {
    loop.setTimeout(() => process.nextTick(() => fail('tick')), 1)
    loop.setTimeout(note, 1, 'the other timeout')
  },
  'a tick between two immediates': () => {
    loop.setImmediate(() => process.nextTick(() => fail('tick')))
    loop.setImmediate(note, 'the other immediate')
  },
  'a rejection in a timeout': () => {
    loop.setTimeout(() => Promised.reject(mine('nobody handles it')), 1)
    loop.setTimeout(note, 1, 'the other timeout')
  },
  'what is no error': () => {
    for (const what of [undefined, null, 0, 'text', Symbol('s')]) {
      loop.setTimeout(() => {
        note(`throws ${String(what)}`)
        throw what
      }, 1)
    }
  },
  'the delay of a timeout': () => {
    for (const name of ['setTimeout', 'setInterval']) attempt(() => loop[name](note, thrower(name), 'never'))
  },
  'a getter of options': async () => {
    const options = { signal: getter('signal', 'signal'), ref: getter('ref', 'ref') }
    for (const option of Object.values(options)) {
      try {
        await tell(promises.setTimeout(1, 'value', option))
        await tell(promises.setImmediate('value', option))
      } catch (error) {
        note(`thrown: ${error.message}`)
      }
    }
  },
  'a thenable': () => {
    tell(Promised.resolve(getter('then', 'getter')))
    // biome-ignore lint/suspicious/noThenProperty: it is there to be called
    tell(Promised.resolve({ then: () => fail('then') }))
    // biome-ignore lint/suspicious/noThenProperty: it is there to be called
    tell(Promised.resolve({ then: (resolve) => resolve('settled') + fail('too late') }))
    tell(new Promised((resolve) => resolve(fail('executor'))))
    tell(Promised.resolve(1).then(() => getter('then', 'result')))
    tell(Promised.resolve(1).finally(() => fail('finally')))
    tell(Promised.all([getter('then', 'input'), 1]))
  },
  'a listener of a signal': () => {
    const controller = new AbortController()
    controller.signal.addEventListener('abort', () => fail('listener'))
    tell(promises.setTimeout(1e6, 'value', { signal: controller.signal }))
    loop.setTimeout(() => controller.abort(mine('aborted')), 1)
  },
  'listeners of rejections': () => {
    const rejected = Promised.reject(mine('rejected'))
    process.on('unhandledRejection', () => {
      loop.setImmediate(() => rejected.catch((error) => note(`caught ${error.message}`)))
      fail('unhandledRejection')
    })
    process.on('rejectionHandled', () => fail('rejectionHandled'))
  },
  'a listener of beforeExit': () => {
    process.once('beforeExit', () => {
      loop.setTimeout(note, 1, 'set before the throw')
      letPass(3)
      fail('beforeExit')
    })
  },
  'who hears of errors': () => {
    amongOthers((callback) => telling.setTimeout(callback, 1))
    amongOthers((callback) => telling.setImmediate(callback))
    amongOthers((callback) => telling.queueMicrotask(callback))
  },
  'a store': () => {
    const store = new AsyncLocalStorage()
    process.prependListener('uncaughtException', () => note(`store ${store.getStore()}`))
    store.run('a', () => loop.setTimeout(() => fail('timeout'), 1))
    store.run('b', () => loop.setImmediate(() => fail('immediate')))
  },
  'a domain': () => {
    const one = domain.create()
    one.on('error', (error) => note(`domain: ${error.message}`))
    one.run(() => loop.setTimeout(() => fail('timeout'), 1))
    one.run(() => loop.setImmediate(() => fail('immediate')))
    loop.setTimeout(() => fail('outside'), 1)
  },
}

const unhandled = {
  'the handler of uncaught errors': () => {
    process.on('uncaughtException', (error) => fail(`handler of ${error.message}`))
    amongOthers((callback) => loop.setTimeout(callback, 1))
  },
  'a domain’s handler': () => {
    const one = domain.create()
    one.on('error', () => fail('handler'))
    one.run(() => amongOthers((callback) => loop.setTimeout(callback, 1)))
  },
  'nobody handles a timeout': () => amongOthers((callback) => loop.setTimeout(callback, 1)),
  'nobody handles an immediate': () => amongOthers((callback) => loop.setImmediate(callback)),
  'nobody handles a microtask': () => amongOthers((callback) => loop.queueMicrotask(callback)),
  'a listener of exit': () => {
    process.prependListener('exit', () => fail('exit'))
    loop.setTimeout(note, 1, 'timeout')
  },
  'a hook, init': () => hook('init'),
  'a hook, init of an immediate': () => hook('init', 'Immediate', (name) => loop.setImmediate(note, name)),
  'a hook, init of a microtask': () => hook('init', MICROTASK, (name) => loop.queueMicrotask(() => note(name))),
  'a hook, before': () => hook('before'),
  'a hook, after': () => hook('after'),
  'a hook, destroy': () => hook('destroy'),
  'a hook, promiseResolve': () =>
    hook('promiseResolve', 'PROMISE', (name) => promises.setTimeout(1).then(() => note(name))),
  'a listener of unhandledRejection': () => {
    process.on('unhandledRejection', (reason) => fail(`listener of ${reason.message}`))
    amongOthers((callback) => Promised.reject(mine('rejected')).finally(callback))
  },
}

const beside = ['timeouts', 'immediates', 'ticks', 'microtasks']

/** What waits beside it, and must not be lost. */
function work() {
  loop.setTimeout(note, 3, beside[0])
  loop.setImmediate(note, beside[1])
  process.nextTick(note, beside[2])
  loop.queueMicrotask(() => note(beside[3]))
}

if (require.main === module) {
  if (handled[place])
    handle()
    // All that is set at once is due at once.
  ;(handled[place] ?? unhandled[place])()
  if (handled[place]) work()
  letPass(12)
}

module.exports = { handled: Object.keys(handled), unhandled: Object.keys(unhandled) }
