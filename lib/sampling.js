'use strict'
// Which callbacks of one kind are timed, and what is recorded of them. Asking the clock twice takes longer than most of
// what runs in a burst, so of a burst only some are; each stands for those since the one before it, and the last one of a
// turn for those after it, too. So durations are recorded as often as there were callbacks.

/** Unless something else was asked for: so many of each turn are all timed, then one in so many. */
const ALL_OF_A_TURN = 64
const EVERY = 64

class Sampling {
  #allOfATurn
  #every
  /** Where it is recorded how late they are, or how long they waited, if that is known of this kind; and how long they ran. */
  #delays
  #runTimes
  #turn = -1
  /** How many more are all timed. */
  #left = 0
  /** How many come before the next that is timed. */
  #skip = 0
  /** How many had begun that are recorded. */
  #recorded = 0
  /** What was recorded last: in an array, where numbers take no objects of their own. */
  #last = new Float64Array(2)
  #weight = 0

  constructor(every, delays, runTimes) {
    this.#allOfATurn = every === undefined ? ALL_OF_A_TURN : 0
    this.#every = every ?? EVERY
    this.#delays = delays
    this.#runTimes = runTimes
  }

  /** Whether the next one is timed. `begun` have begun before it. */
  choose(turn, begun) {
    if (turn !== this.#turn) this.#beginTurn(turn, begun)
    if (this.#left > 0) {
      this.#left--
      return true
    }
    if (this.#skip-- > 0) return false
    this.#skip = this.#every - 1
    return true
  }

  /** The one that begins, the last of `begun`, is timed. */
  begin(begun, delay) {
    this.#weight = begun - this.#recorded
    this.#recorded = begun
    this.#last[0] = delay
    this.#delays?.record(delay, this.#weight)
  }

  end(runTime) {
    this.#last[1] = runTime
    this.#runTimes.record(runTime, this.#weight)
  }

  /** Those of the `begun` that were not timed count as the last that was. */
  complete(begun) {
    const missing = begun - this.#recorded
    if (this.#recorded === 0 || missing === 0) return
    this.#recorded = begun
    this.#delays?.record(this.#last[0], missing)
    this.#runTimes.record(this.#last[1], missing)
  }

  #beginTurn(turn, begun) {
    this.#turn = turn
    this.complete(begun)
    if (this.#allOfATurn === 0) return
    this.#left = this.#allOfATurn
    this.#skip = 0
  }
}

module.exports = { Sampling }
