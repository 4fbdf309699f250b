'use strict'
// How many things happen in a second: counted second by second, for the last ten, and the best second there was.

const SECOND = 1e9
const SECONDS = 10

class Rate {
  #since
  /** When the second ends that is being counted. */
  #ends
  #current = 0
  /** The seconds before, the oldest at `#oldest`. */
  #before = new Uint32Array(SECONDS)
  #oldest = 0
  #peak = 0

  constructor(now) {
    this.#since = now
    this.#ends = now + SECOND
  }

  /** So many more, at a time. */
  count(now, more) {
    if (now >= this.#ends) this.#endSeconds(now)
    this.#current += more
  }

  /** Per second: of the last ten seconds, or of all if there were not as many; and of the best second. */
  summary(now) {
    if (now >= this.#ends) this.#endSeconds(now)
    const counted = this.#before.reduce((sum, one) => sum + one, this.#current)
    const begun = now - (this.#ends - SECOND)
    const seconds = Math.max(1, Math.min(now - this.#since, SECONDS * SECOND + begun) / SECOND)
    return { perSecond: counted / seconds, peakPerSecond: Math.max(this.#peak, this.#current) }
  }

  #endSeconds(now) {
    const ended = 1 + Math.floor((now - this.#ends) / SECOND)
    this.#peak = Math.max(this.#peak, this.#current)
    for (let i = 0; i < Math.min(ended, SECONDS); i++) {
      this.#before[this.#oldest] = i === 0 ? this.#current : 0
      this.#oldest = (this.#oldest + 1) % SECONDS
    }
    // Longer ago than all that is kept, the second before the pause is forgotten, too.
    if (ended > SECONDS) this.#before.fill(0)
    this.#current = 0
    this.#ends += ended * SECOND
  }
}

module.exports = { Rate }
