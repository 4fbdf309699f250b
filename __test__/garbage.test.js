'use strict'
// Garbage in: an error with a code or what Node does, never a crash, and a loop that still is well. Each run is a process
// with a seed; SEEDS=n runs more of them.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { promisify } = require('node:util')

const run = promisify(execFile)
const WORKERS = 4
const seeds = Number(process.env.SEEDS ?? 3)

/** Its standard input is a pipe. Ends by itself with 0, or this rejects. Panics are expected where words are garbage; their backtraces take long. */
function child(name, ...args) {
  return run(process.execPath, [join(__dirname, 'garbage', name), ...args.map(String)], {
    env: { ...process.env, RUST_BACKTRACE: '0' },
    maxBuffer: Infinity,
    timeout: 120_000,
  })
}

const eachSeed = (t, body) =>
  Promise.all(Array.from({ length: seeds }, (_, i) => t.test(`seed ${i + 1}`, () => body(i + 1))))

test('what is exported, and every method of what that gives', { concurrency: 2 }, async (t) => {
  await eachSeed(t, async (seed) => {
    const told = JSON.parse((await child('public.js', seed, 20, WORKERS)).stdout)
    const { calls, threw, reentered, uncaught, collected, inExit, terminated } = told
    assert.ok(calls > 8000 && threw > 1000 && threw < calls && reentered > 50 && uncaught > 0, JSON.stringify(told))
    // Every second worker leaves by itself, as the process does.
    assert.deepStrictEqual([inExit, terminated], [WORKERS / 2 + 1, WORKERS / 2])
    assert.ok(collected > 0)
  })
})

test('what is installed, while it is, and afterwards', { concurrency: 2 }, async (t) => {
  await eachSeed(t, async (seed) => {
    const { calls, threw, found } = JSON.parse((await child('installed.js', seed, 20)).stdout)
    assert.ok(calls > 4000 && threw > 1000 && threw < calls)
    // The garbage itself has installed and uninstalled it.
    assert.ok(found > 0 && found < 20, `${found} of 20`)
  })
})

test('the raw functions, whatever the words they read contain', { concurrency: 2 }, async (t) => {
  await eachSeed(t, async (seed) => {
    const { calls, threw, offered, given } = JSON.parse((await child('raw.js', seed, 8, 500)).stdout)
    assert.ok(calls > 1400 && threw > 20 && threw < calls && offered > 20)
    assert.strictEqual(given, 0)
  })
})

test('a slot that is far too high does not make the default loop count up to it', async () => {
  const program = `
    const ours = require('.')
    require('./lib/timeout').pending[4e9] = undefined
    ours.setTimeout(() => {}, 1)
    console.log(ours.defaultLoop.handles().length)`
  const { stdout } = await run(process.execPath, ['-e', program], { cwd: join(__dirname, '..'), timeout: 30_000 })
  assert.strictEqual(stdout.trim(), '1')
})
