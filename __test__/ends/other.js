'use strict'
// A thread that gives the others no rest: whoever connects to its socket gets bytes, and whoever asks on a line gets
// rings of a doorbell or messages, as fast as it turns. It never uses the loop itself.

const net = require('node:net')
const { parentPort, workerData: path } = require('node:worker_threads')

const restless = new Set()

let isToEnd = false

/** What comes on a line: another line, or what is to be rung or sent to, or that nobody is there any more. */
function listen(line) {
  line.on('message', ({ another, folder, bell, port, end }) => {
    if (another) listen(another)
    else if (port) send(port)
    else if (bell) ringAgainAndAgain(require(folder).ring, bell)
    else isToEnd = end
  })
}

function send(port) {
  const once = () => port.postMessage('ring')
  restless.add(once)
  port.on('close', () => restless.delete(once))
}

function ringAgainAndAgain(ring, bell) {
  restless.add(function once() {
    try {
      ring(bell)
    } catch (error) {
      if (error.code !== 'ERR_LOOP_CLOSED') throw error
      restless.delete(once)
    }
  })
}

function write(socket) {
  const once = () => {
    if (socket.writableLength === 0) socket.write('x')
  }
  restless.add(once)
  // The other side may go at any time.
  socket.on('error', () => {})
  socket.on('close', () => restless.delete(once))
}

/** Ends when every doorbell has refused, and every socket and port is closed. */
function turn() {
  for (const once of restless) once()
  if (isToEnd && restless.size === 0) process.exit()
  setImmediate(turn)
}

listen(parentPort)
net.createServer(write).listen({ path, exclusive: true }, () => parentPort.postMessage('ready'))
turn()
