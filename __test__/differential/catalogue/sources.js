'use strict'
// Where a callback of I/O can come from: each source calls `callback` once, from libuv's poll phase, and then lets the
// process end. A worker's exit and a child's `close` are not among them: Node may deliver those in the closing phase too.

const { execPath } = require('node:process')
const fs = require('node:fs')

module.exports = {
  'fs.stat': (callback) => fs.stat(__filename, callback),
  'fs.readFile': (callback) => fs.readFile(__filename, callback),
  'fs.promises, a file': (callback) => fs.promises.readFile(__filename).then(callback),
  'fs.promises, a folder': (callback) => fs.promises.readdir(__dirname).then(callback),
  'zlib.gzip': (callback) => require('node:zlib').gzip('x'.repeat(10_000), callback),
  'crypto.pbkdf2': (callback) => require('node:crypto').pbkdf2('p', 's', 10, 16, 'sha256', callback),
  'crypto.randomBytes': (callback) => require('node:crypto').randomBytes(16, callback),
  'crypto.subtle': (callback) => crypto.subtle.digest('SHA-256', new Uint8Array(8)).then(callback),
  'dns.lookup': (callback) => require('node:dns').lookup('localhost', callback),
  'a signal': (callback) => {
    // A listener for a signal keeps no process alive.
    const { port1 } = new MessageChannel()
    port1.ref()
    process.once('SIGUSR2', () => {
      port1.close()
      callback()
    })
    process.kill(process.pid, 'SIGUSR2')
  },
  'a MessagePort': (callback) => {
    const { port1, port2 } = new MessageChannel()
    port1.once('message', () => {
      port1.close()
      callback()
    })
    port2.postMessage('x')
  },
  'a BroadcastChannel': (callback) => {
    const [from, to] = [new BroadcastChannel('x'), new BroadcastChannel('x')]
    to.onmessage = () => {
      from.close()
      to.close()
      callback()
    }
    from.postMessage('x')
  },
  'a worker’s message': (callback) => {
    const { Worker } = require('node:worker_threads')
    const worker = new Worker(
      'const { parentPort: p } = require("worker_threads"); p.postMessage(1); p.once("message", () => {})',
      { eval: true },
    )
    worker.once('message', () => {
      callback()
      worker.postMessage('end')
    })
  },
  'a datagram': (callback) => {
    const socket = require('node:dgram').createSocket('udp4')
    socket.once('message', () => {
      socket.close()
      callback()
    })
    socket.bind(0, '127.0.0.1', () => socket.send('x', socket.address().port, '127.0.0.1'))
  },
  'a child’s output': (callback) => {
    const child = require('node:child_process').spawn(execPath, ['-e', 'console.log(1); process.stdin.resume()'])
    child.stdout.once('data', () => {
      callback()
      child.stdin.end()
    })
  },
  'a child’s exit': (callback) => {
    require('node:child_process').spawn(execPath, ['-e', ''], { stdio: 'ignore' }).once('exit', callback)
  },
}
