'use strict'
// What the queues of callbacks are made of: arrays of a fixed length, each with the next one behind its last entry.
//
// A chunk is filled once and never used again. One that V8 has moved to its old objects costs a note for each young thing
// that is put into it, which takes longer than an entry of a new one.

const LENGTH = 128

const EMPTY = new Array(LENGTH + 1).fill(undefined)

/** Room for `LENGTH` entries, and at the index `LENGTH` for the next chunk. */
function freshChunk() {
  return EMPTY.slice()
}

/** What follows a chunk that nobody needs any more. An old one that is gone must not keep the young ones behind it. */
function nextChunk(chunk) {
  const following = chunk[LENGTH]
  chunk[LENGTH] = undefined
  return following
}

module.exports = { LENGTH, freshChunk, nextChunk }
