'use strict'
// Random numbers that are the same for the same seed, on every Node.

class Random {
  constructor(seed) {
    this.state = seed >>> 0
  }

  /** From 0 up to, but not including, 1. */
  next() {
    this.state = (this.state + 0x9e3779b9) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }

  /** A whole number below `limit`. */
  below(limit) {
    return Math.floor(this.next() * limit)
  }

  chance(probability) {
    return this.next() < probability
  }

  pick(list) {
    return list[this.below(list.length)]
  }

  /** One of the keys, as often as its weight says. */
  weighted(weights) {
    const entries = Object.entries(weights)
    let at = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    return entries.find(([, weight]) => (at -= weight) < 0)[0]
  }
}

module.exports = { Random }
