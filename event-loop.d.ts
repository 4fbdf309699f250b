import type { ChainedPromise, Immediate, Timeout } from './index'
import type { LoopMetrics } from './metrics'

/** A task for the poll phase, as {@link EventLoop.submit} makes them. */
export interface Task {
  /** Keeps the process alive while it is pending. The default. */
  ref(): this
  /** Lets the process end although it is pending. */
  unref(): this
  /** Whether it is pending and keeps the process alive. */
  hasRef(): boolean
  /** Ends it. */
  close(): this
  /** Ends it. */
  [Symbol.dispose](): void
}

/** A timer of a loop object. */
export interface LoopTimer extends Timeout {
  /**
   * In deadline order only: how many further deadlines of an interval had passed when its callback was called, 0 if it
   * is on time. With `missed: 'skip'`, `1 + this.missed` summed up over all calls is the number of periods gone by.
   */
  readonly missed?: number
}

/** What a file descriptor is watched for, and how. At least one of the first three is needed. */
export interface WatchOptions {
  /** Something can be read, or the end is reached. */
  readable?: boolean
  /** Something can be written. */
  writable?: boolean
  /** What the file calls exceptional: an edge of a GPIO pin, a change of mounts, out-of-band data. Linux only. */
  priority?: boolean
  /**
   * `'level'`, the default: told in every turn in which it is so. `'edge'`: told when something has changed. `'once'`:
   * told once, and the watcher is closed before that.
   */
  mode?: 'level' | 'edge' | 'once'
}

/** What a file descriptor is ready for. */
export interface WatchEvents {
  /** Something can be read, or the end is reached. */
  readonly readable: boolean
  /** Something can be written. */
  readonly writable: boolean
  /** What the file calls exceptional. */
  readonly priority: boolean
  /** It failed, or the reader of a pipe has gone. */
  readonly error: boolean
  /** The other side has gone. */
  readonly hangup: boolean
  /** The other side writes no more. */
  readonly readClosed: boolean
}

/**
 * Watches a file descriptor, as {@link EventLoop.watch} makes them. It never closes the file descriptor. One that has no
 * callback can be iterated, once: it then tells whenever the next event is asked for, and is closed at the end.
 */
export interface Watcher extends AsyncIterable<WatchEvents> {
  /** The file descriptor. */
  readonly fd: number
  /** Watches for something else, or in another way. What is not given stays. */
  update(options: WatchOptions): this
  /** Keeps the process alive while it is open. The default. */
  ref(): this
  /** Lets the process end although it is open. */
  unref(): this
  /** Whether it is open and keeps the process alive. */
  hasRef(): boolean
  /** Ends it. Whoever iterates is at the end, or gets `ERR_LOOP_CLOSED` if that was because the loop was closed. */
  close(): this
  /** Ends it. */
  [Symbol.dispose](): void
}

/** Something that any thread of the process can ring, as {@link EventLoop.doorbell} makes them. */
export interface Doorbell {
  /** Its number in the whole process, for {@link ring}. */
  readonly id: number
  /** Keeps the process alive while it is open. The default. */
  ref(): this
  /** Lets the process end although it is open. */
  unref(): this
  /** Whether it is open and keeps the process alive. */
  hasRef(): boolean
  /** Ends it. What it was rung for and not called is dropped. */
  close(): this
  /** Ends it. */
  [Symbol.dispose](): void
}

/**
 * Rings a doorbell, from any thread of the process that has loaded this package. Its callback is called once for all
 * rings since its last call. Throws `ERR_LOOP_CLOSED` if there is none with this number: it, its loop object or its
 * thread has ended.
 */
export function ring(id: number): void

/** The kinds of what a loop object may have. */
export type Kind = 'timeout' | 'interval' | 'immediate' | 'task' | 'microtask' | 'watcher' | 'doorbell' | 'delay'

/** What {@link EventLoop.handles} tells of one thing that is alive. */
export interface HandleInfo {
  /** What it is. Microtasks are not listed. */
  kind: Exclude<Kind, 'microtask'>
  /** Its number. */
  id: number
  /** The delay of a timer, in milliseconds. */
  delay: number | undefined
  /** For how long it has been there, in milliseconds. Not known of the {@link defaultLoop}. */
  age: number | undefined
  /** Whether it keeps the process alive. */
  ref: boolean
  /** The stack of the call that set it, if the loop object was made with `origins`. */
  origin: string | undefined
  /** The handle itself. */
  handle: Timeout | Immediate | Task | Watcher | Doorbell
}

/** How a loop object is to be. Everything is optional. */
export interface EventLoopOptions {
  /** Its name, for people. */
  name?: string
  /** Remember where each handle was set, for {@link HandleInfo.origin}. It costs a stack trace each. */
  origins?: boolean
  /** `false`: callbacks run without the `AsyncLocalStorage` context in which they were set. */
  asyncContext?: boolean
  /**
   * `'node'`, the default: timers run list by list, in whole milliseconds. `'deadline'`: they run in the order of their
   * deadlines, and delays may be fractions of a millisecond, down to 0.05. Never early, to the nanosecond, in both.
   */
  order?: 'node' | 'deadline'
  /**
   * What intervals in deadline order do when they are late by whole periods. They keep to `start + n * period`, so they
   * do not drift. `'burst'`, the default: one call for each deadline missed, one after the other. `'delay'`: one call, and
   * the next period counts from it. `'skip'`: one call, then on with the next deadline to come. {@link LoopTimer.missed}
   * tells how many there were.
   */
  missed?: 'burst' | 'delay' | 'skip'
  /** Timers set more than five deep inside callbacks of timers get at least 4 ms, as in HTML; so do intervals after five calls. */
  nestedClamp?: boolean
  /**
   * `'interleaved'`, the default: microtasks take turns with everybody's, one by one. `'batched'`: those that wait run
   * one after the other, and none of others between them, which is not the order of Node.
   */
  microtasks?: 'interleaved' | 'batched'
  /**
   * How many microtasks may run in one go. The rest runs in the next turn, after timers and I/O and before what is queued
   * later. Endless by default.
   */
  microtaskBudget?: number
  /**
   * Takes what callbacks throw, and what promises that they return are rejected with. What it throws itself is an
   * uncaught exception, as is everything without it.
   */
  onError?: (error: unknown, handle: Timeout | Immediate | Task | Watcher | Doorbell | object) => void
  /**
   * Takes the rejections of its {@link EventLoop.Promise promises} that nobody handles, at the moment at which Node would
   * report them, which then does not. What it throws is an uncaught exception.
   */
  onUnhandledRejection?: (reason: unknown, promise: ChainedPromise<unknown>) => void
  /**
   * Measure what {@link EventLoop.metrics} tells. All callbacks are counted. Timed are the first 64 of each kind in a turn,
   * and then one in 64, which stands for the others. With `every`, one in so many is timed from the start; with
   * `every: 1` each is, which costs two looks at the clock more per callback. With `lateAfter`, timers that run later
   * than so many milliseconds are told on the channel `rs-eventloop:late`, and each callback is timed unless `every` says
   * otherwise.
   */
  metrics?: boolean | { lateAfter?: number; every?: number }
}

/** How a loop object is to be shut down. */
export interface ShutdownOptions {
  /** Pending timers are dropped, the default, or run when they are due: each once, intervals and refreshed ones included. */
  timers?: 'drop' | 'run'
  /** After so many milliseconds the rest is dropped. */
  timeout?: number
  /** Drops the rest when it is aborted. The promise is then rejected with an `AbortError`. */
  signal?: AbortSignal
}

/** What a shutdown has done. */
export interface ShutdownReport {
  /** What ran between the call of `shutdown` and the end. */
  ran: Record<Kind, number>
  /** What did not. */
  dropped: Record<Kind, number>
  /** Whether that was because of the `timeout`. */
  timedOut: boolean
}

/** Everything a component started, in one hand: same functions, same order, its own life. */
export class EventLoop {
  /** Makes one. It costs next to nothing as long as it has nothing to do. */
  constructor(options?: EventLoopOptions)
  /** Its name. */
  readonly name: string
  /**
   * `'running'`: one of its callbacks is. `'awake'`: something of it runs soon. `'sleeping'`: nothing does.
   * `'terminating'`: it is being shut down. `'terminated'`: it is closed.
   */
  readonly state: 'awake' | 'running' | 'sleeping' | 'terminating' | 'terminated'
  /** As the function of the module. */
  setTimeout<Args extends unknown[]>(
    callback: (this: LoopTimer, ...args: Args) => void,
    delay?: number | string,
    ...args: Args
  ): LoopTimer
  /** As the function of the module. */
  setInterval<Args extends unknown[]>(
    callback: (this: LoopTimer, ...args: Args) => void,
    delay?: number | string,
    ...args: Args
  ): LoopTimer
  /** As the function of the module. */
  setImmediate<Args extends unknown[]>(callback: (this: Immediate, ...args: Args) => void, ...args: Args): Immediate
  /** Calls `callback` in the next poll phase, where callbacks of I/O are called. */
  submit<Args extends unknown[]>(callback: (this: Task, ...args: Args) => void, ...args: Args): Task
  /**
   * Tells in the poll phase when a file descriptor is ready: a pipe, socket, terminal, inotify or anything else that can
   * be polled. What is told is true when the turn begins. Close the watcher before the file descriptor; this never does.
   *
   * Throws an error of the system, with `code` and `errno`, for one that is closed (`EBADF`), cannot be polled, as regular
   * files (`EPERM`), or is watched already in this thread (`EEXIST`).
   */
  watch(
    fd: number,
    options: WatchOptions,
    callback: (this: Watcher, events: WatchEvents, watcher: Watcher) => void,
  ): Watcher
  /** The same, to be iterated. */
  watch(fd: number, options: WatchOptions): Watcher
  /** Calls `callback` in the poll phase after its number was given to {@link ring}, with how often that was. */
  doorbell(callback: (this: Doorbell, rings: number) => void): Doorbell
  /** As the function of the module. */
  queueMicrotask(callback: () => void): void
  /** `ChainedPromise` bound to this loop object, whose `onUnhandledRejection` hears of its promises first. */
  readonly Promise: typeof ChainedPromise
  /**
   * A promise that is fulfilled with `value` when `ms` have passed. It is rejected with an `AbortError` when the signal is
   * aborted or its handle is closed, and with `ERR_LOOP_CLOSED` when the loop object ends before.
   */
  delay<T = void>(
    ms?: number,
    value?: T | PromiseLike<T>,
    options?: import('./promises').TimerOptions,
  ): ChainedPromise<Awaited<T>>
  /** As the function of the module. */
  clearTimeout(timeout?: Timeout | number | string | null): void
  /** As the function of the module. */
  clearInterval(interval?: Timeout | number | string | null): void
  /** As the function of the module. */
  clearImmediate(immediate?: Pick<Immediate, '_onImmediate'> | number | string | null): void
  /** Everything of it that is alive, in the order in which it was set. */
  handles(): HandleInfo[]
  /** What was measured so far. `ERR_LOOP_NO_METRICS` if it was made without the option `metrics`, but for the default loop. */
  metrics(): LoopMetrics
  /** Its handles keep the process alive, each as it wants. The default. */
  ref(): this
  /** None of its handles keeps the process alive. */
  unref(): this
  /** Whether its handles may keep the process alive. */
  hasRef(): boolean
  /** Ends everything at once: nothing of it runs any more. Setting something throws `ERR_LOOP_CLOSED` from now on. */
  close(): void
  /**
   * Takes nothing new from outside (`ERR_LOOP_TERMINATED`), runs what it has accepted, then closes. Its own callbacks may
   * still set immediates, tasks and microtasks while they run; what comes after them, as the rest of an async function
   * does, is outside. What it has accepted keeps the process alive until it has run, but for timers, which do as they want.
   * Further calls return the same promise, and their `timeout` and `signal` bound the shutdown, too.
   */
  shutdown(options?: ShutdownOptions): Promise<ShutdownReport>
  /** Closes it. */
  [Symbol.dispose](): void
  /** Shuts it down. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * The loop of the module's own functions: to list and count what is alive. It ends with its thread: `close`, `shutdown`, `ref` and
 * `unref` throw `ERR_LOOP_DEFAULT`.
 */
export const defaultLoop: EventLoop
