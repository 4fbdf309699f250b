'use strict'
// Tasks: callbacks for the poll phase, first in, first out. What a task submits waits for the next poll phase.

const { now } = require('./clock')
const { ABSENT, kIndex } = require('./handle-list')
const { Held, begin, end, kRun, runEach } = require('./held')
const { owned, runOwned } = require('./own')
const { forget, kKind, kOwner, kSince } = require('./owner')
const { TASK } = require('./loop-handles')
const { addSource, askForPoll } = require('./poll')
const { keep } = require('./resource')

const kCallback = Symbol('callback')

/** @type {Task[]} */
let queue = []

class Task extends Held {
  static shownAs = 'Task'

  constructor(callback, args) {
    super('Task')
    this[kCallback] = callback
    this._argv = args
  }

  close() {
    if (end(this)) finish(this)
    return this
  }

  [kRun]() {
    return runOwned(this, this[kCallback], this._argv, finish)
  }
}

class OwnedTask extends owned(Task) {
  constructor(owner, callback, args) {
    super(callback, args)
    this[kOwner] = owner
    this[kKind] = TASK
    this[kSince] = now()
    this[kIndex] = ABSENT
  }
}

function finish(task) {
  task[kCallback] = task._argv = undefined
  task.emitDestroy()
  forget(task)
}

function submit(owner, callback, args) {
  const task = begin(new OwnedTask(owner, callback, args))
  queue.push(task)
  askForPoll()
  return task
}

addSource((drainNext) => {
  const batch = queue
  queue = []
  return runEach(batch, drainNext, end)
})

keep(new OwnedTask(undefined, () => {}, []), ['_argv', kCallback, kOwner, kSince])

module.exports = { Task, submit }
