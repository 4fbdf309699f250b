'use strict'
// How many requests does a small server answer a second, if each sets and clears two timers, on Node's functions and on
// ours in their place (rs-eventloop/register)? The client has a process of its own; the processor time is the server's.

const { fork } = require('node:child_process')
const { once } = require('node:events')
const { join } = require('node:path')
const { root } = require('../sides')

const SERVER = join(__dirname, '..', 'tools', 'server.js')
const CONNECTIONS = 20
const SECONDS = 3
const QUICK_SECONDS = 1

async function ask(server, question) {
  server.send(question)
  const [answer] = await once(server, 'message')
  return answer
}

async function requests(autocannon, port, duration) {
  const { requests, non2xx, errors } = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration,
  })
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests failed`)
  return requests.total
}

module.exports = {
  title: 'A small HTTP server',
  shape: 'figures',
  slow: true,
  unit: 'requests a second',
  moreIsBetter: true,
  cases: [
    {
      name: 'HTTP requests, each with two timers',
      must: 1,
      loads: false,
      async measure(_, { quick, side }) {
        const autocannon = require('autocannon')
        const execArgv = side === 'ours' ? ['--require', join(root, 'register.js')] : []
        const server = fork(SERVER, { execArgv })
        const [port] = await once(server, 'message')
        const seconds = quick ? QUICK_SECONDS : SECONDS
        await requests(autocannon, port, 1) // Warms up.
        const before = await ask(server, 'processor time')
        const start = performance.now()
        const answered = await requests(autocannon, port, seconds)
        const took = performance.now() - start
        const after = await ask(server, 'processor time')
        server.disconnect()
        return { value: answered / (took / 1000), cpu: (after - before) / answered }
      },
    },
  ],
}
