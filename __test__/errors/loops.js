'use strict'
// Something throws where Node has nothing like it: what loop objects call, and what they are told: node loops.js PLACE
// Each place has what it notes, in its order. Prints what ran, and what it was to be; every error is handled.

const diagnostics = require('node:diagnostics_channel')
const { openSync, writeSync, closeSync, mkdtempSync, rmSync } = require('node:fs')
const { execFileSync } = require('node:child_process')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { EventLoop, ring } = require('../..')

const ran = []
const note = (name) => ran.push(name)
const turn = () => new Promise((resolve) => setImmediate(resolve))
process.on('uncaughtException', (error) => note(`uncaught ${error.message}`))

function fail(name) {
  note(name)
  throw new Error(name)
}

/** A loop object that throws, whatever it is told. */
const throwing = (options) =>
  new EventLoop({
    ...options,
    onError(error) {
      note(`told ${error.message}`)
      throw new Error(`telling ${error.message}`)
    },
  })

/** Three of a kind, of which the middle one throws. */
function amongOthers(set) {
  set(() => note('before'))
  set(() => fail('middle'))
  set(() => note('after'))
}
const AMONG_OTHERS = ['before', 'middle', 'told middle', 'uncaught telling middle', 'after']

/** Lets `body` have a pipe, of which it gets the two ends as file descriptors. */
async function withFifo(body) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-errors-'))
  const path = join(folder, 'fifo')
  execFileSync('mkfifo', [path])
  const fd = openSync(path, 'r+')
  try {
    await body(fd)
  } finally {
    closeSync(fd)
    rmSync(folder, { recursive: true })
  }
}

const places = {
  tasks: {
    async run() {
      const loop = throwing()
      amongOthers((callback) => loop.submit(callback))
      await new Promise((resolve) => loop.submit(resolve))
    },
    expected: AMONG_OTHERS,
  },
  'microtasks in batches': {
    async run() {
      const loop = throwing({ microtasks: 'batched' })
      amongOthers((callback) => loop.queueMicrotask(callback))
      await turn()
    },
    expected: AMONG_OTHERS,
  },
  'microtasks over their budget': {
    async run() {
      const loop = throwing({ microtaskBudget: 1 })
      amongOthers((callback) => loop.queueMicrotask(callback))
      await new Promise((resolve) => loop.queueMicrotask(resolve))
    },
    expected: AMONG_OTHERS,
  },
  'timers in deadline order': {
    async run() {
      const loop = throwing({ order: 'deadline' })
      let delay = 0.5
      amongOthers((callback) => loop.setTimeout(callback, (delay += 0.1)))
      await loop.delay(2)
    },
    expected: AMONG_OTHERS,
  },
  'doorbells, which ring again': {
    async run() {
      const loop = throwing()
      const bells = []
      await new Promise((resolve) => {
        amongOthers((callback) => bells.push(loop.doorbell(callback)))
        bells.push(loop.doorbell(resolve))
        for (const { id } of bells) ring(id)
      })
      const again = new Promise((resolve) => {
        bells.push(loop.doorbell(resolve))
      })
      ring(bells[1].id)
      ring(bells.at(-1).id)
      await again
      loop.close()
    },
    expected: [...AMONG_OTHERS, ...AMONG_OTHERS.slice(1, -1)],
  },
  'a watcher, which goes on': {
    run: () =>
      withFifo(async (fd) => {
        const loop = throwing()
        let left = 3
        await new Promise((resolve) => {
          loop.watch(fd, { readable: true }, () => {
            if (--left > 0) fail('readable')
            resolve()
          })
          writeSync(fd, 'x')
        })
        note(`${loop.handles().length} open`)
        loop.close()
      }),
    expected: [...Array(2).fill(['readable', 'told readable', 'uncaught telling readable']).flat(), '1 open'],
  },
  'an interval in deadline order, which keeps to its grid': {
    async run() {
      const loop = throwing({ order: 'deadline', missed: 'burst' })
      const started = performance.now()
      let runs = 0
      await new Promise((resolve) => {
        const interval = loop.setInterval(() => {
          if (++runs === 5) {
            loop.clearInterval(interval)
            // Its fifth deadline is not before that, and it has not run without one.
            note(performance.now() - started >= 5 ? 'not early' : 'early')
            resolve()
          }
          fail(`run ${runs}`)
        }, 1)
      })
      await turn()
      note(`${loop.handles().length} open`)
    },
    expected: [
      ...[1, 2, 3, 4].flatMap((i) => [`run ${i}`, `told run ${i}`, `uncaught telling run ${i}`]),
      ...['not early', 'run 5', 'told run 5', 'uncaught telling run 5', '0 open'],
    ],
  },
  'who hears of two rejections': {
    async run() {
      const loop = new EventLoop({ onUnhandledRejection: (reason) => fail(`rejected ${reason}`) })
      loop.Promise.reject('one')
      loop.Promise.reject('two')
      await turn()
    },
    expected: ['rejected one', 'uncaught rejected one', 'rejected two', 'uncaught rejected two'],
  },
  'who hears of a rejected callback': {
    async run() {
      const loop = throwing()
      loop.setImmediate(async () => fail('async'))
      loop.setImmediate(() => note('after'))
      await turn()
      await turn()
    },
    expected: ['async', 'told async', 'uncaught telling async', 'after'],
  },
  'subscribers of channels': {
    async run() {
      for (const name of ['created', 'error', 'late', 'shutdown', 'closed']) {
        diagnostics.subscribe(`rs-eventloop:${name}`, () => fail(`channel ${name}`))
      }
      const loop = new EventLoop({ metrics: { lateAfter: 0 }, onError: (error) => note(`told ${error.message}`) })
      await turn()
      loop.setTimeout(() => fail('timeout'), 1)
      loop.setTimeout(() => note('other timeout'), 1)
      while (loop.handles().length > 0) await turn()
      const report = await loop.shutdown()
      note(`${loop.state}, ${report.ran.timeout} ran`)
      await turn()
    },
    expected: [
      ...['channel created', 'uncaught channel created'],
      ...['timeout', 'channel error', 'told timeout', 'channel late'],
      ...['uncaught channel error', 'uncaught channel late'],
      ...['other timeout', 'channel late', 'uncaught channel late'],
      ...['channel shutdown', 'channel closed', 'terminated, 0 ran'],
      ...['uncaught channel shutdown', 'uncaught channel closed'],
    ],
  },
}

if (require.main === module) {
  const { run, expected } = places[process.argv[2]]
  run().then(() => console.log(JSON.stringify({ ran, expected })))
}

module.exports = { places: Object.keys(places) }
