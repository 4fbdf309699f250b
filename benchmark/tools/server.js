'use strict'
// The server that questions/http.js asks: each request has a timeout for its work and one for its answer, as servers give
// them, and clears both. Tells its parent its port, and the µs of processor time it took, when it is asked.

const { createServer } = require('node:http')

const late = () => {
  throw new Error('A request took longer than its timeout.')
}

const server = createServer((_, response) => {
  const work = setTimeout(late, 30_000)
  const answer = setTimeout(late, 60_000)
  response.end('here', () => clearTimeout(answer))
  clearTimeout(work)
})

server.listen(0, '127.0.0.1', () => process.send(server.address().port))

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send(user + system)
})
process.on('disconnect', () => process.exit())
