'use strict'
// What the states use: ours, and the same made of Node's own functions. What waits in both keeps the thread alive until
// it is unref'd.

const fs = require('node:fs')
const net = require('node:net')
const { randomUUID } = require('node:crypto')
const { join } = require('node:path')
const timers = require('node:timers')
const { MessageChannel } = require('node:worker_threads')

/** What of a loop object the states use, with Node's functions. */
function nodeComponent() {
  let open = true
  const ends = []
  const add = (clear, handle) => ends.push(() => clear(handle))
  const component = {
    setTimeout: (callback, ms) => add(clearTimeout, timers.setTimeout(callback, ms)),
    setInterval: (callback, ms) => add(clearInterval, timers.setInterval(callback, ms)),
    setImmediate: (callback) => add(clearImmediate, timers.setImmediate(callback)),
    queueMicrotask: (callback) => queueMicrotask(() => open && callback()),
    close() {
      open = false
      for (const end of ends) end()
    },
    async shutdown({ timeout }) {
      await timers.promises.setTimeout(timeout)
      component.close()
    },
  }
  return component
}

function nodeSide(line) {
  return {
    ...timers,
    queueMicrotask,
    Promise,
    component: nodeComponent,
    watch: (socket, told) => socket.on('data', told).resume(),
    doorbell(rung) {
      const { port1, port2 } = new MessageChannel()
      line.postMessage({ port: port2 }, [port2])
      return port1.on('message', rung)
    },
  }
}

function ourSide(folder, line) {
  const ours = require(folder)
  return {
    ...ours,
    Promise: ours.ChainedPromise,
    component: () => new ours.EventLoop(),
    watch(socket, told) {
      const { fd } = socket.unref()._handle
      const bytes = Buffer.alloc(65536)
      return new ours.EventLoop().watch(fd, { readable: true }, () => {
        fs.readSync(fd, bytes)
        told()
      })
    },
    doorbell(rung) {
      const doorbell = new ours.EventLoop().doorbell(rung)
      line.postMessage({ folder, bell: doorbell.id })
      return doorbell
    },
  }
}

/** `told` gets a socket that is connected to `path`, and that nobody reads yet. */
function connect(path, told) {
  const socket = net.connect(path, () => told(socket)).pause()
}

/** The same with one whose other end is here, and writes nothing. */
function connectToNobody(folder, told) {
  const path = join(folder, randomUUID())
  const server = net.createServer((end) => {
    end.unref()
    server.close()
  })
  server.listen({ path, exclusive: true }, () => connect(path, told))
}

module.exports = { connect, connectToNobody, nodeSide, ourSide }
