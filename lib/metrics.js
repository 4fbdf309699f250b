'use strict'
// What a loop object measures of its handles and callbacks, if it was made with `metrics`.
//
// Recording takes the same few steps for each handle: counters, two looks at the clock per callback that is timed, and
// histograms that find their place by a shift. What is asked for is worked out when it is asked for.

const { settle } = require('./binding')
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
  sampling

  constructor(sampling) {
    this.sampling = sampling
  }

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
  sampling
  #queue

  constructor(sampling, queue) {
    this.sampling = sampling
    this.#queue = queue
  }

  /** As of all kinds, one that runs has fired. */
  get fired() {
    return this.#queue.queued - this.#queue.waiting - this.#queue.dropped
  }

  get active() {
    return this.#queue.waiting
  }

  summary() {
    const { queued, waiting, mostWaiting, dropped } = this.#queue
    const { activeAverage, fired } = this
    return { active: waiting, activeMax: mostWaiting, activeAverage, set: queued, fired, cleared: dropped }
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
  #rate
  #turn = words[TURNS] - 1
  #turns = 0
  #wakesSeen = words[WAKES]
  #wakes = 0
  #errors = 0
  /** When the callback that runs was called, and the last time that was read: in arrays, see Sampling. */
  #begun = new Float64Array(1)
  #time = new Float64Array(1)
  /** Whether the callback that runs is timed. */
  #isTimed = false
  /** How many have run that are no microtasks, and of how many of all the rate knows. */
  #fired = 0
  #known = 0
  /** How late it is, if that is to be told. */
  #late

  constructor(loop, { metrics, order }, microtasks) {
    this.#loop = loop
    this.#lateAfter = (metrics.lateAfter ?? Number.POSITIVE_INFINITY) * NANOS_PER_MS
    this.#fine = order === 'deadline'
    this.#time[0] = now()
    this.#rate = new Rate(this.#time[0])
    // Who wants to hear of each timer that is late has all of them timed.
    const every = metrics.every ?? (metrics.lateAfter === undefined ? undefined : 1)
    const samplingOf = ({ timed, soon }) =>
      new Sampling(every, timed ? this.#lateness : soon ? this.#waiting : undefined, this.#runTime)
    this.#microtasks = new MicrotaskCounters(samplingOf(MICROTASK), microtasks)
    this.#counters = KINDS.map((kind) => (kind === MICROTASK ? this.#microtasks : new Counters(samplingOf(kind))))
    // So that turns are counted from now on.
    settle()
  }

  /** A handle was set, or has begun a new life. */
  add(kind) {
    this.#counters[kind.index].add()
  }

  /** A microtask is to be queued. Since when it waits, or 0 if it is not timed. */
  sinceOfMicrotask() {
    return this.#microtasks.sampling.choose(words[TURNS], this.#microtasks.fired) ? now() : 0
  }

  /** A timer counts anew from now. */
  refreshed(timer) {
    timer[kDue] = lastRead() + this.#nanos(timer._idleTimeout)
  }

  /**
   * The callback of a handle is about to be called. True if `end` is to be called after it. One inside another is counted
   * and not timed.
   */
  begin(handle, kind, isInside) {
    const turn = words[TURNS]
    if (turn !== this.#turn) this.#newTurn(turn, kind)
    if (kind === MICROTASK) {
      if (handle[kSince] === 0 || isInside) return false
      this.#isTimed = true
    } else {
      const counters = this.#counters[kind.index]
      const isTimed = counters.sampling.choose(turn, counters.fired++)
      this.#fired++
      if ((!isTimed && kind !== INTERVAL) || isInside) return false
      this.#isTimed = isTimed
    }
    this.#noteBegin(handle, kind)
    return true
  }

  /** It has returned or thrown. */
  end(handle, kind) {
    if (this.#moves(kind)) handle[kDue] = this.#begun[0] + this.#nanos(handle._repeat)
    if (!this.#isTimed) return
    const ended = now()
    this.#counters[kind.index].sampling.end(ended - this.#begun[0])
    this.#count(this.#fired + this.#microtasks.fired, ended)
    this.#time[0] = ended
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
    this.#count(this.#fired + this.#microtasks.fired, this.#time[0])
    for (const { sampling, fired } of this.#counters) sampling.complete(fired)
    return new Metrics({
      loop,
      kinds: Object.fromEntries(KINDS.map(({ name, index }) => [name, this.#counters[index].summary()])),
      lateness: this.#lateness.summary(),
      waiting: this.#waiting.summary(),
      runTime: this.#runTime.summary(),
      callbacks: this.#rate.summary(now()),
      errors: this.#errors,
      turns: this.#turns,
      wakes: this.#wakes,
      fds: this.#counters[WATCHER.index].active,
      promises: countPending((owner) => owner === this.#loop),
    })
  }

  #noteBegin(handle, kind) {
    const begun = this.#moves(kind) ? lastRead() : now()
    this.#begun[0] = begun
    if (!this.#isTimed) return
    const { fired, sampling } = this.#counters[kind.index]
    if (kind.timed) {
      const lateness = begun - (handle[kDue] ?? handle[kSince] + this.#nanos(handle._idleTimeout))
      sampling.begin(fired, lateness)
      if (lateness > this.#lateAfter) this.#late = lateness / NANOS_PER_MS
    } else {
      sampling.begin(fired, begun - handle[kSince])
    }
  }

  /** Whether its next run counts from this one. The time of that was read just now, and is the one that was read last. */
  #moves(kind) {
    return kind === INTERVAL && !this.#fine
  }

  /** So many callbacks have begun in all, those of which the rate does not know about this time. */
  #count(begun, time) {
    this.#rate.count(time, begun - this.#known)
    this.#known = begun
  }

  /** The delay that counts. */
  #nanos(delay) {
    return (this.#fine ? delay : Math.trunc(delay)) * NANOS_PER_MS
  }

  /** Its first callback, of this kind, is about to be called. */
  #newTurn(turn, kind) {
    // A microtask is out of its queue when it begins.
    const isOut = kind === MICROTASK ? 1 : 0
    this.#turn = turn
    this.#turns++
    this.#countWakes()
    this.#count(this.#fired + this.#microtasks.fired - isOut, this.#time[0])
    this.#time[0] = this.#moves(kind) ? lastRead() : now()
    for (const counters of this.#counters) {
      const active = counters.active + (counters === this.#microtasks ? isOut : 0)
      counters.activeAverage += WEIGHT * (active - counters.activeAverage)
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
    return prometheus(this, others)
  }
}

module.exports = { LoopMetrics, Metrics }
