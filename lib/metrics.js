'use strict'
// What a loop object measures of its handles and callbacks, if it was made with `metrics`.
//
// Recording takes the same few steps for each handle: counters, two looks at the clock per callback, and histograms that
// find their place by a shift. What is asked for is worked out when it is asked for.

const { lastRead, now } = require('./clock')
const { Histogram } = require('./histogram')
const { words, TURNS, WAKES } = require('./memory')
const { INTERVAL, KINDS, MICROTASK, WATCHER } = require('./loop-handles')
const { kDue, kKind, kSince } = require('./owner')
const { publishLate } = require('./channels')
const { countPending } = require('./promise/pending')
const { prometheus } = require('./prometheus')
const { Rate } = require('./rate')

/** By how much a turn moves the average of what is active. */
const WEIGHT = 0.1
const NANOS_PER_MS = 1e6

class Counters {
  set = 0
  fired = 0
  cleared = 0
  active = 0
  activeMax = 0
  activeAverage = 0

  add() {
    this.set++
    if (++this.active > this.activeMax) this.activeMax = this.active
  }

  summary() {
    const { active, activeMax, activeAverage, set, fired, cleared } = this
    return { active, activeMax, activeAverage, set, fired, cleared }
  }
}

class LoopMetrics {
  #loop
  #lateAfter
  /** Whether its timers are due to the nanosecond. */
  #fine
  /** In the order of KINDS. */
  #counters = KINDS.map(() => new Counters())
  #lateness = new Histogram()
  #waiting = new Histogram()
  #runTime = new Histogram()
  #rate = new Rate(now())
  #turn = words[TURNS] - 1
  #turns = 0
  #wakesSeen = words[WAKES]
  #wakes = 0
  #errors = 0
  /** When the callback that runs was called: in an array, where a number takes no object of its own. */
  #begun = new Float64Array(1)
  /** The durations of one callback in so many are measured. */
  #every
  /** How many callbacks, or microtasks, come before the next that is measured. */
  #skip = 0
  #skipMicrotasks = 0
  /** Whether the callback that runs is measured. */
  #measures = false
  /** How many have run that the rate does not know of. */
  #uncounted = 0
  /** How late it is, if that is to be told. */
  #late

  constructor(loop, { metrics, order }) {
    this.#loop = loop
    this.#lateAfter = (metrics.lateAfter ?? Number.POSITIVE_INFINITY) * NANOS_PER_MS
    this.#fine = order === 'deadline'
    this.#every = metrics.every ?? 1
  }

  /** A handle was set, or has begun a new life. */
  add(kind) {
    this.#counters[kind.index].add()
  }

  /** A microtask was queued. Since when it waits, or 0 if that is not measured. */
  addMicrotask() {
    this.add(MICROTASK)
    if (this.#skipMicrotasks-- > 0) return 0
    this.#skipMicrotasks = this.#every - 1
    return now()
  }

  /** A timer counts anew from now. */
  refreshed(timer) {
    timer[kDue] = lastRead() + this.#nanos(timer._idleTimeout)
  }

  /** The callback of a handle is about to be called. */
  begin(handle) {
    const kind = handle[kKind]
    if (words[TURNS] !== this.#turn) this.#newTurn()
    this.#counters[kind.index].fired++
    this.#uncounted++
    this.#measures = kind === MICROTASK ? handle[kSince] !== 0 : this.#isOneOfMany()
    // The time from which the next run of an interval in Node's order counts was read just now.
    if (kind === INTERVAL && !this.#fine) this.#begun[0] = lastRead()
    else if (this.#measures) this.#begun[0] = now()
    if (this.#measures) this.#measureBegin(handle, kind)
  }

  /** It has returned or thrown. */
  end(handle) {
    if (handle[kKind] === INTERVAL && !this.#fine) handle[kDue] = this.#begun[0] + this.#nanos(handle._repeat)
    if (!this.#measures) return
    const ended = now()
    this.#runTime.record(ended - this.#begun[0])
    this.#count(ended)
  }

  /** Everything that follows from it is done: now whoever is told may do what they like. */
  tellIfLate(handle) {
    if (this.#late === undefined) return
    const lateness = this.#late
    this.#late = undefined
    publishLate(this.#loop, handle, lateness)
  }

  /** A handle is over; perhaps because its callback was called. */
  remove(handle, called) {
    const kind = handle[kKind]
    const counters = this.#counters[kind.index]
    counters.active--
    if (kind.repeats || !called) counters.cleared++
  }

  /** The microtasks that wait are never going to run. */
  dropMicrotasks(count) {
    const counters = this.#counters[MICROTASK.index]
    counters.cleared += count
    counters.active -= count
  }

  failed() {
    this.#errors++
  }

  summary(loop) {
    this.#countWakes()
    const time = now()
    this.#count(time)
    return new Metrics({
      loop,
      kinds: Object.fromEntries(KINDS.map(({ name, index }) => [name, this.#counters[index].summary()])),
      lateness: this.#lateness.summary(),
      waiting: this.#waiting.summary(),
      runTime: this.#runTime.summary(),
      callbacks: this.#rate.summary(time),
      errors: this.#errors,
      turns: this.#turns,
      wakes: this.#wakes,
      fds: this.#counters[WATCHER.index].active,
      promises: countPending((owner) => owner === this.#loop),
    })
  }

  #isOneOfMany() {
    if (this.#skip-- > 0) return false
    this.#skip = this.#every - 1
    return true
  }

  #measureBegin(handle, kind) {
    const begun = this.#begun[0]
    if (kind.timed) {
      const lateness = begun - (handle[kDue] ?? handle[kSince] + this.#nanos(handle._idleTimeout))
      this.#lateness.record(lateness)
      if (lateness > this.#lateAfter) this.#late = lateness / NANOS_PER_MS
    } else if (!kind.repeats) {
      this.#waiting.record(begun - handle[kSince])
    }
  }

  #count(time) {
    this.#rate.count(time, this.#uncounted)
    this.#uncounted = 0
  }

  /** The delay that counts. */
  #nanos(delay) {
    return (this.#fine ? delay : Math.trunc(delay)) * NANOS_PER_MS
  }

  #newTurn() {
    this.#turn = words[TURNS]
    this.#turns++
    this.#countWakes()
    for (const counters of this.#counters) {
      counters.activeAverage += WEIGHT * (counters.active - counters.activeAverage)
    }
  }

  #countWakes() {
    this.#wakes += (words[WAKES] - this.#wakesSeen) >>> 0
    this.#wakesSeen = words[WAKES]
  }
}

/** What was measured, at one moment. */
class Metrics {
  constructor(measured) {
    Object.assign(this, measured)
  }

  /** As text for Prometheus, together with that of others. */
  prometheus(...others) {
    return prometheus([this, ...others])
  }
}

module.exports = { LoopMetrics, Metrics }
