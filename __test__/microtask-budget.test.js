'use strict'
// An HTTP server in a program of endless microtasks. Without a budget it never answers, as with Node's own; with one it does.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const http = require('node:http')
const { createInterface } = require('node:readline')
const { join } = require('node:path')

/** A sign of life comes after so many microtasks. After so many signs a request will not be answered any more. */
const MICROTASKS = 50_000
const SIGNS = 20
const REQUESTS = 5

/** A server, and what queues a microtask in it. It tells its port, then its signs of life. */
const program = (queue) => `
const { writeSync } = require('node:fs')
const { EventLoop, queueMicrotask: ours } = require(${JSON.stringify(join(__dirname, '..'))})
const queue = ${queue}
const server = require('node:http').createServer((_, response) => response.end('here'))
server.listen(0, '127.0.0.1', () => {
  writeSync(1, server.address().port + '\\n')
  let count = 0
  queue(function next() {
    if (++count % ${MICROTASKS} === 0) writeSync(1, 'alive\\n')
    queue(next)
  })
})`

const get = (port) =>
  new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.on('end', () => resolve('answers')).resume()
    })
    request.on('error', reject)
  })

/** The server, its port, and a promise that it goes on for long. */
async function start(t, queue) {
  const child = spawn(process.execPath, ['-e', program(queue)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  t.after(() => {
    child.kill('SIGKILL')
    return exit
  })
  const lines = createInterface({ input: child.stdout })
  const [port] = await once(lines, 'line')
  const isAlive = new Promise((resolve) => {
    let signs = 0
    lines.on('line', () => {
      if (++signs === SIGNS) resolve('goes on and answers nothing')
    })
  })
  return { port, isAlive }
}

const STARVES = {
  'Node’s own': 'queueMicrotask',
  'those of the module': 'ours',
  'those of a loop object': '(callback) => loop.queueMicrotask(callback); const loop = new EventLoop()',
  'those of a loop object, in batches':
    "(callback) => loop.queueMicrotask(callback); const loop = new EventLoop({ microtasks: 'batched' })",
}
for (const [name, queue] of Object.entries(STARVES)) {
  test(`endless microtasks, ${name}: the server never answers`, { timeout: 60_000 }, async (t) => {
    const { port, isAlive } = await start(t, queue)
    const answer = get(port)
    answer.catch(() => {})
    assert.strictEqual(await Promise.race([answer, isAlive]), 'goes on and answers nothing')
  })
}

for (const microtasks of ['interleaved', 'batched']) {
  const options = `{ microtasks: '${microtasks}', microtaskBudget: 100 }`
  test(`endless microtasks with ${options}: the server answers`, { timeout: 60_000 }, async (t) => {
    const queue = `(callback) => loop.queueMicrotask(callback); const loop = new EventLoop(${options})`
    const { port, isAlive } = await start(t, queue)
    for (let i = 0; i < REQUESTS; i++) assert.strictEqual(await get(port), 'answers')
    await isAlive
    assert.strictEqual(await get(port), 'answers')
  })
}
