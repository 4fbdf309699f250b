'use strict'
// The handles of a loop object: each knows its index in an array, so that it is added and taken out by a few stores. That
// costs a third of what a `Set` does.

/** The index of a handle in its list. A handle that is in none has ABSENT. */
const kIndex = Symbol('index')
const ABSENT = -1

class HandleList {
  #handles = []

  get size() {
    return this.#handles.length
  }

  add(handle) {
    handle[kIndex] = this.#handles.push(handle) - 1
  }

  /** False if it is not in here. */
  delete(handle) {
    const index = handle[kIndex]
    if (index === ABSENT) return false
    handle[kIndex] = ABSENT
    const last = this.#handles.pop()
    if (last !== handle) {
      this.#handles[index] = last
      last[kIndex] = index
    }
    return true
  }

  /** Those that are in here now, in the order in which they were set. */
  toArray() {
    return this.#handles.slice().sort(bySetting)
  }
}

/** Numbers of async resources only grow. */
const bySetting = (one, other) => one.asyncId() - other.asyncId()

module.exports = { ABSENT, HandleList, kIndex }
