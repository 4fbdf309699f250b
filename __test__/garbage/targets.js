'use strict'
// Everything that can be called from outside, found by looking: what is exported, and the methods and accessors of what
// that gives. A new function is thus called with garbage from its first day on.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')
const promises = require('../../promises')

/** What is Node's or the language's, and not ours to call with garbage. */
const FOREIGN = [Object.prototype, Function.prototype, AsyncResource.prototype, AsyncResource, null]
/** Symbols that everybody knows. Others are names of our own, for nobody outside. */
const KNOWN = [...Object.getOwnPropertyNames(Symbol).map((name) => Symbol[name]), inspect.custom]

/** Every function that an object and its prototypes have, accessors included, with the receiver it is made for. */
function functionsOf(name, object, receiver) {
  const found = []
  for (let at = object; !FOREIGN.includes(at); at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      if (typeof key === 'symbol' && !KNOWN.includes(key)) continue
      const property = Object.getOwnPropertyDescriptor(at, key)
      for (const part of ['value', 'get', 'set']) {
        const call = property[part]
        if (typeof call === 'function' && key !== 'constructor') {
          found.push({ name: `${name}.${String(key)}${part === 'value' ? '' : ` ${part}`}`, call, receiver })
        }
      }
    }
  }
  return found
}

/** All targets of the package. */
function targets(ours) {
  const never = () => {}
  // What is loaded when it is asked for is a function only then.
  for (const name of Object.keys(ours)) void ours[name]
  const watching = new ours.EventLoop()
  /** Standard input is watched once at a time. */
  let watcher
  const instances = {
    Timeout: () => ours.setTimeout(never, 1),
    'owned Timeout': () => new ours.EventLoop().setTimeout(never, 1),
    'deadline Timeout': () => new ours.EventLoop({ order: 'deadline', metrics: true }).setTimeout(never, 1),
    Immediate: () => ours.setImmediate(never),
    'owned Immediate': () => new ours.EventLoop().setImmediate(never),
    Doorbell: () => new ours.EventLoop().doorbell(never),
    Watcher: () => {
      watcher?.close()
      watcher = watching.watch(0, { readable: true }, never)
      return watcher
    },
    Task: () => new ours.EventLoop().submit(never),
    EventLoop: () => new ours.EventLoop({ onError: never }),
    'EventLoop that measures': () => new ours.EventLoop({ metrics: true, origins: true, nestedClamp: true }),
    'EventLoop that ends': () => {
      const loop = new ours.EventLoop({ name: 'ends' })
      loop.setTimeout(never, 5)
      loop.shutdown()
      return loop
    },
    'ended EventLoop': () => {
      const loop = new ours.EventLoop()
      loop.close()
      return loop
    },
    ChainedPromise: () => new ours.ChainedPromise(never),
    'owned ChainedPromise': () => new watching.Promise(never),
    delay: () => ours.delay(1),
    'owned delay': () => watching.delay(1),
    Metrics: () => new ours.EventLoop({ metrics: true }).metrics(),
    'Metrics of all': () => ours.defaultLoop.metrics(),
    'interval that is iterated': () => ours.promises.setInterval(1),
    'Watcher that is iterated': () => {
      watcher?.close()
      watcher = watching.watch(0, { readable: true })
      return watcher[Symbol.asyncIterator]()
    },
  }
  return [
    ...functionsOf('module', ours, () => ours),
    ...functionsOf('promises', promises, () => promises),
    ...functionsOf('scheduler', ours.promises.scheduler, () => ours.promises.scheduler),
    ...functionsOf('EventLoop class', ours.EventLoop, () => ours.EventLoop),
    ...functionsOf('ChainedPromise class', ours.ChainedPromise, () => ours.ChainedPromise),
    ...functionsOf('loop.Promise class', watching.Promise, () => watching.Promise),
    ...functionsOf('defaultLoop', ours.defaultLoop, () => ours.defaultLoop),
    ...Object.entries(instances).flatMap(([name, make]) => functionsOf(name, make(), make)),
  ]
}

/** What reaches the globals of all programs (see installed.js), and what gives a handle another callback without a look at it, as Node's does. */
const LEFT_OUT = /^module\.(install|uninstall)$|\._onImmediate set$/

module.exports = {
  instancesFrom: (ours) => [
    () => ours.setTimeout(() => {}, 1),
    () => ours.setInterval(() => {}, 1).unref(),
    () => ours.setImmediate(() => {}),
    () => new ours.EventLoop(),
    () => new ours.EventLoop().submit(() => {}),
    () => new ours.EventLoop().doorbell(() => {}),
    () => new ours.EventLoop().doorbell(() => {}).id,
    () => new ours.ChainedPromise(() => {}),
    () => ours.ChainedPromise.resolve(1),
    () => ours.defaultLoop,
    () => ours.defaultLoop.metrics(),
    () => ({ ...ours.defaultLoop.metrics(), lateness: undefined }),
    () => ours.promises.setInterval(1),
    () => setTimeout(() => {}, 1),
    () => setImmediate(() => {}),
    () => ours.setTimeout,
    () => ours.ChainedPromise,
  ],
  targets: (ours) => targets(ours).filter(({ name }) => !LEFT_OUT.test(name)),
}
