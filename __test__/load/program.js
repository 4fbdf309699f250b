'use strict'
// Programs for the load tests: node program.js NAME node|ours. What each prints is what ran, in its order.

const { writeFileSync } = require('node:fs')
const side = process.argv[3]
const loop = side === 'ours' ? require('../..') : globalThis

const ran = []
const note = (name) => ran.push(name)
/** When the last of what `set` sets is due, in milliseconds after it. */
const ALL_DUE = 800
const DAY = 864e5
const busyUntil = (end) => {
  while (performance.now() < end);
}

/** Some of everything. All of it is due at half a second or later, and the interval has three runs. */
function set() {
  loop.setTimeout(note, 700, 'timeout of 700')
  loop.setTimeout(note, 600, 'timeout of 600')
  loop.setTimeout(() => {
    note('second timeout of 700')
    process.nextTick(note, 'tick')
    loop.queueMicrotask(() => note('microtask'))
    loop.setImmediate(note, 'immediate of a timeout')
    loop.setTimeout(note, 1, 'timeout of a timeout')
  }, 700)
  loop.clearTimeout(loop.setTimeout(note, 650, 'never'))
  loop.setTimeout(note, ALL_DUE, 'unref’d').unref()
  // First, so that it is due first however long the next line has to wait.
  loop.setTimeout(() => refreshed.refresh(), 505)
  const refreshed = loop.setTimeout(note, 510, 'refreshed')
  let runs = 0
  const interval = loop.setInterval(() => {
    note('interval')
    if (++runs === 3) loop.clearInterval(interval)
  }, 500)
}

const programs = {
  /** Its parent stops it as soon as it has set everything, for so long that all is due. It says if that was not so. */
  stopped() {
    let allDue
    loop.setTimeout(() => performance.now() < allDue && note('not stopped'), 490)
    set()
    allDue = performance.now() + ALL_DUE
    process.stdout.write('set\n')
  },
  /** A callback takes so long that everything is due. */
  blocked() {
    loop.setImmediate(() => {
      set()
      note('a long callback')
      busyUntil(performance.now() + 2000)
      loop.setImmediate(note, 'immediate of a long callback')
    })
  },
  /** The clock on the wall moves by a day while timers wait, forth and then back by two. */
  moved() {
    const started = performance.now()
    const today = Date.now()
    const days = []
    const lookAndMove = (by) => {
      days.push(Math.round((Date.now() - today) / DAY))
      writeFileSync(process.env.MOVED_CLOCK, `${(by * DAY) / 1000}`)
    }
    loop.setTimeout(lookAndMove, 20, 1)
    loop.setTimeout(lookAndMove, 60, -1)
    let runs = 0
    const interval = loop.setInterval(() => {
      if (++runs < 4) return
      loop.clearInterval(interval)
      lookAndMove(0)
      const took = performance.now() - started
      note(`${runs} runs ${took > 150 && took < 1500 ? 'in their time' : `in ${took} ms`}, days ${days}`)
    }, 40)
  },
}

programs[process.argv[2]]()
process.on('exit', () => console.log(ran.join(', ')))
