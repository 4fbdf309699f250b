'use strict'
// Plays a script on one of the loops, in a process of its own, and gives what was recorded there.

const { spawn } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const root = join(__dirname, '..', '..')
const PRELOADED = { node: [], ours: [join(root, 'register.js')] }
const LONGEST_ERROR = 4000
/** The descriptor on which the process tells that the script begins. */
const BEGINS = 3

/** Resolves with `{ code, signal, timedOut, stderr }`. The limit counts from when the script begins. */
function run(args, env, limit) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    let stderr = ''
    let timedOut = false
    let timer
    child.stdio[BEGINS].once('data', () => {
      timer = setTimeout(() => {
        timedOut = true
        child.kill('SIGKILL')
      }, limit)
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(0, LONGEST_ERROR)
    })
    child.on('error', reject)
    // Not `close`: what the script has spawned may go on with its standard error.
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      child.stderr.destroy()
      child.stdio[BEGINS].destroy()
      resolve({ code, signal, timedOut, stderr })
    })
  })
}

/** The last line is half written where the process was killed. Times count from the main script on. */
function entriesIn(text) {
  const lines = text.split('\n').slice(0, -1)
  const entries = lines.map((line, number) => ({ number, ...JSON.parse(line) }))
  const start = entries[0]?.at
  for (const entry of entries) {
    entry.at -= start
    if (entry.setAt !== undefined) entry.setAt -= start
  }
  return entries
}

/** How the process ended, in words; `cut` if it was ended from here, so that more would have followed. */
function endOf({ code, signal, timedOut }, count, { seconds, events }) {
  if (timedOut) return { cut: true, end: `ended after ${seconds} s` }
  if (signal === 'SIGKILL' && count >= events) return { cut: true, end: `ended after ${events} events` }
  return { cut: false, end: signal ? `ended by ${signal}` : `exit code ${code}` }
}

/** `loop` is node or ours. Gives `{ entries, end, cut, stderr }`. */
async function play(loop, script, args, limits) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  try {
    const file = join(folder, 'entries')
    const options = JSON.stringify({ file, limit: limits.events, script, loop, begins: BEGINS })
    const preloaded = [...PRELOADED[loop], join(__dirname, 'recorder.js')].flatMap((module) => ['--require', module])
    const env = { ...process.env, RS_EVENTLOOP_DIFF: options }
    const result = await run([...preloaded, script, ...args], env, limits.seconds * 1000)
    const entries = entriesIn(readFileSync(file, 'utf8'))
    return { entries, ...endOf(result, entries.length, limits), stderr: result.stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

module.exports = { play }
