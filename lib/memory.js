'use strict'
// The words JavaScript and Rust pass numbers through. `src/node/memory.rs` has the same numbers, and says more.

const binding = require('./binding')

module.exports = {
  words: new Uint32Array(binding.memory),
  doubles: new Float64Array(binding.memory, 0, 16),
  batch: new Uint32Array(binding.memory, 128, 1024),
  /** The poll area, as whole numbers and as doubles. */
  polled: new Uint32Array(binding.memory, 4 * 1060, 1024),
  polledDoubles: new Float64Array(binding.memory, 4 * 1060, 512),

  // Indices into `words`.
  SLOT: 0,
  BEGUN: 1,
  THREW: 2,
  STEP: 3,
  COUNT: 4,
  DRAIN_FIRST: 5,
  DRAIN_LAST: 6,
  QUEUED: 7,
  TELL: 10,
  POLL: 11,
  HELD: 12,
  POLICY: 13,
  MISSED: 14,
  TURNS: 15,
  WAKES: 16,
  LEAVES: 17,
  WANTED: 1056,
  ERRNO: 1057,
  POLLED: 1058,
  // Indices into `doubles`.
  DELAY: 4,
  TIME: 9,

  NO_SLOT: 0xffffffff,

  // Steps of a turn.
  DONE: 0,
  DRAIN: 1,
  TIMERS: 2,
  MORE_TIMERS: 3,
  IMMEDIATES: 4,
  MORE_IMMEDIATES: 5,
}
