'use strict'
// A component with 1,000 handles of all kinds is closed in one call, over and over, beside another that goes on. Prints what
// ran of the one afterwards, what memory it left behind, and what ran of the other.

const { execFileSync } = require('node:child_process')
const { constants, mkdtempSync, openSync, rmSync, writeSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { EventLoop, ring } = require('../..')

const EACH = 125
const WARM_UP = 20
const ROUNDS = 200
const { gc } = globalThis

/** File descriptors that are always ready. */
function makeReady(count) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  const paths = Array.from({ length: count }, (_, i) => join(folder, String(i)))
  execFileSync('mkfifo', paths)
  const fds = paths.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK))
  for (const fd of fds) writeSync(fd, 'a')
  rmSync(folder, { recursive: true })
  return fds
}

/** One of each kind, all of them due soon. */
function fill(loop, fd, i, note) {
  loop.setTimeout(() => note('timeout'), 1 + (i % 20))
  loop.setInterval(() => note('interval'), 1 + (i % 20))
  loop.setImmediate(() => note('immediate'))
  loop.submit(() => note('task'))
  loop.queueMicrotask(() => note('microtask'))
  loop.watch(fd, { readable: true }, () => note('watcher'))
  ring(loop.doorbell(() => note('doorbell')).id)
  return loop.delay(1 + (i % 20)).then(
    () => note('delay'),
    ({ code }) => note(code),
  )
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function settledHeap() {
  for (let i = 0; i < 6; i++) {
    gc()
    await turn()
  }
  return process.memoryUsage().heapUsed
}

async function main() {
  const fds = makeReady(EACH + 10)
  const ofOthers = {}
  const others = new EventLoop({ name: 'others' })
  for (const fd of fds.slice(EACH)) {
    fill(others, fd, 20, (kind) => {
      ofOthers[kind] = (ofOthers[kind] ?? 0) + 1
    })
  }
  const ranAfterwards = {}
  const note = (kind) => {
    ranAfterwards[kind] = (ranAfterwards[kind] ?? 0) + 1
  }
  /** Closed at once, or in the midst of it. */
  const round = async (isAtOnce) => {
    const loop = new EventLoop({ name: 'component' })
    let isClosed = false
    for (let i = 0; i < EACH; i++) fill(loop, fds[i], i, (kind) => isClosed && note(kind))
    if (!isAtOnce) await turn()
    const { length } = loop.handles()
    isClosed = true
    loop.close()
    await turn()
    return length
  }
  const handles = await round(true)
  for (let i = 0; i < WARM_UP; i++) await round(i % 2 === 0)
  const before = await settledHeap()
  for (let i = 0; i < ROUNDS; i++) await round(i % 2 === 0)
  const left = (await settledHeap()) - before
  await sleep(60)
  others.close()
  for (const kind of ['ERR_LOOP_CLOSED', 'delay']) delete ranAfterwards[kind]
  console.log(JSON.stringify({ handles, ranAfterwards, left, ofOthers }))
}

main()
