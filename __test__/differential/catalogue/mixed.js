'use strict'
// Programs that use Node's own timers and the global ones, which are ours in one of two runs. What they log for Node's
// own begins with `own`. `whole`: the order of all entries is fixed; otherwise that of each kind is.

const fs = require('node:fs')
const own = require('../nodes-own')
const { LATE } = require('./late')

/** Both kinds of functions, each with the prefix of what it logs. */
const KINDS = [
  ['global', globalThis],
  ['own', own],
]

/** A callback that logs, and lets a tick and a microtask log. */
const logging = (L, label) => () => {
  L(label)
  process.nextTick(L, `${label}.tick`)
  Promise.resolve().then(() => L(`${label}.microtask`))
}

/** Milliseconds. */
const APART = 30

const WHOLE = {
  'each kind sets the other, through timers'(L) {
    let hops = 0
    const next = ([[name, f], ...others]) =>
      f.setTimeout(() => {
        logging(L, `${name} timeout ${++hops}`)()
        if (hops < 10) next([...others, [name, f]])
      }, hops % 3)
    next(KINDS)
  },
  'each kind sets the other, through immediates'(L) {
    let hops = 0
    const next = ([[name, f], ...others]) =>
      f.setImmediate(() => {
        logging(L, `${name} immediate ${++hops}`)()
        if (hops < 10) next([...others, [name, f]])
      })
    next(KINDS)
  },
  'timers of one kind and immediates of the other, from I/O'(L, busy) {
    fs.stat(__filename, () => {
      for (const i of [1, 2, 3]) {
        own.setTimeout(logging(L, `own timeout ${i}`), 0)
        setImmediate(logging(L, `global immediate ${i}`))
      }
      busy(3)
    })
  },
  'timers of the other kind and immediates of the one, from I/O'(L, busy) {
    fs.stat(__filename, () => {
      for (const i of [1, 2, 3]) {
        setTimeout(logging(L, `global timeout ${i}`), 0)
        own.setImmediate(logging(L, `own immediate ${i}`))
      }
      busy(3)
    })
  },
  'delays clearly apart'(L) {
    const start = performance.now()
    const set = (f, delay) => {
      const log = logging(L, `timeout of ${delay}`)
      f.setTimeout(() => (performance.now() - start > delay + APART / 2 ? L(LATE) : log()), delay)
    }
    for (const [i, steps] of [2, 0, 1].entries()) {
      set(KINDS[i % 2][1], steps * APART)
      set(KINDS[(i + 1) % 2][1], (steps + 3) * APART)
    }
  },
}

const EACH = {
  'the same set by both, from I/O'(L, busy) {
    fs.stat(__filename, () => {
      for (const i of [1, 2, 3]) {
        for (const [name, f] of KINDS) {
          f.setTimeout(logging(L, `${name} timeout of 40, ${i}`), 40)
          f.setTimeout(logging(L, `${name} timeout of 1, ${i}`), 1)
          f.setImmediate(logging(L, `${name} immediate ${i}`))
        }
        busy(3)
      }
    })
  },
  'each kind clears a timer of the other'(L, busy) {
    fs.stat(__filename, () => {
      const set = KINDS.map(([name, f]) => ({
        f,
        timers: [1, 2, 3].map((i) => f.setTimeout(logging(L, `${name} timeout ${i}`), 1)),
        immediates: [1, 2, 3].map((i) => f.setImmediate(logging(L, `${name} immediate ${i}`))),
      }))
      for (const [i, [name, f]] of KINDS.entries()) {
        const other = set[1 - i]
        f.setImmediate(() => {
          L(`${name} immediate clears`)
          other.f.clearTimeout(other.timers[1])
        })
      }
      set[0].f.clearImmediate(set[0].immediates[1])
      set[1].f.clearTimeout(set[1].timers[0])
      busy(3)
    })
  },
  'throws of both'(L, busy) {
    UE(L)
    fs.stat(__filename, () => {
      for (const [name, f] of KINDS) {
        for (const i of [1, 2, 3]) {
          const throwing = (label) => () => {
            L(`${name} ${label} ${i}`)
            if (i === 2) throw new Error(`${name} ${label}`)
          }
          f.setTimeout(throwing('timeout'), 1)
          f.setImmediate(throwing('immediate'))
        }
      }
      busy(3)
    })
  },
  'intervals of both'(L) {
    for (const [name, f] of KINDS) {
      let times = 0
      const interval = f.setInterval(() => {
        logging(L, `${name} interval ${++times}`)()
        if (times === 5) f.clearInterval(interval)
      }, 2)
    }
  },
}

const programs = (some, whole) => Object.entries(some).map(([title, program]) => ({ id: title, title, program, whole }))

exports.fixed = [...programs(WHOLE, true), ...programs(EACH, false)]
