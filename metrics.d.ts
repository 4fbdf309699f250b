import type { Kind } from './event-loop'

/** What was measured of one kind. */
export interface KindMetrics {
  /** How many wait, or may run again, now: how deep the queue is. */
  active: number
  /** The most there were at once. */
  activeMax: number
  /** What turns found: a moving average, in which each turn with callbacks of the loop object counts one tenth. */
  activeAverage: number
  /** How many were set. */
  set: number
  /** How often callbacks were called. */
  fired: number
  /** How many were ended before they ran; of those that run again and again, how many were ended. */
  cleared: number
}

/**
 * Durations in milliseconds, of the callbacks that were timed, each counted as often as there are callbacks for which it
 * stands. Percentiles are at most 1/64 above the truth of these, and never below; everything else is exact. What there is
 * nothing to tell of is undefined.
 */
export interface DurationMetrics {
  /** How many there were. */
  count: number
  /** All of them together. */
  sum: number
  /** The least. */
  min: number | undefined
  /** The most. */
  max: number | undefined
  /** The average. */
  mean: number | undefined
  /** Half of them are not above this. */
  p50: number | undefined
  /** 90 percent are not above this. */
  p90: number | undefined
  /** 95 percent are not above this. */
  p95: number | undefined
  /** 99 percent are not above this. */
  p99: number | undefined
  /** 99.9 percent are not above this. */
  p99_9: number | undefined
}

/**
 * What was measured of a loop object, at one moment. Of the default loop, whose callbacks nothing measures, what would have
 * to be counted is `NaN`, and `turns` and `wakes` are those of the thread, modulo 2^32.
 */
export interface LoopMetrics {
  /** The name of the loop object. */
  loop: string
  /** What was measured of each kind. */
  kinds: Record<Kind, KindMetrics>
  /** Of timers: from the deadline to the callback. */
  lateness: DurationMetrics
  /** Of immediates, tasks and microtasks: from the call that set them to the callback. */
  waiting: DurationMetrics
  /** How long callbacks ran, without the microtasks after them. */
  runTime: DurationMetrics
  /** Callbacks per second: of the last ten seconds, or of its life so far, and those of the best second. */
  callbacks: { perSecond: number; peakPerSecond: number }
  /** Callbacks that threw, and rejections that `onError` was told of. */
  errors: number
  /** Turns in which callbacks of it were called. */
  turns: number
  /** How often Node's loop was woken for timers or tasks, those of other loop objects and of none included. */
  wakes: number
  /** How many file descriptors are watched. */
  fds: number
  /** How many promises of it are pending: of its class `Promise` and of `delay`. */
  promises: number
  /** As text for Prometheus (version 0.0.4 of its format), together with that of other loop objects. */
  prometheus(...others: LoopMetrics[]): string
}
