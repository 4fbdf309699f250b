'use strict'
// What a loop object measures of its handles and callbacks, if it was made with `metrics`.
//
// Recording takes the same few steps for each handle: counters, two looks at the clock per callback that is timed, and
// histograms that find their place by a shift. What is asked for is worked out when it is asked for.

const { lastRead, now } = require('./clock')
const { Histogram } = require('./histogram')
const { words, TURNS, WAKES } = require('./memory')
const { INTERVAL, KINDS, MICROTASK, WATCHER } = require('./loop-handles')
const { kDue, kKind, kSince } = require('./owner')
const { publishLate } = require('./channels')
const { countPending } = require('./promise/pending')
const { prometheus } = require('./prometheus')
const { Rate } = require('./rate')
const { Sampling } = require('./sampling')

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

/** The same for microtasks, of which there are so many, and such short ones, that their queue counts for itself. */
class MicrotaskCounters {
  activeAverage = 0
  #queue

  constructor(queue) {
    this.#queue = queue
  }

  get fired() {
    return this.#queue.queued - this.#queue.waiting - this.#queue.dropped
  }

  summary() {
    const { queued, waiting, mostWaiting, dropped } = this.#queue
    const { activeAverage, fired } = this
    return { active: waiting, activeMax: mostWaiting, activeAverage, set: queued, fired, cleared: dropped }
  }

  get active() {
    return this.#queue.waiting
  }
}

class LoopMetrics {
  #loop
  #lateAfter
  /** Whether its timers are due to the nanosecond. */
  #fine
  /** In the order of KINDS. */
  #counters
  #microtasks
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
  /** Of microtasks it is chosen when they are queued which are timed. */
  #sampling
  #microtaskSampling
  /** For how many the callback stands that runs, or 0 if it is not timed. */
  #weight = 0
  /** How many have run that are no microtasks, and of how many the rate knows. */
  #fired = 0
  #known = 0
  /** How late it is, if that is to be told. */
  #late

  constructor(loop, { metrics, order }, microtasks) {
    this.#loop = loop
    this.#microtasks = new MicrotaskCounters(microtasks)
    this.#counters = KINDS.map((kind) => (kind === MICROTASK ? this.#microtasks : new Counters()))
    this.#lateAfter = (metrics.lateAfter ?? Number.POSITIVE_INFINITY) * NANOS_PER_MS
    this.#fine = order === 'deadline'
    // Who wants to hear of each timer that is late has all of them timed.
    const every = metrics.every ?? (metrics.lateAfter === undefined ? undefined : 1)
    this.#sampling = new Sampling(every)
    this.#microtaskSampling = new Sampling(every)
  }

  /** A handle was set, or has begun a new life. */
  add(kind) {
    this.#counters[kind.index].add()
  }

  /** A microtask is to be queued. Since when it waits, or 0 if it is not timed. */
  sinceOfMicrotask() {
    return this.#microtaskSampling.choose() ? now() : 0
  }

  /** A timer counts anew from now. */
  refreshed(timer) {
    timer[kDue] = lastRead() + this.#nanos(timer._idleTimeout)
  }

  /** The callback of a handle is about to be called. True if `end` is to be called after it. */
  begin(handle, kind) {
    if (words[TURNS] !== this.#turn) this.#newTurn(kind)
    if (kind === MICROTASK) {
      if (handle[kSince] === 0) return false
      this.#weight = this.#microtaskSampling.weigh(this.#microtasks.fired)
    } else {
      this.#counters[kind.index].fired++
      this.#fired++
      const isTimed = this.#sampling.choose()
      if (!isTimed && kind !== INTERVAL) return false
      this.#weight = isTimed ? this.#sampling.weigh(this.#fired) : 0
    }
    this.#noteBegin(handle, kind)
    return true
  }

  /** It has returned or thrown. */
  end(handle) {
    if (handle[kKind] === INTERVAL && !this.#fine) handle[kDue] = this.#begun[0] + this.#nanos(handle._repeat)
    if (this.#weight === 0) return
    const ended = now()
    this.#runTime.record(ended - this.#begun[0], this.#weight)
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

  #noteBegin(handle, kind) {
    // The time from which the next run of an interval in Node's order counts was read just now.
    const begun = kind === INTERVAL && !this.#fine ? lastRead() : now()
    this.#begun[0] = begun
    if (this.#weight === 0) return
    if (kind.timed) {
      const lateness = begun - (handle[kDue] ?? handle[kSince] + this.#nanos(handle._idleTimeout))
      this.#lateness.record(lateness, this.#weight)
      if (lateness > this.#lateAfter) this.#late = lateness / NANOS_PER_MS
    } else if (!kind.repeats) {
      this.#waiting.record(begun - handle[kSince], this.#weight)
    }
  }

  #count(time) {
    const ran = this.#fired + this.#microtasks.fired
    this.#rate.count(time, ran - this.#known)
    this.#known = ran
  }

  /** The delay that counts. */
  #nanos(delay) {
    return (this.#fine ? delay : Math.trunc(delay)) * NANOS_PER_MS
  }

  #newTurn(kind) {
    this.#turn = words[TURNS]
    this.#turns++
    this.#sampling.beginTurn(this.#fired)
    // A microtask is out of its queue when it begins.
    this.#microtaskSampling.beginTurn(this.#microtasks.fired - (kind === MICROTASK ? 1 : 0))
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
