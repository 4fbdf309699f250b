'use strict'
// What loop objects are for in tests: a file for `node --test` that leaves things behind never ends, and with `using` in
// the place of `const` it does. As the language has it, and as TypeScript compiles it for those that have not.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { pathToFileURL } = require('node:url')

const root = join(__dirname, '..')
const PATIENCE = 60_000
const SIGNS_OF_LIFE = 50

/** A file of tests whose loop objects are declared by `sync` and `async`. Notes what goes on in `log`. */
const program = (log, sync, async) => `
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import { EventLoop } from ${JSON.stringify(pathToFileURL(join(root, 'index.mjs')).href)}

const note = (text) => appendFileSync(${JSON.stringify(log)}, text + '\\n')

test('of a component that leaves things behind', async () => {
  ${sync} loop = new EventLoop()
  loop.setInterval(() => note('alive'), 1)
  loop.setTimeout(() => {}, 1e9)
  loop.doorbell(() => {})
  await new Promise((resolve) => loop.setTimeout(resolve, 2))
  note('over')
})
test('of one that has work to do', async () => {
  ${async} loop = new EventLoop()
  loop.setInterval(() => note('alive'), 1)
  loop.submit(() => note('done'))
  note('over')
})
`

/** Runs a file with \`node --test\`: lets \`watch\` look at its log, and ends it if that says so. How it ended by itself. */
async function run(t, { name, source, compile, watch }) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'log')
  writeFileSync(join(folder, name), source(log))
  compile?.(join(folder, name))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const options = { cwd: folder, env, stdio: 'ignore', detached: true }
  const child = spawn(process.execPath, ['--test', join(folder, 'component.test.mjs')], options)
  const exit = once(child, 'exit')
  const giveUp = new AbortController()
  const read = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
  const outcome = await Promise.race([
    exit.then(([code]) => `ended with ${code}`),
    watch(read, giveUp.signal).then(() => 'goes on'),
    sleep(PATIENCE, 'nothing happened', { signal: giveUp.signal }),
  ])
  giveUp.abort()
  // All of it: the runner runs the file in a process of its own.
  if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  await exit
  return { outcome, lines: read() }
}

/** Waits for signs of life long after the tests of the file are over. */
async function untilItLives(read, signal) {
  const isAlive = () => {
    const lines = read()
    const over = lines.lastIndexOf('over')
    return lines.filter((line) => line === 'over').length === 2 && lines.length - over > SIGNS_OF_LIFE
  }
  while (!isAlive()) await sleep(5, undefined, { signal })
}
const forGood = () => new Promise(() => {})

const UNIX = process.platform === 'win32' ? { skip: 'ends groups of processes' } : { timeout: 2 * PATIENCE }

/** What gives a file that Node can run. */
const WAYS = {
  'as TypeScript compiles it': {
    name: 'component.test.mts',
    compile(file) {
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      const options = ['--noCheck', '--target', 'es2022', '--lib', 'esnext', '--module', 'nodenext', '--types', '']
      execFileSync(process.execPath, [tsc, ...options, file])
    },
  },
}
try {
  new Function('{ using nothing = null }')
  WAYS['as the language has it'] = { name: 'component.test.mjs' }
} catch {
  // A Node whose language has not.
}

test('without `using` the file never ends', UNIX, async (t) => {
  const source = (log) => program(log, 'const', 'const')
  const { outcome } = await run(t, { name: 'component.test.mjs', source, watch: untilItLives })
  assert.strictEqual(outcome, 'goes on')
})

for (const [name, way] of Object.entries(WAYS)) {
  test(`with \`using\`, ${name}, it ends, and what was accepted is done`, UNIX, async (t) => {
    const source = (log) => program(log, 'using', 'await using')
    const { outcome, lines } = await run(t, { ...way, source, watch: forGood })
    assert.strictEqual(outcome, 'ended with 0')
    assert.deepStrictEqual(
      lines.filter((line) => line !== 'alive'),
      ['over', 'over', 'done'],
    )
  })
}
