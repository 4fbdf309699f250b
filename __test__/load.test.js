'use strict'
// Under load that comes from outside: a process that is stopped and goes on, a callback that blocks, a clock that is moved.
// What fires, how often and in which order is what Node does, which runs beside.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFileSync, spawn } = require('node:child_process')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { setTimeout: later } = require('node:timers/promises')

const program = join(__dirname, 'load', 'program.js')

/** Runs a program on one side. `whenSet` is given the child when it says that it has set everything. */
function run(name, side, { env, whenSet } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, name, side], { env: { ...process.env, ...env }, timeout: 30_000 })
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => {
      out += data
      if (whenSet && out === 'set\n') whenSet(child)
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ ran: out.trim(), code, signal, err }))
  })
}

/** `spoilt` is what a program says that did not get its load. Then both run again. */
async function same(name, options = () => ({}), spoilt = undefined) {
  let node
  let ours
  do [node, ours] = await Promise.all(['node', 'ours'].map((side) => run(name, side, options(side))))
  while (spoilt && [node, ours].some(({ ran }) => ran.includes(spoilt)))
  assert.deepStrictEqual(ours, node)
  assert.strictEqual(node.code, 0, node.err)
  return node.ran
}

const POSIX = process.platform === 'win32' ? { skip: 'there are no signals to stop a process' } : {}

test('a process that was stopped for three seconds and goes on', POSIX, async () => {
  const whenSet = async (child) => {
    child.kill('SIGSTOP')
    await later(3000)
    child.kill('SIGCONT')
  }
  // Who is not let run stops it too late, and somebody else may let it go on.
  const ran = await same('stopped', () => ({ whenSet }), 'not stopped')
  assert.strictEqual(ran.match(/interval/g).length, 3)
})

test('a callback that blocks for two seconds', async () => {
  const ran = await same('blocked')
  assert.match(ran, /^a long callback, .*interval.*timeout of 600.*timeout of 700/)
})

const LINUX = process.platform === 'linux' ? {} : { skip: 'LD_PRELOAD, which puts another clock in, is of Linux' }

test('the clock on the wall is moved by a day, forth and back', LINUX, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-clock-'))
  const library = join(folder, 'moved-clock.so')
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, join(__dirname, 'load', 'moved-clock.c')])
  const env = (side) => {
    const file = join(folder, side)
    writeFileSync(file, '0')
    // What is loaded already, such as a sanitizer, has to stay the first.
    return { env: { MOVED_CLOCK: file, LD_PRELOAD: [process.env.LD_PRELOAD, library].filter(Boolean).join(':') } }
  }
  assert.strictEqual(await same('moved', env), '4 runs in their time, days 0,1,-1')
  rmSync(folder, { recursive: true })
})
