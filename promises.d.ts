/** What `node:timers/promises` has, on the timers of rs-eventloop. */

/** Options of the functions here. */
export interface TimerOptions {
  /** Rejects the promise with an `AbortError` (`code` `ABORT_ERR`, `cause` the signal's reason) and clears the timer. */
  signal?: AbortSignal
  /** Whether the process is kept alive meanwhile. Default `true`. */
  ref?: boolean
}

/** Fulfils with `value` after `delay` milliseconds. */
export function setTimeout<T = void>(delay?: number, value?: T, options?: TimerOptions): Promise<T>
/** Fulfils with `value` in the next check phase. */
export function setImmediate<T = void>(value?: T, options?: TimerOptions): Promise<T>
/** Yields `value` every `delay` milliseconds; ticks that were not waited for are not lost. */
export function setInterval<T = void>(delay?: number, value?: T, options?: TimerOptions): AsyncIterableIterator<T>

/** The scheduler of the Scheduling APIs draft. */
export const scheduler: {
  /** The same as `setTimeout(delay, undefined, options)`. */
  wait(delay?: number, options?: TimerOptions): Promise<void>
  /** The same as `setImmediate()`. */
  yield(): Promise<void>
}
