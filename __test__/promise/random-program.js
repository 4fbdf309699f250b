'use strict'
// A random program of promises, made of its seed while it runs: what is drawn next depends on what has run before. So
// two classes of promises have the same trace only if all their callbacks run in the same order. Native promises and
// those of class `P` take turns, with `await`, microtasks and next ticks among them.

const STEPS = 60

/** SplitMix32. */
function randomOf(seed) {
  let state = seed | 0
  return (bound) => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) % bound
  }
}

class Program {
  constructor(seed, P, log) {
    this.random = randomOf(seed)
    this.classes = [Promise, P]
    /** How often the class under test is taken, of four times. */
    this.share = 1 + this.random(4)
    this.log = log
    this.left = STEPS
    this.promises = []
    this.numbers = new Map()
    this.settlers = []
    this.handlers = 0
  }

  pick(list) {
    return list[this.random(list.length)]
  }

  someClass() {
    return this.classes[this.random(4) < this.share ? 1 : 0]
  }

  /** Numbers promises in the order they appear in, so that traces can name them. */
  add(promise) {
    if (!this.numbers.has(promise)) {
      this.numbers.set(promise, this.promises.length)
      this.promises.push(promise)
    }
    return promise
  }

  show(value) {
    if (this.numbers.has(value)) return `p${this.numbers.get(value)}`
    if (Array.isArray(value)) return `[${value.map((item) => this.show(item))}]`
    if (value instanceof AggregateError) return `all failed ${this.show(value.errors)}`
    if (value instanceof Error) return value.constructor.name
    if (value?.status) return `${value.status} ${this.show(value.value ?? value.reason)}`
    return typeof value === 'object' ? 'object' : String(value)
  }

  value() {
    const kind = this.random(8)
    if (kind < 4 || this.promises.length === 0) return this.random(100)
    if (kind < 6) return this.pick(this.promises)
    if (kind === 6) return { plain: true }
    return this.thenable()
  }

  thenable() {
    const kind = this.random(4)
    const [first, second] = [this.random(100), this.random(100)]
    return {
      // biome-ignore lint/suspicious/noThenProperty: a thenable
      then: (resolve, reject) => {
        this.log('then of a thenable')
        if (kind === 0) resolve(first)
        else if (kind === 1) queueMicrotask(() => resolve(first))
        else if (kind === 2) reject(first)
        else resolve(this.value())
        if (second < 20) reject(second)
        if (second > 80) throw new RangeError('thenable')
      },
    }
  }

  handler() {
    const name = `h${this.handlers++}`
    return (value) => {
      this.log(name, this.show(value))
      const steps = this.random(3)
      for (let i = 0; i < steps; i++) this.step()
      if (this.random(6) === 0) throw new RangeError(name)
      return this.value()
    }
  }

  step() {
    if (this.left-- <= 0) return
    const { promises, settlers } = this
    const kind = this.random(promises.length > 0 ? 16 : 4)
    const C = this.someClass()
    if (kind === 0) {
      let settler
      this.add(new C((resolve, reject) => (settler = { resolve, reject })))
      settlers.push(settler)
    } else if (kind === 1) {
      this.add(C.resolve(this.value()))
    } else if (kind === 2) {
      this.add(C.reject(this.value()))
    } else if (kind === 3) {
      this.add(new C((resolve) => resolve(this.handler()('executor'))))
    } else if (kind < 8) {
      const [onFulfilled, onRejected] = [this.random(4) > 0, this.random(3) === 0]
      const handlers = [onFulfilled ? this.handler() : undefined, onRejected ? this.handler() : undefined]
      this.add(this.pick(promises).then(...handlers))
    } else if (kind === 8) {
      this.add(this.pick(promises).catch(this.handler()))
    } else if (kind === 9) {
      this.add(this.pick(promises).finally(this.handler()))
    } else if (kind === 10) {
      const inputs = Array.from({ length: this.random(5) }, () => (this.random(3) ? this.pick(promises) : this.value()))
      this.add(C[this.pick(['all', 'allSettled', 'any', 'race'])](inputs))
    } else if (kind === 11) {
      this.wait(this.pick(promises))
    } else if (kind === 12) {
      queueMicrotask(this.task('microtask'))
    } else if (kind === 13) {
      process.nextTick(this.task('tick'))
    } else if (settlers.length > 0) {
      this.pick(settlers)[this.random(3) ? 'resolve' : 'reject'](this.value())
    }
  }

  async wait(promise) {
    try {
      this.log('awaited', this.show(await promise))
    } catch (error) {
      this.log('awaited a rejection', this.show(error))
    }
    this.step()
  }

  task(name) {
    return () => {
      this.log(name)
      this.step()
      this.step()
    }
  }
}

/** Runs a program in two macrotasks and gives its trace, with what Node says of rejections. */
function run(seed, P) {
  return new Promise((resolve) => {
    const trace = []
    const program = new Program(seed, P, (...entry) => trace.push(entry.join(' ')))
    const onUnhandled = (reason, promise) => program.log('unhandled', program.show(reason), program.show(promise))
    const onHandled = (promise) => program.log('handled', program.show(promise))
    setImmediate(() => {
      process.on('unhandledRejection', onUnhandled).on('rejectionHandled', onHandled)
      for (let i = 0; i < 12; i++) program.step()
    })
    setImmediate(() => {
      program.left += 12
      for (let i = 0; i < 8; i++) program.step()
      setImmediate(() => {
        process.off('unhandledRejection', onUnhandled).off('rejectionHandled', onHandled)
        resolve(trace)
      })
    })
  })
}

module.exports = { run }
