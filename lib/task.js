'use strict'
// Tasks: callbacks for the poll phase, first in, first out. What a task submits waits for the next poll phase.

const { Held, begin, end, kRun, runEach } = require('./held')
const { forget, owned, runOwned } = require('./owner')
const { addSource, askForPoll } = require('./poll')

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

class OwnedTask extends owned(Task) {}

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

module.exports = { OwnedTask, Task, kCallback, submit }
