'use strict'
// Programs as data, and how one is played.
//
// A program is `{ body, onUncaught?, onRejection?, chain? }`: lists of steps. With a `chain`, `{ before, after }`, the body is
// performed inside a chain of immediates, with so many before and after the one that does it: long chains have a pace of
// their own in our loop. A step is `{ do, ... }`; those that set something
// have an `id` and, where a callback follows, its `body`. Steps about something earlier name it by `of`; where nothing of
// that id was made yet, they do nothing. A program is played on a machine: Node's functions, ours, or those of the model,
// so whatever is compared has run the very same program. JSON holds all of it.

/** From this run on a callback has an empty body, or a timer that refreshes itself would never end. */
const MOST_RUNS = 2

/** What sets a handle, and what makes a promise: steps that others may be about. */
const HANDLES = new Set(['timeout', 'interval', 'immediate'])
const PROMISES = new Set(['react', 'await', 'reject', 'deferred', 'sleep', 'yield', 'all', 'race'])

/** Reasons as they are in a trace, whoever's promises they come from. */
function nameOf(reason) {
  if (typeof reason === 'string') return reason
  if (reason instanceof TypeError) return 'a cycle'
  return reason instanceof Error ? reason.message : 'a promise'
}

class Player {
  handles = new Map()
  /** All that were ever made; of those of one id, `handles` has the last. */
  made = []
  promises = new Map()
  /** Whose each promise is. On Node's loop they are all native, and still only those of one kind are taken together. */
  kinds = new Map()
  settlers = new Map()
  runs = new Map()

  constructor(program, machine) {
    this.program = program
    this.machine = machine
  }

  perform(body = []) {
    for (const step of body) {
      this.machine.mark()
      if (step.do === 'return') return this.promises.get(step.of)
      this[step.do](step)
    }
  }

  /** Counts a run of a callback, and performs its body if that was not too often. */
  run(id, body) {
    const runs = (this.runs.get(id) ?? 0) + 1
    this.runs.set(id, runs)
    if (runs <= MOST_RUNS) return this.perform(body)
  }

  /** The next one of the chain is set first. */
  performInChain({ before, after }, body) {
    let number = 0
    const next = () => {
      if (number++ < before + after) this.machine.setImmediate(next)
      if (number === before + 1) this.perform(body)
    }
    this.machine.setImmediate(next)
  }

  callback({ do: kind, id, body }) {
    return () => {
      this.machine.log(`${kind} ${id}`)
      return this.run(id, body)
    }
  }

  listen() {
    const { machine, program } = this
    machine.onUncaught((error) => {
      machine.log(`uncaught ${error.message}`)
      this.run('onUncaught', program.onUncaught)
    })
    machine.onRejection((reason) => {
      machine.log(`rejected ${nameOf(reason)}`)
      this.run('onRejection', program.onRejection)
    })
    machine.onHandled(() => machine.log('handled'))
  }

  keep(id, handle) {
    this.handles.set(id, handle)
    this.made.push(handle)
  }

  timeout(step) {
    this.keep(step.id, this.machine.setTimeout(this.callback(step), step.delay))
  }

  interval({ id, delay, times, body }) {
    let left = times
    const interval = this.machine.setInterval(() => {
      this.machine.log(`interval ${id}`)
      if (--left <= 0) this.machine.clearInterval(interval)
      this.run(id, body)
    }, delay)
    this.keep(id, interval)
  }

  immediate(step) {
    this.keep(step.id, this.machine.setImmediate(this.callback(step)))
  }

  tick(step) {
    this.machine.nextTick(this.callback(step))
  }

  microtask(step) {
    this.machine.queueMicrotask(this.callback(step))
  }

  message(step) {
    this.machine.post(this.callback(step))
  }

  /** `source` is one of those whose callback comes at a time of its own. */
  io(step) {
    this.machine.io(step.source, this.callback(step))
  }

  clear({ of, as }) {
    if (this.handles.has(of)) this.machine[as](this.handles.get(of))
  }

  refresh({ of }) {
    this.handles.get(of)?.refresh()
  }

  ref({ of }) {
    this.handles.get(of)?.ref()
  }

  unref({ of }) {
    this.handles.get(of)?.unref()
  }

  busy({ ms }) {
    this.machine.busy(ms)
  }

  throw({ id }) {
    throw new Error(`by ${id}`)
  }

  keepPromise(id, by, promise) {
    this.kinds.set(id, by)
    this.promises.set(id, promise)
  }

  /** `on` is then, catch or finally; without `of` it follows a promise that is fulfilled. `by` is whose promise that is. */
  react({ of, on, by, id, body }) {
    const base = this.promises.get(of) ?? this.machine.promise(by).resolve()
    this.keepPromise(id, this.kinds.get(of) ?? by, base[on](this.callback({ do: on, id, body })))
  }

  await({ of, id, body }) {
    // A promise that is not native costs an `await` two microtasks more, whoever made it.
    const value = this.kinds.get(of) === 'own' ? undefined : this.promises.get(of)
    this.keepPromise(id, 'native', this.machine.await(value, this.callback({ do: 'await', id, body })))
  }

  reject({ id, by }) {
    this.keepPromise(id, by, this.machine.promise(by).reject(`reason ${id}`))
  }

  deferred({ id, by }) {
    const P = this.machine.promise(by)
    this.keepPromise(id, by, new P((resolve, reject) => this.settlers.set(id, { resolve, reject })))
  }

  /** `to` is another promise, which is adopted. */
  settle({ of, to, how }) {
    this.settlers.get(of)?.[how](this.promises.get(to) ?? `value for ${of}`)
  }

  all(step) {
    this.combine('all', step)
  }

  race(step) {
    this.combine('race', step)
  }

  combine(how, { id, of, by }) {
    const some = of.filter((one) => this.kinds.get(one) === by).map((one) => this.promises.get(one))
    this.keepPromise(id, by, this.machine.promise(by)[how](some))
  }

  sleep(step) {
    this.keepPromise(step.id, 'native', this.machine.sleep(step.delay).then(this.callback(step)))
  }

  yield(step) {
    this.keepPromise(step.id, 'native', this.machine.yield().then(this.callback(step)))
  }
}

/**
 * Plays the program up to where its main script ends; the rest is the machine's. Gives the
 * handles it makes, a list that grows.
 */
function play(program, machine) {
  const player = new Player(program, machine)
  player.listen()
  if (program.chain) player.performInChain(program.chain, program.body)
  else player.perform(program.body)
  return player.made
}

/** Every step of a program, with the list it is in. */
function* stepsOf(program) {
  const walk = function* (body = []) {
    for (const step of body) {
      yield step
      yield* walk(step.body)
    }
  }
  for (const part of ['body', 'onUncaught', 'onRejection']) yield* walk(program[part])
}

module.exports = { HANDLES, PROMISES, play, stepsOf }
