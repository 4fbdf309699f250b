'use strict'
// Random garbage: values of every type and temper, from a seed. What they throw is marked, so that it can be told from
// errors of ours.

/** Numbers from 0 to below 1, the same for the same seed. */
function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

class Marked extends Error {}

function throwMarked() {
  throw new Marked('thrown by garbage')
}

const TRAPS = ['get', 'set', 'has', 'getPrototypeOf', 'ownKeys', 'apply', 'construct', 'getOwnPropertyDescriptor']
const trapped = (target, trapOf) => new Proxy(target, Object.fromEntries(TRAPS.map((trap) => [trap, trapOf(trap)])))
const throwing = (target) => trapped(target, () => throwMarked)

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** An array whose buffer was taken away. */
function detached() {
  const array = new Uint8Array(16)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

const PLAIN = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  1.5,
  -1,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  1e300,
  5e-324,
  1n,
  2n ** 70n,
  '',
  '1',
  ' 1',
  'then',
  'x'.repeat(1000),
  '\0',
  '\ud800',
  Symbol('garbage'),
  Symbol.iterator,
]

/** Makes a new object each time. `reenter` is called in the middle of conversions. */
const OBJECTS = [
  () => ({}),
  () => [],
  () => [1],
  () => Object.create(null),
  () => Object.freeze({}),
  () => new Date(NaN),
  () => /x/,
  () => new Map(),
  () => new WeakRef({}),
  () => new Marked('no more than an argument'),
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(8),
  detached,
  () => detached().buffer,
  () => new Number(5),
  () => new String('5'),
  () => Object(1n),
  () => Object(Symbol('boxed')),
  () => throwing({}),
  () => throwing(() => {}),
  () => revoked({}),
  () => revoked(() => {}),
  () => ({ valueOf: throwMarked, toString: throwMarked }),
  () => ({ [Symbol.toPrimitive]: throwMarked }),
  () => ({ [Symbol.toPrimitive]: () => ({}) }),
  () => ({ toString: undefined, valueOf: undefined }),
  () => Object.defineProperty({}, 'then', { get: throwMarked }),
  // biome-ignore lint/suspicious/noThenProperty: it is there to be called
  () => ({ then: throwMarked }),
  // biome-ignore lint/suspicious/noThenProperty: it is there to be called
  () => ({ then: (resolve) => throwMarked(resolve(1), resolve(2)) }),
  // biome-ignore lint/suspicious/noThenProperty: it is there to be called
  () => ({ then: 5 }),
  () => ({ signal: AbortSignal.abort(), ref: false }),
  () => ({ signal: {}, ref: 'yes' }),
  () => ({ name: 5, onError: 5, microtasks: 'never', microtaskBudget: -1 }),
  () => ({ timeout: NaN, signal: throwing({}), timers: 'later' }),
  () => Object.defineProperty({}, 'signal', { get: throwMarked }),
  () => ({ [Symbol.iterator]: throwMarked }),
  () => ({ [Symbol.iterator]: () => ({ next: throwMarked }) }),
  () => AbortSignal.abort(),
  () => new EventTarget(),
  () => Promise.resolve(1),
  () => new Promise(() => {}),
  () => globalThis,
]

const FUNCTIONS = [
  () => () => {},
  () => throwMarked,
  () => async () => {},
  () => function* () {},
  () => class {},
  () => Math.max,
  () => Object.defineProperty(() => {}, 'name', { get: throwMarked }),
  () => (() => {}).bind(null),
]

/** Options that are as they should be. */
const OPTIONS = {
  asyncContext: false,
  metrics: true,
  microtaskBudget: 5,
  microtasks: 'batched',
  missed: 'skip',
  mode: 'once',
  name: 'named',
  onError() {},
  onUnhandledRejection() {},
  order: 'deadline',
  readable: true,
  ref: true,
  signal: undefined,
  timeout: 5,
  timers: 'run',
}

/** Objects that call `reenter` when they are converted, called or looked into. */
function reentrantFrom(next, reenter) {
  const entering =
    (result) =>
    (...args) => {
      reenter()
      return typeof result === 'function' ? result(...args) : result
    }
  // Some of many getters and traps are enough.
  const sometimes = (result) => {
    if (next() < 0.5) reenter()
    return result
  }
  const getters = Object.entries(OPTIONS).map(([name, value]) => [
    name,
    { enumerable: true, get: () => sometimes(value) },
  ])
  const lookedInto = (target) =>
    trapped(
      target,
      (trap) =>
        (...args) =>
          Reflect[trap](...sometimes(args)),
    )
  return [
    () => ({ valueOf: entering(1) }),
    () => ({ [Symbol.toPrimitive]: entering(1) }),
    () => ({ toString: entering('1'), valueOf: undefined }),
    // biome-ignore lint/suspicious/noThenProperty: it is there to be called
    () => ({ then: entering((resolve) => resolve?.(1)) }),
    () => Object.defineProperty({}, 'then', { get: entering(undefined) }),
    () => Object.defineProperty(Promise.resolve(1), 'constructor', { get: entering(() => Promise) }),
    () => ({ [Symbol.iterator]: entering(() => [1, 2][Symbol.iterator]()) }),
    () => ({ [Symbol.iterator]: () => ({ next: entering(() => ({ done: next() < 0.5 })), return: entering({}) }) }),
    () => Object.defineProperties({}, Object.fromEntries(getters)),
    () => lookedInto({}),
    () => lookedInto(() => {}),
    () => lookedInto(new AbortController().signal),
    () => entering(undefined),
  ]
}

/**
 * A source of garbage. `own` are values and functions that make them; `reenter` is what conversions call.
 */
function garbage(next, own, reenter) {
  const pick = (list) => list[Math.floor(next() * list.length)]
  const reentrant = reentrantFrom(next, reenter)
  return function value() {
    const kind = next()
    if (kind < 0.28) return pick(PLAIN)
    if (kind < 0.5) return pick(OBJECTS)()
    if (kind < 0.65) return pick(FUNCTIONS)()
    if (kind < 0.78) return pick(reentrant)()
    return pick(own)()
  }
}

module.exports = { Marked, garbage, random }
