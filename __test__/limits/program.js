'use strict'
// A process that runs into a limit, and then gets rid of what it holds: node program.js WHAT
// It sets the limit when everything is loaded. What it prints is what became of each attempt, and whether the loop then
// does its work.

const { execFileSync, spawn } = require('node:child_process')
const {
  closeSync,
  constants,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  unlinkSync,
  writeSync,
} = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const binding = require('../../lib/binding')
const { doubles, words, DELAY, QUEUED, SLOT } = require('../../lib/memory')
const ours = require('../..')

const said = []
const say = (what) => said.push(what)

/** What `attempt` fails with. */
function codeOf(attempt) {
  try {
    attempt()
    return 'none'
  } catch (error) {
    return error.code
  }
}

/** Sets limits of the system for this process, from outside: from inside, no process could be started that lifts them. */
let limiter
function startLimiter() {
  const script = 'while read resource value; do prlimit --pid "$PPID" "--$resource=$value:"; echo done; done'
  limiter = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  limiter.unref()
}

function limit(resource, value) {
  limiter.stdin.write(`${resource} ${value}\n`)
  return new Promise((resolve) => limiter.stdout.once('data', resolve))
}

/** Whether all that was set is done, in its order, and what a thread needs is there. */
function works() {
  return new Promise((resolve) => {
    const order = []
    ours.setTimeout(() => {
      order.push('timeout')
      ours.setImmediate(() => order.push('immediate'))
      ours.setTimeout(() => resolve(order.join()), 2)
    }, 1)
    ours.queueMicrotask(() => order.push('microtask'))
  })
}

/** As many descriptors as there may be, but for so many. */
function takeDescriptors(left) {
  const taken = []
  for (;;) {
    try {
      taken.push(openSync('/dev/null'))
    } catch {
      break
    }
  }
  for (const fd of taken.splice(0, left)) closeSync(fd)
  return taken
}

/** The descriptors of epoll. That by which they are listed is among them, and gone when it is looked at. */
function polled() {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:[eventpoll]'
      } catch {
        return false
      }
    })
}

/** A new pipe, open for reading and writing. */
function openFifo() {
  const path = join(tmpdir(), `rs-eventloop-${process.pid}`)
  execFileSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  unlinkSync(path)
  return fd
}

/** Calls `set` until it fails: how, and after how many it did. */
function untilItFails(set) {
  for (let count = 0; ; count++) {
    try {
      set(count)
    } catch (error) {
      return { code: error.code, count }
    }
  }
}

/** What a limit may be raised to again. */
const mostProcesses = () => /^Max processes +\S+ +(\S+)/m.exec(readFileSync('/proc/self/limits'))[1]

const bytesOfAddresses = () => Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status'))[1]) * 1024

/** What is left for tables to grow into. More than half of it is still free when one that doubles does not fit. */
const ROOM = 192 << 20

/** Sets timers without handles, as only their tables are to take memory. */
function fillTimers(delayOf) {
  const { code, count } = untilItFails((i) => {
    doubles[DELAY] = delayOf(i)
    binding.setTimer()
  })
  say(code)
  say(count > 10_000)
  // Everything that needs no more room goes on.
  let ran = false
  ours.setImmediate(() => {
    ran = true
  })
  return () => {
    say(ran)
    for (let slot = 0; slot < count; slot++) {
      words[SLOT] = slot
      binding.clearTimer()
    }
  }
}

const programs = {
  /** Fewer and fewer descriptors are left for what the thread needs: epoll, an eventfd, a timerfd and a copy of the first. */
  async descriptors() {
    await limit('nofile', 64)
    const codes = []
    const fired = []
    let left = 0
    for (; codes.at(-1) !== 'none'; left++) {
      const taken = takeDescriptors(left)
      codes.push(
        codeOf(() => {
          ours.setTimeout(() => fired.push(codes.length), 1)
        }),
      )
      for (const fd of taken) closeSync(fd)
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (fired.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    say(codes.join())
    say(fired.join())
  },
  /** Loop objects and watchers need the same. */
  async 'descriptors of a watcher'() {
    const loop = new ours.EventLoop({ order: 'deadline' })
    const { promises } = ours
    require('../../lib/loop-promise')
    await limit('nofile', 64)
    const taken = takeDescriptors(0)
    say(codeOf(() => loop.watch(0, { readable: true }, () => {})))
    say(codeOf(() => loop.setTimeout(() => say('never'), 1)))
    say(codeOf(() => loop.setImmediate(() => say('immediate'))))
    say(codeOf(() => loop.delay(1).catch((error) => say(error.code))))
    say(codeOf(() => promises.setTimeout(1).catch((error) => say(error.code))))
    say(loop.handles().length)
    for (const fd of taken) closeSync(fd)
    await new Promise((resolve) => setImmediate(resolve))
    say(loop.handles().length)
    loop.close()
  },
  /** The thread has ended, and there is none for a while: what was set and is watched goes on nevertheless. */
  async 'descriptors when the thread has ended'() {
    const uncaught = []
    process.on('uncaughtException', ({ code }) => uncaught.push(code))
    const loop = new ours.EventLoop()
    const ends = [openFifo(), openFifo()]
    const [closed] = ends.map((fd) => {
      const watcher = loop.watch(fd, { readable: true }, () => {
        say('read')
        watcher.close()
      })
      return watcher
    })
    const intervals = [ours, new ours.EventLoop({ order: 'deadline' })].map((loop) => {
      const interval = { fired: 0, clear: () => loop.clearInterval(timer) }
      const timer = loop.setInterval(() => interval.fired++, 5)
      return interval
    })
    // Not one more than there are.
    await limit('nofile', 3)
    binding.panicThreadForTest()
    // Of the thread that has ended, and that there is no other one.
    while (uncaught.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    say(codeOf(() => ours.setTimeout(() => say('never'), 1)))
    say(codeOf(() => closed.close()))
    for (const fd of ends) writeSync(fd, 'a')
    // Long enough for that to be found out anew, and not be told again.
    for (const interval of intervals) {
      const before = interval.fired
      while (interval.fired < before + 30) await new Promise((resolve) => setTimeout(resolve, 1))
      interval.clear()
    }
    say(said.includes('read'))
    await limit('nofile', 64)
    while (!said.includes('read')) await new Promise((resolve) => setTimeout(resolve, 1))
    say(uncaught.join())
  },
  /** As long as immediates wait the loop does not sleep, and tries nothing: no reason to tell again what comes after. */
  async 'descriptors among immediates'() {
    const uncaught = []
    process.on('uncaughtException', ({ code }) => uncaught.push(code))
    ours.setTimeout(() => {}, 1e9)
    await limit('nofile', 3)
    binding.panicThreadForTest()
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      const begin = performance.now()
      while (performance.now() - begin < 120) await new Promise((resolve) => ours.setImmediate(resolve))
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    say(uncaught.join())
    await limit('nofile', 64)
  },
  /** The thread's own poll fails, as what it polls is gone: it ends and says so, and there is a new one. */
  async 'what the thread polls'() {
    const uncaught = []
    process.on('uncaughtException', ({ code }) => uncaught.push(code))
    const before = new Set(polled())
    let fired = 0
    const interval = ours.setInterval(() => fired++, 5)
    closeSync(polled().find((fd) => !before.has(fd)))
    while (uncaught.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    const firedThen = fired
    while (fired < firedThen + 3) await new Promise((resolve) => setTimeout(resolve, 1))
    ours.clearInterval(interval)
    say(uncaught.join())
  },
  async threads() {
    // The system does not count the threads of its administrator.
    if (process.getuid() === 0) {
      process.setuid(65_534)
      startLimiter()
    }
    await limit('nproc', 1)
    say(codeOf(() => ours.setTimeout(() => say('never'), 1)))
    say(codeOf(() => ours.setInterval(() => say('never'), 1)))
    await new Promise((resolve) => ours.setImmediate(resolve))
    await limit('nproc', mostProcesses())
  },
  async 'memory of timers'() {
    await limit('as', bytesOfAddresses() + ROOM)
    const clear = fillTimers(() => 1e9)
    await new Promise((resolve) => setImmediate(resolve))
    clear()
  },
  /** Its callback has taken the place that it had, and there is no other: it is over, and says so. */
  async 'memory of timers for an interval'() {
    process.on('uncaughtException', ({ code }) => say(code))
    const loops = [{}, { order: 'deadline' }].map((options) => new ours.EventLoop(options))
    let clear
    const run = loops.map((loop) => {
      return new Promise((resolve) => {
        loop.setInterval(() => clear && resolve(untilItFails(binding.setTimer)), 1)
      })
    })
    await limit('as', bytesOfAddresses() + ROOM)
    clear = fillTimers(() => 1e9)
    for (const { count } of await Promise.all(run)) say(count)
    await new Promise((resolve) => setImmediate(resolve))
    for (const loop of loops) say(loop.handles().length)
    clear()
  },
  async 'memory of lists'() {
    await limit('as', bytesOfAddresses() + ROOM)
    const clear = fillTimers((i) => 1e9 + i)
    // A refresh to a delay that nobody has needs a list, too. The timer stays where it is.
    doubles[DELAY] = 1e8
    words[SLOT] = 0
    say(codeOf(binding.refreshTimer))
    await new Promise((resolve) => setImmediate(resolve))
    clear()
  },
  async 'memory of doorbells'() {
    // A thread needs memory, too, and here none is given back.
    await works()
    await limit('as', bytesOfAddresses() + ROOM)
    const { code, count } = untilItFails(binding.openDoorbell)
    say(code)
    say(count > 10_000)
  },
  async 'memory of immediates'() {
    await limit('as', bytesOfAddresses() + (96 << 20))
    // As if there were so many. What is told to Rust of one that is in the middle takes a byte for each before it.
    const immediate = ours.setImmediate(() => {})
    words[QUEUED] = 300 << 20
    words[SLOT] = 2 * (250 << 20)
    say(codeOf(binding.clearImmediate))
    say(codeOf(() => immediate.unref()))
    say(immediate.hasRef())
    // There are not so many to run.
    console.log(said.join(' '))
    process.exit()
  },
}

async function main() {
  startLimiter()
  await programs[process.argv[2]]()
  say(await works())
  console.log(said.join(' '))
  process.exit()
}

main()
