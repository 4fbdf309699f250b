/**
 * Node's timers, immediates and microtasks from a Rust event loop: the same order, never early, faster.
 *
 * What can fail says so by a stable `code`:
 *
 * | code | means |
 * | --- | --- |
 * | `ERR_LOOP_NOT_BUILT` | there is no addon for this machine |
 * | `ERR_LOOP_THREAD` | the loop's thread could not be started, or ended |
 * | `ERR_LOOP_OUT_OF_MEMORY` | there is no memory for another timer, immediate or promise |
 * | `ERR_LOOP_PANIC` | a defect of this package |
 * | `ERR_TIMER_ID_EXHAUSTED` | no number up to 2^53 - 1 is left |
 * | `ERR_LOOP_CLOSED` | the loop object is closed, or the doorbell |
 * | `ERR_LOOP_TERMINATED` | the loop object is being shut down and takes nothing new |
 * | `ERR_LOOP_DEFAULT` | the default loop ends with its thread |
 * | `ERR_LOOP_NO_METRICS` | the loop object measures nothing |
 * | `ABORT_ERR` | an `AbortSignal` was aborted, or the handle of a `delay` was closed |
 * | `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, `ERR_OUT_OF_RANGE` | a wrong argument or option, in Node's words |
 * | `ERR_INVALID_STATE` | a watcher is closed, or told to somebody already |
 * | `ERR_INVALID_THIS`, `ERR_ILLEGAL_CONSTRUCTOR` | a wrong use of `scheduler`, as in Node |
 * | `ERR_FEATURE_UNAVAILABLE_ON_PLATFORM` | file descriptors can be watched on Unix only |
 *
 * A file descriptor that cannot be watched is an error of the system: `EBADF`, `EPERM`, `EEXIST` and others, with `errno`.
 */

export * from './event-loop'
export * from './metrics'

/** A pending timeout or interval. */
export class Timeout {
  /** Handles are made by the functions. */
  private constructor()
  /** Keeps the process alive while it is pending. The default. */
  ref(): this
  /** Lets the process end although it is pending. */
  unref(): this
  /** Whether it keeps the process alive while it is pending. */
  hasRef(): boolean
  /** Starts its delay anew, also after it has fired; not after it was cleared. */
  refresh(): this
  /** Clears it. */
  close(): this
  /** Its number, by which it can be cleared from now on. */
  [Symbol.toPrimitive](): number
  /** Clears it. */
  [Symbol.dispose](): void
  /** The callback, where Node's handles have it. */
  _onTimeout(...args: unknown[]): void
}

/** A pending immediate. */
export class Immediate {
  /** Handles are made by the functions. */
  private constructor()
  /** Keeps the process alive while it is pending. The default. */
  ref(): this
  /** Lets the process end although it is pending. */
  unref(): this
  /** Whether it is pending and keeps the process alive. */
  hasRef(): boolean
  /** Clears it. */
  close(): this
  /** Its number, by which it can be cleared from now on. */
  [Symbol.toPrimitive](): number
  /** Clears it. */
  [Symbol.dispose](): void
  /** The callback, where Node's handles have it. */
  _onImmediate(...args: unknown[]): void
}

/**
 * Calls `callback` once, when `delay` milliseconds, cut off to a whole number as in Node, have truly passed. Delays up to 2^53 - 1 are honoured; what is not a
 * number of at least 1 counts as 1.
 */
export function setTimeout<Args extends unknown[]>(
  callback: (this: Timeout, ...args: Args) => void,
  delay?: number | string,
  ...args: Args
): Timeout
/** The same for a callback whose one argument may be left out, as `resolve` of a promise. */
export function setTimeout(callback: (nothing: undefined) => void, delay?: number | string): Timeout
/** What belongs to {@link setTimeout}. */
export namespace setTimeout {
  /** The promise form, for `util.promisify`. */
  const __promisify__: typeof import('./promises').setTimeout
}

/** Calls `callback` again and again, each `delay` milliseconds after the start of the call before. */
export function setInterval<Args extends unknown[]>(
  callback: (this: Timeout, ...args: Args) => void,
  delay?: number | string,
  ...args: Args
): Timeout
/** The same for a callback whose one argument may be left out. */
export function setInterval(callback: (nothing: undefined) => void, delay?: number | string): Timeout

/** Calls `callback` in the next check phase, after I/O callbacks. */
export function setImmediate<Args extends unknown[]>(
  callback: (this: Immediate, ...args: Args) => void,
  ...args: Args
): Immediate
/** The same for a callback whose one argument may be left out, as `resolve` of a promise. */
export function setImmediate(callback: (nothing: undefined) => void): Immediate
/** What belongs to {@link setImmediate}. */
export namespace setImmediate {
  /** The promise form, for `util.promisify`. */
  const __promisify__: typeof import('./promises').setImmediate
}

/** Ends a timeout or interval. Anything that is not one, or no longer pending, is ignored. */
export function clearTimeout(timeout?: Timeout | number | string | null): void
/** The same as {@link clearTimeout}. */
export function clearInterval(interval?: Timeout | number | string | null): void
/** Ends an immediate. Anything that is not one, or no longer pending, is ignored. Node's type of one will do. */
export function clearImmediate(immediate?: Pick<Immediate, '_onImmediate'> | number | string | null): void

/** Calls `callback` as a microtask, in one order with native promises. */
export function queueMicrotask(callback: () => void): void

/** The functions that settle a promise, beside it. */
export interface PromiseWithFunctions<T> {
  /** The promise. */
  promise: ChainedPromise<T>
  /** Resolves it: with a value, or to follow a thenable. */
  resolve(value: T | PromiseLike<T>): void
  /** Rejects it. */
  reject(reason?: unknown): void
}

/**
 * The promise of the loop. It is all that `Promise` is in ECMAScript 2025, to the last tick, and can be looked into.
 * Where it meets `await` and native promises it behaves as a subclass of `Promise` would. Rejections that nobody handles
 * are reported by Node, as native ones are.
 */
export class ChainedPromise<T> implements PromiseLike<T> {
  /** Calls `executor` at once with the functions that settle the promise. */
  constructor(executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void) => void)

  /** Whether it is settled, and how. A promise that follows another one is pending until that one is settled. */
  readonly state: 'pending' | 'fulfilled' | 'rejected'
  /** What it is fulfilled with; `undefined` in any other state. */
  readonly value: T | undefined
  /** Why it is rejected; `undefined` in any other state. Reading it does not handle the rejection. */
  readonly reason: unknown
  /** `'Promise'`. */
  readonly [Symbol.toStringTag]: string

  /** Calls one of the functions when the promise is settled. The promise of what that function returns. */
  // biome-ignore lint/suspicious/noThenProperty: a promise has one
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as with Promise
    onRejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): ChainedPromise<A | B>
  /** The same as `then(undefined, onRejected)`. */
  // biome-ignore lint/suspicious/noExplicitAny: as with Promise
  catch<B = never>(onRejected?: ((reason: any) => B | PromiseLike<B>) | null): ChainedPromise<T | B>
  /** Calls `onFinally` in either case, and passes the outcome on unless that throws or rejects. */
  finally(onFinally?: (() => void) | null): ChainedPromise<T>

  /** `value` itself if it is a `ChainedPromise`; otherwise a promise resolved with it. */
  static resolve(): ChainedPromise<void>
  static resolve<T>(value: T | PromiseLike<T>): ChainedPromise<Awaited<T>>
  /** A rejected promise. */
  static reject<T = never>(reason?: unknown): ChainedPromise<T>
  /** A promise and the functions that settle it. */
  static withResolvers<T = void>(): PromiseWithFunctions<T>
  /** Calls `callback` at once. A promise of what it returns or throws. */
  static try<T, Args extends unknown[]>(
    callback: (...args: Args) => T | PromiseLike<T>,
    ...args: Args
  ): ChainedPromise<Awaited<T>>

  /** Fulfilled with all values when all inputs are; rejected with the first rejection. */
  static all<T extends readonly unknown[] | []>(values: T): ChainedPromise<{ -readonly [K in keyof T]: Awaited<T[K]> }>
  static all<T>(values: Iterable<T | PromiseLike<T>>): ChainedPromise<Awaited<T>[]>
  /** Fulfilled with the outcomes of all inputs. */
  static allSettled<T extends readonly unknown[] | []>(
    values: T,
  ): ChainedPromise<{ -readonly [K in keyof T]: PromiseSettledResult<Awaited<T[K]>> }>
  static allSettled<T>(values: Iterable<T | PromiseLike<T>>): ChainedPromise<PromiseSettledResult<Awaited<T>>[]>
  /** Fulfilled with the first value; rejected with an `AggregateError` when all inputs are rejected. */
  static any<T extends readonly unknown[] | []>(values: T): ChainedPromise<Awaited<T[number]>>
  static any<T>(values: Iterable<T | PromiseLike<T>>): ChainedPromise<Awaited<T>>
  /** Settled as the first input that is. */
  static race<T extends readonly unknown[] | []>(values: T): ChainedPromise<Awaited<T[number]>>
  static race<T>(values: Iterable<T | PromiseLike<T>>): ChainedPromise<Awaited<T>>

  /** The class of derived promises. */
  static readonly [Symbol.species]: typeof ChainedPromise
}

/**
 * A promise that the loop fulfills with `value` after `ms` milliseconds. Wrong arguments, and the signal, reject it, as
 * those of `setTimeout` in `node:timers/promises`.
 */
export function delay<T = void>(
  ms?: number,
  value?: T | PromiseLike<T>,
  options?: import('./promises').TimerOptions,
): ChainedPromise<Awaited<T>>

/** How many promises are pending and can still be reached. Exact after a garbage collection. */
export function pendingPromises(): number

/** What `rs-eventloop/promises` exports. */
export const promises: typeof import('./promises')

/**
 * Puts these functions in the place of Node's: the globals (`queueMicrotask` among them), and what `node:timers` and
 * `node:timers/promises` export, for `require` and for `import`, also where it was imported before. What somebody has
 * kept in a variable stays Node's. The clear functions put there end Node's timers, too. Once installed it does nothing.
 */
export function install(): void
/** Takes back what {@link install} did, except where somebody else has put something in the meantime. */
export function uninstall(): void
