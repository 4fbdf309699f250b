'use strict'
// Tasks: callbacks for the poll phase, first in, first out. What a task submits waits for the next poll phase.

const { AsyncResource } = require('node:async_hooks')
const { inspect } = require('node:util')
const { drain } = require('./drain')
const { checkId } = require('./ids')
const { forget, owned, runOwned } = require('./owner')
const { addSource, askForPoll, hold } = require('./poll')
const { OPTIONS } = require('./resource')

const kCallback = Symbol('callback')
const kPending = Symbol('pending')
const kRefed = Symbol('refed')

/** @type {Task[]} */
let queue = []

class Task extends AsyncResource {
  constructor(callback, args) {
    super('Task', OPTIONS)
    checkId(this.asyncId())
    this[kCallback] = callback
    this._argv = args
    this[kPending] = true
    this[kRefed] = true
    hold(1)
  }

  ref() {
    return setRef(this, true)
  }

  unref() {
    return setRef(this, false)
  }

  hasRef() {
    return this[kPending] && this[kRefed]
  }

  close() {
    if (end(this)) finish(this)
    return this
  }

  [inspect.custom](_depth, options) {
    const shown = { id: this.asyncId(), ref: this.hasRef(), state: this[kPending] ? 'pending' : 'done' }
    return `Task ${inspect(shown, options)}`
  }
}

Object.defineProperty(Task.prototype, Symbol.dispose ?? Symbol.for('nodejs.dispose'), {
  configurable: true,
  writable: true,
  value() {
    this.close()
  },
})

class OwnedTask extends owned(Task) {}

function setRef(task, refed) {
  if (task[kPending] && task[kRefed] !== refed) hold(refed ? 1 : -1)
  task[kRefed] = refed
  return task
}

/** It waits no more. False if it did not before. */
function end(task) {
  if (!task[kPending]) return false
  if (task[kRefed]) hold(-1)
  task[kPending] = false
  return true
}

function finish(task) {
  task[kCallback] = task._argv = undefined
  task.emitDestroy()
  forget(task)
}

/** Called with `this` being the task, inside its async scope. */
function invoke() {
  return runOwned(this, this[kCallback], this._argv, finish)
}

function submit(owner, callback, args) {
  const task = new OwnedTask(owner, callback, args)
  queue.push(task)
  askForPoll()
  return task
}

addSource(() => {
  const batch = queue
  queue = []
  let drainNext = false
  for (const task of batch) {
    if (drainNext && task[kPending]) drain()
    if (end(task)) drainNext = !task.runInAsyncScope(invoke, task)
  }
})

module.exports = { OwnedTask, Task, kCallback, submit }
