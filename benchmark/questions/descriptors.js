'use strict'
// How long does it take until a program is told that a file descriptor is readable? A byte goes back and forth between two
// pipes: a watcher tells of it and it is read, or Node's sockets read it.

const { readSync, writeSync } = require('node:fs')
const { Socket } = require('node:net')
const { openPipes } = require('../tools/pipes')

const ROUND_TRIPS = 20_000
const byte = Buffer.alloc(1)

/** Calls `readable` each time that a byte has been read from a pipe. */
function listen({ EventLoop }, fd, readable) {
  if (!EventLoop) return new Socket({ fd }).on('data', readable)
  return new EventLoop().watch(fd, { readable: true }, () => {
    readSync(fd, byte)
    readable()
  })
}

module.exports = {
  title: 'Readable file descriptors',
  shape: 'ratios',
  unit: 'ns',
  cases: [
    {
      name: 'a byte from pipe to pipe and back',
      count: ROUND_TRIPS,
      prepare(functions) {
        const [there, back] = openPipes(2)
        this.ask = () => writeSync(there, byte)
        listen(functions, there, () => writeSync(back, byte))
        listen(functions, back, () => this.told())
      },
      run() {
        return new Promise((resolve) => {
          let left = ROUND_TRIPS
          this.told = () => (--left === 0 ? resolve() : this.ask())
          this.ask()
        })
      },
    },
  ],
}
