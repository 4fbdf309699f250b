'use strict'
// Which of many callbacks are timed. Asking the clock twice takes longer than most of what runs in a burst, so of a burst
// only some are; each of them then stands for those since the one before it.

/** Unless something else was asked for: so many of each turn are all timed, then one in so many. */
const ALL_OF_A_TURN = 64
const EVERY = 64

class Sampling {
  #allOfATurn
  #every
  /** How many more are all timed. */
  #left
  /** How many come before the next that is timed. */
  #skip = 0
  /** How many had run when the last was timed, that one included. */
  #weighed = 0

  constructor(every) {
    this.#allOfATurn = every === undefined ? ALL_OF_A_TURN : 0
    this.#every = every ?? EVERY
    this.#left = this.#allOfATurn
  }

  /** So many have run before. */
  beginTurn(fired) {
    if (this.#allOfATurn === 0) return
    this.#left = this.#allOfATurn
    this.#skip = 0
    this.#weighed = fired
  }

  /** Whether the next one is timed. */
  choose() {
    if (this.#left > 0) {
      this.#left--
      return true
    }
    if (this.#skip-- > 0) return false
    this.#skip = this.#every - 1
    return true
  }

  /** The one that runs, the last of `fired`, is timed: for how many it stands. */
  weigh(fired) {
    const weight = fired - this.#weighed
    this.#weighed = fired
    return weight
  }
}

module.exports = { Sampling }
