'use strict'
// The slots of promises, and how long JavaScript holds what is in them.
//
// Rust knows a promise by its slot. `blocks` has the promise of every slot in use, 64 slots to a block: strongly as long
// as it is young, weakly when it has been pending through two collections. So a pending promise that nobody can reach
// is collected, its handlers with it, and the slot goes back to Rust. `src/node/promises.rs` has the same numbers.

const binding = require('../binding')

const { takePack, takeNotes, releasePromise, lookAfterPromises, countPromises } = binding
const { setImmediate } = require('node:timers')

const words = new Uint32Array(binding.promiseMemory)

// Indices into `words`.
const SLOT = 0
const KEY = 1
const ANSWER = 2
const LEFT = 3
const NOTED = 4
const PENDING = 5
const UNHANDLED = 6
const REACTIONS = 7
const AGED = 8
const OLD = 9
const BYTES = 10
const PACK = 16
const AGED_SLOTS = 80
const OLD_SLOTS = 144
const NOTES = 208

const NOTES_CAPACITY = 1024
const BLOCK_BITS = 6
const BLOCK_MASK = 63
/** How many blocks are looked after before libuv breathes. */
const BLOCKS_AT_ONCE = 16

/** Without a prototype, as programs may give that of arrays indices of its own.
 * @type {(object | WeakRef<object> | undefined)[][]} */
const blocks = Object.setPrototypeOf([], null)
const EMPTY_BLOCK = new Array(64).fill(undefined)
/** The block of the pack: an array as young as its promises, so that V8 has nothing to remember about it. */
let block = []

// What happens with each promise is kept apart from `words`, and short: V8 inlines only so much into one function.

/** The slots of the pack, and how many of them are left. */
const pack = words.subarray(PACK, PACK + BLOCK_MASK + 1)
let left = 0
/** What Rust is to be told, and how much of it there is. */
const notes = words.subarray(NOTES, NOTES + NOTES_CAPACITY)
let noted = 0

/** Lets Rust do something, after it has read the notes. If it is not reached, as the stack is full, they stay. */
function call(what) {
  words[LEFT] = left
  words[NOTED] = noted
  try {
    what()
  } finally {
    left = words[LEFT]
    noted = words[NOTED]
  }
}

/** Gives `promise` a slot. */
function takeSlot(promise) {
  if (left === 0) refill()
  left -= 1
  const slot = pack[left]
  block[slot & BLOCK_MASK] = promise
  return slot
}

/** Made before a pack is taken, which may need it: a full stack must not leave one behind that has no block. */
let spare

function refill() {
  spare ??= EMPTY_BLOCK.slice()
  call(takePack)
  const index = words[PACK] >>> BLOCK_BITS
  if (words[ANSWER] === 1) {
    blocks[index] = spare
    spare = undefined
  }
  block = blocks[index]
  awaitCollection()
}

/** Nobody needs to find the promise of this slot any more. */
function clearSlot(slot) {
  blocks[slot >>> BLOCK_BITS][slot & BLOCK_MASK] = undefined
}

/** Tells Rust, sooner or later, that a reaction waits for the promise of this slot. */
function noteReaction(slot) {
  note(slot << 1)
}

/** Tells Rust, sooner or later, that the promise of this slot is settled, which nothing speaks against. */
function noteSettled(slot) {
  note((slot << 1) | 1)
}

function note(what) {
  if (noted === NOTES_CAPACITY) call(takeNotes)
  notes[noted] = what
  noted += 1
}

/** Gives a slot back whose promise is not settled by anybody. */
function releaseSlot(slot) {
  clearSlot(slot)
  words[SLOT] = slot
  call(releasePromise)
}

/** Lets the promises of a block grow older, and gives back the slots of those that were collected. */
function lookAfter(index) {
  words[SLOT] = index
  call(lookAfterPromises)
  const entries = blocks[index]
  for (let i = 0; i < words[AGED]; i++) {
    const place = words[AGED_SLOTS + i] & BLOCK_MASK
    entries[place] = new WeakRef(entries[place])
  }
  for (let i = 0; i < words[OLD]; i++) {
    const slot = words[OLD_SLOTS + i]
    if (entries[slot & BLOCK_MASK].deref() === undefined) releaseSlot(slot)
  }
}

/** Called after a collection: only then can anything be gone. */
const collections = new FinalizationRegistry(() => lookAfterFrom(0))
let awaited = false

function awaitCollection() {
  if (awaited) return
  awaited = true
  collections.register({})
}

function lookAfterFrom(first) {
  const end = Math.min(first + BLOCKS_AT_ONCE, blocks.length)
  for (let index = first; index < end; index++) lookAfter(index)
  if (end < blocks.length) {
    setImmediate(lookAfterFrom, end).unref()
  } else {
    awaited = false
    if (counts().pending + counts().unhandled > 0) awaitCollection()
  }
}

/** What Rust counts. */
function counts() {
  call(countPromises)
  return { pending: words[PENDING], unhandled: words[UNHANDLED], reactions: words[REACTIONS] }
}

/** Gives back the slots of all that were collected. */
function lookAfterAll() {
  for (let index = 0; index < blocks.length; index++) lookAfter(index)
}

/** The number of promises that are pending and can still be reached. */
function pendingPromises() {
  lookAfterAll()
  return counts().pending
}

/** The promises that have a slot and can still be reached. */
function* promisesWithSlots() {
  lookAfterAll()
  for (let index = 0; index < blocks.length; index++) {
    for (const entry of blocks[index]) {
      const promise = entry instanceof WeakRef ? entry.deref() : entry
      if (promise !== undefined) yield promise
    }
  }
}

/** How many bytes promises take in Rust. */
function bytesInRust() {
  call(countPromises)
  return words[BYTES]
}

module.exports = {
  ANSWER,
  KEY,
  SLOT,
  bytesInRust,
  call,
  clearSlot,
  counts,
  noteReaction,
  noteSettled,
  pendingPromises,
  promisesWithSlots,
  releaseSlot,
  takeSlot,
  words,
}
