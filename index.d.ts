/**
 * Node's timers, immediates and microtasks from a Rust event loop: the same order, never early, faster.
 *
 * Failures inside the loop carry stable codes: `ERR_LOOP_NOT_BUILT` (no addon for this machine), `ERR_LOOP_THREAD` (the
 * loop's thread could not be started, or ended), `ERR_LOOP_OUT_OF_MEMORY`, `ERR_LOOP_PANIC` (a defect of this package),
 * `ERR_TIMER_ID_EXHAUSTED` (no number up to 2^53 - 1 is left). Of loop objects: `ERR_LOOP_CLOSED` (it is closed) and
 * `ERR_LOOP_TERMINATED` (it is being shut down and takes nothing new) and
 * `ERR_LOOP_DEFAULT` (the default loop ends with its thread).
 */

export * from './event-loop'

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
 * Calls `callback` once, when `delay` milliseconds have truly passed. Delays up to 2^53 - 1 are honoured; what is not a
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

/** What `rs-eventloop/promises` exports. */
export const promises: typeof import('./promises')
