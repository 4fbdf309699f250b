'use strict'
// Pipes with names, each usually open for reading and writing at once: file descriptors that a test makes ready as it likes.

const { execFileSync } = require('node:child_process')
const { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { EventLoop } = require('../..')

const FLAGS = constants.O_RDWR | constants.O_NONBLOCK

/** Makes some, until the test is over. */
function makeFifos(t, count) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  const paths = Array.from({ length: count }, (_, i) => join(folder, String(i)))
  execFileSync('mkfifo', paths)
  const open = new Set()
  t.after(() => {
    for (const fd of open) closeSync(fd)
    rmSync(folder, { recursive: true })
  })
  return paths.map((path) => ({
    path,
    open(flags = FLAGS) {
      const fd = openSync(path, flags)
      open.add(fd)
      return fd
    },
    close(fd) {
      open.delete(fd)
      closeSync(fd)
    },
  }))
}

/** The file descriptors of new ones. */
const makeFds = (t, count) => makeFifos(t, count).map((fifo) => fifo.open())

/** Reads what is there, up to 100 bytes. */
function read(fd) {
  const buffer = Buffer.alloc(100)
  return buffer.toString('utf8', 0, readSync(fd, buffer))
}

/** A loop object, until the test is over. */
function makeLoop(t, options) {
  const loop = new EventLoop(options)
  t.after(() => loop.close())
  return loop
}

/** Everything that is ready when it is called has been told: what comes later has gone to the loop's thread and back. */
async function settled(t) {
  const [fd] = makeFds(t, 1)
  const loop = makeLoop(t)
  writeSync(fd, 'now')
  await new Promise((resolve) => loop.watch(fd, { readable: true, mode: 'once' }, resolve))
  await new Promise((resolve) => setImmediate(resolve))
}

module.exports = { makeFds, makeFifos, makeLoop, read, settled }
