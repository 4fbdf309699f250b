'use strict'
// Everything that can be called from outside, found by looking: what is exported, and the methods and accessors of what
// that gives. A new function is thus called with garbage from its first day on.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')

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
  const instances = {
    Timeout: () => ours.setTimeout(never, 1),
    Immediate: () => ours.setImmediate(never),
    Task: () => new ours.EventLoop().submit(never),
    EventLoop: () => new ours.EventLoop({ onError: never }),
    'ended EventLoop': () => {
      const loop = new ours.EventLoop()
      loop.close()
      return loop
    },
    ChainedPromise: () => new ours.ChainedPromise(never),
    delay: () => ours.delay(1),
  }
  return [
    ...functionsOf('module', ours, () => ours),
    ...functionsOf('promises', ours.promises, () => ours.promises),
    ...functionsOf('scheduler', ours.promises.scheduler, () => ours.promises.scheduler),
    ...functionsOf('EventLoop class', ours.EventLoop, () => ours.EventLoop),
    ...functionsOf('ChainedPromise class', ours.ChainedPromise, () => ours.ChainedPromise),
    ...functionsOf('defaultLoop', ours.defaultLoop, () => ours.defaultLoop),
    ...Object.entries(instances).flatMap(([name, make]) => functionsOf(name, make(), make)),
  ]
}

/** Functions that would end the process, or that reach what all programs share. */
const LEFT_OUT = /^module\.(install|uninstall)$/

module.exports = {
  instancesFrom: (ours) => [
    () => ours.setTimeout(() => {}, 1),
    () => ours.setInterval(() => {}, 1).unref(),
    () => ours.setImmediate(() => {}),
    () => new ours.EventLoop(),
    () => new ours.EventLoop().submit(() => {}),
    () => new ours.ChainedPromise(() => {}),
    () => ours.ChainedPromise.resolve(1),
    () => ours.defaultLoop,
    () => setTimeout(() => {}, 1),
    () => setImmediate(() => {}),
    () => ours.setTimeout,
    () => ours.ChainedPromise,
  ],
  targets: (ours) => targets(ours).filter(({ name }) => !LEFT_OUT.test(name)),
}
