'use strict'
// Timers as Node keeps them: one list for each delay in whole milliseconds, the lists by their expiry. Where real clocks
// could decide otherwise than the virtual one, the program is refused.

const { MARGIN, Refused } = require('./refused')

class Timer {
  refed = true
  list
  over = false
  cleared = false

  constructor(timers, callback, delay, repeats) {
    this.timers = timers
    this.callback = callback
    this.delay = Math.max(delay, 1)
    this.repeats = repeats
  }

  ref() {
    this.refed = true
  }

  unref() {
    this.refed = false
  }

  refresh() {
    if (!this.cleared) this.timers.insert(this, this.timers.loop.time)
  }
}

class Timers {
  byDelay = new Map()
  nextId = 0
  insertions = 0
  /** The list whose expiry ended the sleep before this phase. */
  wokenFor
  /** Nothing has run since that sleep. */
  isFirst = false
  /** Whether something may have run in this phase or in the next one. */
  isLeftOpen = false
  /** When a phase ended in which time had passed. */
  late

  constructor(loop) {
    this.loop = loop
  }

  get refed() {
    return this.all().filter((timer) => timer.refed).length
  }

  all() {
    return [...this.byDelay.values()].flatMap(({ timers }) => timers)
  }

  set(callback, delay, repeats) {
    const timer = new Timer(this, callback, delay, repeats)
    this.insert(timer, this.loop.time)
    return timer
  }

  insert(timer, start) {
    if (timer.list) this.take(timer)
    this.insertions++
    timer.start = start
    timer.over = false
    const delay = Math.trunc(timer.delay)
    if (!this.byDelay.has(delay)) {
      this.byDelay.set(delay, { delay, expiry: start + delay, id: this.nextId++, timers: [] })
    }
    timer.list = this.byDelay.get(delay)
    timer.list.timers.push(timer)
  }

  take(timer) {
    timer.list.timers.splice(timer.list.timers.indexOf(timer), 1)
    timer.list = undefined
  }

  /** A ref'd timer takes its empty list along; an unref'd one leaves it behind. One that is over can be revived. */
  clear(timer) {
    if (!timer.callback) return
    timer.callback = undefined
    if (timer.over) return
    const list = this.byDelay.get(Math.trunc(timer.delay))
    if (timer.list) this.take(timer)
    if (list?.timers.length === 0 && timer.refed) this.byDelay.delete(list.delay)
    timer.over = true
    timer.cleared = true
  }

  /** The list to look at next. */
  first() {
    return [...this.byDelay.values()].sort((a, b) => a.expiry - b.expiry || a.id - b.id)[0]
  }

  endPhase(now) {
    this.wokenFor = undefined
    this.isFirst = false
    this.late = this.loop.time > now ? this.loop.time : undefined
  }

  /** What is due when a phase ends may have to wait for a millisecond to pass, in Node. */
  areArmedLate() {
    return this.late !== undefined && this.loop.time - this.late < MARGIN && this.isAnyAboutDue()
  }

  isAnyAboutDue() {
    return this.all().some(({ list }) => list.expiry - this.loop.time < MARGIN)
  }

  assertFirst(list) {
    for (const other of this.byDelay.values()) {
      const isClose = Math.abs(other.expiry - list.expiry) < MARGIN
      if (other !== list && other.timers.length > 0 && isClose) throw new Refused('two lists')
    }
  }

  /** One pass over the due lists. Throws what a callback or a drain throws; the phase then begins another pass. */
  process(now) {
    let ranList = false
    for (let list = this.first(); list; list = this.first()) {
      const isClose = Math.abs(list.expiry - now) < MARGIN && list.expiry !== this.wokenFor
      if (list.expiry > now && !isClose) return
      this.assertFirst(list)
      if (ranList) this.drain(isClose)
      ranList = true
      if (isClose) {
        this.assertStandsStill(now)
        if (list.expiry > now) return
      }
      this.runList(list, now)
    }
  }

  /** Runs the drain before a timer. If that is about due only, the phase may have ended, and this may be its last drain. */
  drain(isClose) {
    try {
      this.loop.drain.run()
    } catch (error) {
      throw isClose ? new Refused('a drain that threw before a timer that is about due') : error
    }
  }

  runList(list, now) {
    let ranTimer = false
    while (list.timers.length > 0) {
      const timer = list.timers[0]
      const late = now - timer.start - list.delay
      if (late <= -MARGIN) {
        list.expiry = Math.max(timer.start + list.delay, now + 1)
        list.id = this.nextId++
        return
      }
      // The loop slept until the first one was due; all others have clocks of their own.
      const isClose = late < MARGIN && !(this.isFirst && late === 0)
      this.isFirst = false
      if (ranTimer) this.drain(isClose)
      ranTimer = true
      if (isClose) this.assertMayWait(list, now, timer)
      // A drain may have cleared it, which counts, or refreshed it, which comes too late.
      if (timer.list) this.take(timer)
      if (timer.callback) this.runTimer(timer)
      else timer.over = true
    }
    if (this.byDelay.get(list.delay) === list) this.byDelay.delete(list.delay)
  }

  /** Whether something runs in this phase or in the next one may be left open only if both begin at the same time. */
  assertStandsStill(now) {
    if (this.refed === 0) throw new Refused('nothing keeps the loop alive')
    if (this.loop.time !== now) throw new Refused('time has passed in the phase')
    this.loop.assertNothingElse('a timer that is about due')
    this.isLeftOpen = true
  }

  /** The next of a list may be due a moment later than the one before: nothing may tell in which phase it runs. */
  assertMayWait(list, now, next) {
    this.assertStandsStill(now)
    if (list.timers[0] !== next) throw new Refused('moved by a drain')
    for (const other of this.byDelay.values()) {
      if (other !== list && other.expiry - now < 2 * MARGIN) throw new Refused('another list beside the next of a list')
    }
  }

  runTimer(timer) {
    const start = this.loop.time
    try {
      timer.callback()
    } finally {
      if (timer.repeats && timer.callback) this.insert(timer, start)
      else if (!timer.list) timer.over = true
    }
  }
}

module.exports = { Timers }
