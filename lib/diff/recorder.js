'use strict'
// Loaded before a script, in its process: writes down each callback that runs, what set it, and from which line.
//
// The functions that set callbacks are wrapped. Two things cannot be wrapped and are seen by `async_hooks`: what runs
// after an `await`, and callbacks of I/O; of those only the ones in which something is recorded. The file is written at
// once, entry by entry, so that it is there however the script ends. The first entry is the main script, number 0.

const { createHook, executionAsyncId } = require('node:async_hooks')
const { closeSync, openSync, writeSync } = require('node:fs')
const Module = require('node:module')
const timers = require('node:timers')
const { format } = require('node:util')
const { Frames } = require('./frames')

const PHASES = {
  timeout: 'timers',
  interval: 'timers',
  immediate: 'check',
  tick: 'ticks',
  'I/O': 'poll',
}
/** What the hooks see of callbacks that are wrapped. */
const WRAPPED = new Set(['Timeout', 'Immediate', 'TickObject', 'Microtask'])
const PRINTING = ['log', 'info', 'debug', 'warn', 'error']
const LONGEST_TEXT = 200

class Recorder {
  #file
  #limit
  #frames
  #written = 0
  /** The entry whose callback runs, if it is a wrapped one. */
  #running
  /** By async id: the entry that runs under it, or the one in which it began. */
  #entryOf = new Map()
  /** Calls that the hooks have seen, by async id. */
  #calls = new Map()

  constructor({ file, limit, script }) {
    this.#file = openSync(file, 'a')
    this.#limit = limit
    this.#frames = new Frames(script)
    this.#write({ kind: 'main', phase: 'main', where: '' })
  }

  /** Gives the entry's number. */
  #write(entry) {
    const line = JSON.stringify({ at: performance.now(), ...entry })
    writeSync(this.#file, `${line}\n`)
    // Nothing of the script's may run any more, not even what it has for its end.
    if (++this.#written >= this.#limit) process.kill(process.pid, 'SIGKILL')
    return this.#written - 1
  }

  #current() {
    if (this.#running !== undefined) return this.#running
    const id = executionAsyncId()
    const call = this.#calls.get(id)
    if (call?.entered) this.#begin(id, call)
    return this.#entryOf.get(id) ?? 0
  }

  #begin(id, call) {
    call.entered = false
    this.#entryOf.set(id, this.#ran(call))
  }

  /** A call that sets a callback. */
  #call(kind, where) {
    return { kind, where, by: this.#current(), setAt: performance.now(), times: 0 }
  }

  #ran(call) {
    const { kind, where, by, setAt } = call
    return this.#write({ kind, where, by, setAt, times: ++call.times, phase: PHASES[kind] ?? 'microtasks' })
  }

  #around(call, callback) {
    if (typeof callback !== 'function') return callback
    const recorder = this
    return function () {
      const before = recorder.#running
      const entry = recorder.#ran(call)
      recorder.#entryOf.set(executionAsyncId(), entry)
      recorder.#running = entry
      try {
        return Reflect.apply(callback, this, arguments)
      } finally {
        recorder.#running = before
      }
    }
  }

  wrapSetter(kind, name, objects) {
    const original = objects[0][name]
    const recorder = this
    const wrapper = {
      [name](callback, ...rest) {
        const where = typeof callback === 'function' ? recorder.#frames.caller(wrapper) : undefined
        if (where === undefined) return Reflect.apply(original, this, arguments)
        return original.call(this, recorder.#around(recorder.#call(kind, where), callback), ...rest)
      },
    }[name]
    Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(original))
    for (const object of objects) replace(object, name, wrapper)
  }

  wrapThen() {
    const original = Promise.prototype.then
    const recorder = this
    const { then } = {
      // biome-ignore lint/suspicious/noThenProperty: it is that of promises
      then(onFulfilled, onRejected) {
        const { kind, where } = recorder.#frames.reaction(then)
        if (where === undefined) return original.call(this, onFulfilled, onRejected)
        const call = recorder.#call(kind, where)
        return original.call(this, recorder.#around(call, onFulfilled), recorder.#around(call, onRejected))
      },
    }
    replace(Promise.prototype, 'then', then)
  }

  wrapConsole() {
    for (const name of PRINTING) {
      const original = console[name]
      const wrapper = (...args) => {
        const where = this.#frames.caller(wrapper) ?? ''
        const text = format(...args).slice(0, LONGEST_TEXT)
        this.#write({ kind: 'print', phase: 'print', where, by: this.#current(), text })
        return original(...args)
      }
      console[name] = wrapper
    }
  }

  watchHooks() {
    const init = (id, type) => {
      if (type === 'PROMISE') this.#begun(id, 'await', this.#frames.awaiting(init))
      else if (!WRAPPED.has(type)) this.#begun(id, 'I/O', this.#frames.behind(init))
      this.#entryOf.set(id, this.#running ?? this.#entryOf.get(executionAsyncId()) ?? 0)
    }
    const before = (id) => {
      const call = this.#calls.get(id)
      if (call === undefined) return
      if (call.kind === 'await') this.#begin(id, call)
      else call.entered = true
    }
    createHook({ init, before }).enable()
  }

  #begun(id, kind, where) {
    if (where !== undefined) this.#calls.set(id, this.#call(kind, where))
    // What Node begins in a callback of I/O is often the next step of one call, as of `readFile`.
    const before = this.#calls.get(executionAsyncId())
    const isNextStep = where === undefined && kind === 'I/O' && before?.kind === kind
    if (isNextStep) this.#calls.set(id, { ...before, entered: false })
  }

  watchErrors() {
    process.on('uncaughtExceptionMonitor', (error, origin) => {
      const kind = origin === 'unhandledRejection' ? 'unhandled' : 'uncaught'
      const text = textOf(error).slice(0, LONGEST_TEXT)
      this.#write({ kind, phase: 'error', where: '', by: this.#current(), text })
    })
  }
}

/** Whatever was thrown: reading it may throw, too. */
function textOf(error) {
  try {
    return String(error?.message ?? error)
  } catch {
    return 'something without a text'
  }
}

function replace(object, name, value) {
  Object.defineProperty(object, name, { ...Object.getOwnPropertyDescriptor(object, name), value })
}

/** Here Node's functions are to stay, whoever has loaded or will load `rs-eventloop/register`. */
function keepNodes() {
  const file = require.resolve('../install')
  if (require.cache[file]) {
    require.cache[file].exports.turnOff()
    return
  }
  const stays = new Module(file, module)
  stays.exports = { install() {}, uninstall() {} }
  stays.loaded = true
  require.cache[file] = stays
}

function record(options) {
  if (options.loop === 'node') keepNodes()
  const recorder = new Recorder(options)
  recorder.wrapSetter('timeout', 'setTimeout', [globalThis, timers])
  recorder.wrapSetter('interval', 'setInterval', [globalThis, timers])
  recorder.wrapSetter('immediate', 'setImmediate', [globalThis, timers])
  recorder.wrapSetter('microtask', 'queueMicrotask', [globalThis])
  recorder.wrapSetter('tick', 'nextTick', [process])
  recorder.wrapThen()
  recorder.wrapConsole()
  recorder.watchErrors()
  Module.syncBuiltinESMExports()
  recorder.watchHooks()
  writeSync(options.begins, '.')
  closeSync(options.begins)
}

// Workers and processes that the script forks load this as well, find nothing there, and are not recorded.
const { RS_EVENTLOOP_DIFF: options } = process.env
delete process.env.RS_EVENTLOOP_DIFF
if (options) record(JSON.parse(options))
