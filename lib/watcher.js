'use strict'
// Watchers of file descriptors. The loop's thread watches; what has come is taken here in the poll phase and told to
// callbacks, or to those who iterate. The file descriptor is never closed here.

const binding = require('./binding')
const { closed, coded, systemError, validateFd, validateFunction } = require('./errors')
const { Held, begin, end, kAlive, kRun, runEach } = require('./held')
const { words, polled, ERRNO, POLLED, SLOT, WANTED } = require('./memory')
const { WATCHER } = require('./loop-handles')
const { own, owned, runOwned } = require('./own')
const { forget, kOwner } = require('./owner')
const { addSource } = require('./poll')
const { GONE, TOLD_ONCE, eventsOf, readWatchOptions, wantedBits } = require('./watch-options')

const kId = Symbol('id')
const kFd = Symbol('fd')
const kOptions = Symbol('options')
/** What has come and was not told yet. */
const kFound = Symbol('found')
const kCallback = Symbol('callback')
/** Settles the promise of whoever iterates and waits. */
const kWaiting = Symbol('waiting')
/** Why nobody can iterate it any more. */
const kTaken = Symbol('taken')
/** Why it ended, if that is an error for whoever iterates. */
const kFailure = Symbol('failure')

/** When it was looked at last, as the number of the turn. */
const kLooked = Symbol('looked')

/** Those that are registered, by their numbers. */
const watchers = new Map()
/** Those that were told in the turn before.
 * @type {Watcher[]} */
let previous = []
let turns = 0

class Watcher extends Held {
  static shownAs = 'Watcher'

  constructor(fd, options, callback) {
    super('Watcher')
    this[kFd] = fd
    this[kOptions] = options
    this[kCallback] = callback
    if (callback) this[kTaken] = 'has a callback'
    this[kFound] = 0
    this[kLooked] = 0
  }

  get fd() {
    return this[kFd]
  }

  update(options) {
    // Options may have getters, and those may close it.
    const read = readWatchOptions(options, this[kOptions])
    if (!this[kAlive]) throw coded(Error, 'ERR_INVALID_STATE', 'Invalid state: The watcher is closed')
    words[SLOT] = this[kId]
    words[WANTED] = wantedBits(read)
    binding.updateWatch()
    if (words[ERRNO] !== 0) throw systemError(words[ERRNO], 'watch')
    this[kOptions] = read
    return this
  }

  close() {
    if (unregister(this)) {
      this[kFound] = 0
      if (this[kOwner].state === 'terminated') this[kFailure] = closed(this[kOwner].name)
      this[kWaiting]?.()
      finish(this)
      forget(this)
    }
    return this
  }

  [Symbol.asyncIterator]() {
    if (this[kTaken]) throw coded(Error, 'ERR_INVALID_STATE', `Invalid state: The watcher ${this[kTaken]}`)
    this[kTaken] = 'is being iterated'
    return new Iteration(this)
  }

  [kRun]() {
    const { mode } = this[kOptions]
    if (mode === 'once') forget(this)
    const args = [eventsOf(this[kFound]), this]
    if (this[kCallback]) this[kFound] = 0
    return runOwned(this, this[kCallback] ?? this[kWaiting] ?? ignore, args, mode === 'once' ? finish : ignore)
  }
}

class OwnedWatcher extends owned(Watcher) {
  constructor(owner, ...rest) {
    super(...rest)
    own(this, owner, WATCHER)
  }
}

function ignore() {}

function finish(watcher) {
  watcher[kCallback] = undefined
  watcher.emitDestroy()
}

/** Nothing comes any more. False if nothing did before. */
function unregister(watcher) {
  if (!end(watcher)) return false
  watchers.delete(watcher[kId])
  if (watchers.size === 0) previous = []
  words[SLOT] = watcher[kId]
  binding.closeWatch()
  return true
}

/** The events of a watcher, one for each call of `next`. Ended at any time by `return`, also while `next` waits. */
class Iteration {
  #watcher
  /** The call before: each waits for its turn. */
  #before = Promise.resolve()
  #hasTold = false

  constructor(watcher) {
    this.#watcher = watcher
  }

  next() {
    const next = this.#before.then(() => this.#next())
    this.#before = next.catch(ignore)
    return next
  }

  async return(value) {
    this.#end()
    return { done: true, value }
  }

  async #next() {
    const watcher = this.#watcher
    if (this.#hasTold) this.#renew(watcher)
    if (watcher[kFound] === 0 && watcher[kAlive]) await coming(watcher)
    const { [kFound]: found, [kFailure]: failure } = watcher
    watcher[kFound] = 0
    watcher[kFailure] = undefined
    if (failure) throw failure
    if (found === 0) return { done: true, value: undefined }
    this.#hasTold = true
    return { done: false, value: eventsOf(found) }
  }

  /** What has come since it told something may not be so any more. */
  #renew(watcher) {
    this.#hasTold = false
    if (watcher[kOptions].mode === 'level') watcher[kFound] &= TOLD_ONCE
    if (watcher[kFound] === 0) lookAgain([watcher])
  }

  /** Whoever has ended it is not told why it ended. */
  #end() {
    this.#watcher.close()
    this.#watcher[kFound] = 0
    this.#watcher[kFailure] = undefined
  }
}

/** That of the language: what can be iterated asynchronously inherits from it. */
Object.setPrototypeOf(
  Iteration.prototype,
  Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype)),
)

function coming(watcher) {
  return new Promise((resolve) => {
    watcher[kWaiting] = resolve
  })
}

/** What is to be told as long as it is so is told again in the next poll phase, if it still is. */
function lookAgain(...lists) {
  turns++
  let count = 0
  for (const list of lists) {
    for (const watcher of list) {
      if (watcher[kLooked] === turns || !watcher[kAlive] || watcher[kOptions].mode !== 'level') continue
      watcher[kLooked] = turns
      polled[count++] = watcher[kId]
    }
  }
  if (count === 0) return
  words[POLLED] = count
  binding.lookAgain()
}

/** `accept` throws if the owner takes nothing new, which the options may have brought about. */
function watch(owner, fd, options, callback, accept) {
  validateFd(fd, 'fd')
  const read = readWatchOptions(options)
  if (callback !== undefined) validateFunction(callback, 'callback')
  if (!binding.watch) {
    throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'File descriptors can be watched on Unix only')
  }
  accept()
  const watcher = new OwnedWatcher(owner, fd, read, callback)
  words[SLOT] = fd
  words[WANTED] = wantedBits(read)
  try {
    binding.watch()
    if (words[ERRNO] !== 0) throw systemError(words[ERRNO], 'watch')
  } catch (error) {
    watcher.emitDestroy()
    throw error
  }
  watcher[kId] = words[SLOT]
  watchers.set(watcher[kId], watcher)
  return begin(watcher)
}

/** Whether a watcher for which something has come is to be told now. */
function starts(watcher) {
  if (!watcher[kAlive]) return false
  if (watcher[kFound] & GONE) {
    watcher.close()
    return false
  }
  if (watcher[kOptions].mode === 'once') unregister(watcher)
  return true
}

addSource((drainNext) => {
  if (watchers.size === 0) return drainNext
  binding.takeReady()
  const batch = []
  for (let i = 0; i < words[POLLED]; i++) {
    const watcher = watchers.get(polled[i * 2])
    watcher[kFound] |= polled[i * 2 + 1]
    batch.push(watcher)
  }
  const due = runEach(batch, drainNext, starts)
  // What is told often changes by what callbacks do: whoever was told a turn ago need not wait for the loop's thread.
  const again = batch.filter((watcher) => watcher[kCallback])
  lookAgain(again, previous)
  previous = again
  return due
})

module.exports = { Watcher, watch }
