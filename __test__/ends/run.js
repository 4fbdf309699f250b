'use strict'
// The matrix of ends: which cells there are, and what is seen of one from outside.

const { spawn } = require('node:child_process')
const { cpSync, mkdtempSync, readdirSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const root = join(__dirname, '..', '..')
const program = join(__dirname, 'program.js')
const PATIENCE = 60_000

const WHERE = ['main', 'worker', 'workers', 'cluster', 'vm', 'twice', 'worker, twice']
const STATES = [
  'idle',
  'timers',
  'in a timer',
  'in an immediate',
  'in a microtask',
  'microtasks pending',
  'promises pending',
  'a chain without end',
  'closing',
  'shutting down',
  'watched',
  'watched, data',
  'rung',
  'in limited time',
]
const HOW = ['returns', 'process.exit', 'throws', 'rejects', 'terminate', 'SIGTERM', 'SIGTERM caught', 'parent dies']

const inWorkers = (where) => where.startsWith('worker')

/** Only workers are terminated. */
const cells = WHERE.flatMap((where) =>
  STATES.flatMap((state) =>
    HOW.filter((how) => how !== 'terminate' || inWorkers(where)).map((how) => ({ where, state, how })),
  ),
)

const pairs = ({ where, state, how }) => [`${where} ${state}`, `${where} ${how}`, `${state} ${how}`]

/** So few cells that any two things that can meet do meet in one of them. */
function few() {
  const missing = new Set(cells.flatMap(pairs))
  const chosen = []
  const gain = (cell) => pairs(cell).filter((pair) => missing.has(pair)).length
  while (missing.size > 0) {
    const best = cells.reduce((one, other) => (gain(other) > gain(one) ? other : one))
    for (const pair of pairs(best)) missing.delete(pair)
    chosen.push(best)
  }
  return chosen
}

/** A second path to the addon: a copy of the package. */
function makeCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-copy-'))
  for (const name of [
    'index.js',
    'package.json',
    'lib',
    ...readdirSync(root).filter((name) => name.endsWith('.node')),
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/** A process that starts the program with a channel to it, says nothing and can be killed. */
const PARENT = `const child = require('node:child_process').fork(process.argv[1], process.argv.slice(2))
child.on('message', () => {})`

function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Runs a cell on one side, and tells everything that can be seen of it. */
function run({ where, state, how }, side, { copy, workers }) {
  const args = [program, side, where, state, how]
  // In a cluster the parent is there anyway.
  const orphan = how === 'parent dies' && where !== 'cluster'
  const child = spawn(process.execPath, orphan ? ['-e', PARENT, ...args] : args, {
    env: { ...process.env, ENDS_COPY: copy, ENDS_WORKERS: workers },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  let pid
  child.stderr.on('data', (data) => {
    err += data
  })
  child.stdout.on('data', (data) => {
    out += data
    if (pid !== undefined) return
    pid = /^ready (\d+)$/m.exec(out)?.[1]
    if (pid === undefined) return
    if (how === 'parent dies') child.kill('SIGKILL')
    else if (how.startsWith('SIGTERM') && where !== 'cluster') child.kill('SIGTERM')
  })
  return new Promise((resolve) => {
    let late = false
    const killer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
      if (pid !== undefined) killIfThere(pid)
    }, PATIENCE)
    child.on('close', (code, signal) => {
      clearTimeout(killer)
      const lines = out
        .replace(/^ready \d+$/m, 'ready')
        .trim()
        .split('\n')
      resolve({
        code: late ? 'it hung' : code,
        signal,
        out: where === 'workers' ? lines.sort() : lines,
        mine: /Error: mine/.test(err),
        // Nothing of a crash, whatever Node says about it.
        strange: err.match(/^.*(panick|fatal|assert|corrupt|free\(\)|warning|ERR_LOOP).*$/gim),
      })
    })
  })
}

/** What a cell is with ours. */
const ours = (cell, options) => run(cell, 'ours', options)

/** What a cell shall be: what it is with Node's functions. */
async function measure(cell, options) {
  const node = await run(cell, 'node', options)
  // After a microtask has ended a worker by a throw, Node calls those behind it, after the `exit` event. We do not.
  if (inWorkers(cell.where) && cell.state === 'in a microtask' && cell.how === 'throws') {
    const exit = node.out.findIndex((line) => line.startsWith('exit'))
    node.out = node.out.filter((line, index) => index < exit || line !== 'the next one')
  }
  return node
}

/** Runs each job, some at a time. */
async function pool(jobs, atOnce, work) {
  const left = [...jobs]
  const workUp = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await work(job)
  }
  await Promise.all(Array.from({ length: atOnce }, workUp))
}

module.exports = { STATES, cells, few, makeCopy, measure, ours, pool }
