'use strict'
// The edges of a GPIO pin: `node gpio-edges.js /sys/class/gpio/gpio17/value`, where the pin's `edge` is set to `both`. The
// kernel tells of them with priority, not as something to read. It does the same for the name of the host, which is the
// pin here if none is given: the name stays what it is, but each time somebody sets it is an edge.

const { spawnSync } = require('node:child_process')
const { closeSync, openSync, readSync, writeFileSync } = require('node:fs')
const { EventLoop } = require('rs-eventloop')

const HOST_NAME = '/proc/sys/kernel/hostname'
const EDGES = 3

const [path = HOST_NAME] = process.argv.slice(2)
const pin = openSync(path, 'r')
const buffer = Buffer.alloc(256)

/** Such files are read from their beginning, and once before the first edge. */
const value = () => buffer.toString('utf8', 0, readSync(pin, buffer, 0, buffer.length, 0)).trim()

const loop = new EventLoop({ name: 'pin' })
let edges = 0

loop.watch(pin, { priority: true }, () => {
  console.log(`edge ${++edges}: the pin is '${value()}'`)
  if (edges < EDGES) makeEdge()
  else end()
})
console.log(`the pin is '${value()}'`)
makeEdge()

/** Sets the name of the host to what it is: of this one, or of a namespace of its own, for which no rights are needed. */
function makeEdge() {
  if (path !== HOST_NAME) return
  const name = value()
  try {
    writeFileSync(HOST_NAME, name)
  } catch {
    const { status } = spawnSync('unshare', ['--user', '--map-root-user', '--uts', 'hostname', name])
    if (status === 0) return
    console.log('no edges: the name of the host may not be set here')
    end()
  }
}

function end() {
  loop.close()
  closeSync(pin)
}
