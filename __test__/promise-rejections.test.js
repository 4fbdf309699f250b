'use strict'
// Rejections that nobody handles: what Node says and does of native ones it must say and do of ours.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { join } = require('node:path')
const { ChainedPromise } = require('..')
const { names } = require('./promise/rejection-programs')

const file = join(__dirname, 'promise', 'rejection-programs.js')
const MODES = ['throw', 'strict', 'warn', 'none', 'warn-with-error-code']
/** These say something else in each mode. The others are run in two. */
const IN_ALL_MODES = new Set(['an error', 'no error', 'listeners get reason and promise'])

/** What the program says, without numbers of processes and the lines of stacks inside of Node and of us. */
function outcome(name, which, mode) {
  const args = [`--unhandled-rejections=${mode}`, file, name, which]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      const said = stderr
        .split('\n')
        .filter((line) => !/^\s+at |^node:|lib\/promise\/|^\s*\^|^\s*$|^ {2,}\S.*[({]$|^Node\.js/.test(line))
        .join('\n')
        .replaceAll(/\(node:\d+\)/g, '(node)')
      resolve({ code: error?.code ?? 0, stdout, said })
    })
  })
}

test('rejections that nobody handles', { concurrency: 4 }, async (t) => {
  await Promise.all(
    names.flatMap((name) =>
      MODES.filter((mode) => IN_ALL_MODES.has(name) || mode === 'throw' || mode === 'warn').map((mode) =>
        t.test(`${name}, mode ${mode}`, async () => {
          const [native, ours] = [await outcome(name, 'native', mode), await outcome(name, 'ours', mode)]
          assert.deepStrictEqual(ours, native)
          assert.ok(native.stdout !== '' || native.said !== '' || mode === 'none', 'the program says something')
        }),
      ),
    ),
  )
})

test('process.emit is its own again after the report', async () => {
  const script = `
    const { ChainedPromise } = require(${JSON.stringify(join(__dirname, '..'))})
    const own = Object.hasOwn(process, 'emit')
    const before = process.emit
    process.on('unhandledRejection', (_, promise) => setImmediate(() => promise.catch(() => {})))
    process.on('rejectionHandled', () => setImmediate(() => console.log(process.emit === before, Object.hasOwn(process, 'emit') === own)))
    ChainedPromise.reject(1)`
  const said = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', script], (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
  assert.strictEqual(said, 'true true\n')
})

test('rejectionHandled has our promise, also after somebody has put process.emit back', async () => {
  const script = `
    const { ChainedPromise } = require(${JSON.stringify(join(__dirname, '..'))})
    const seen = []
    process.on('unhandledRejection', () => {})
    process.on('rejectionHandled', (promise) => seen.push(promise instanceof ChainedPromise))
    const turns = async (count) => { for (let i = 0; i < count; i++) await new Promise(setImmediate) }
    const late = async (meanwhile) => {
      const promise = ChainedPromise.reject(1)
      await turns(3)
      promise.catch(() => {})
      meanwhile?.()
      await turns(3)
    }
    ;(async () => {
      const original = process.emit
      process.emit = function (...args) { return original.apply(this, args) }
      await late(() => { process.emit = original })
      await late()
      await late()
      console.log(seen.join())
    })()`
  const said = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', script], (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
  // Of the first nobody could hear: what told us of it was taken away.
  assert.strictEqual(said, 'false,true,true\n')
})

test('reading the reason does not handle the rejection', async () => {
  const script = `
    const { ChainedPromise } = require(${JSON.stringify(join(__dirname, '..'))})
    const promise = ChainedPromise.reject('read')
    process.on('unhandledRejection', (reason) => console.log(reason))
    console.log(promise.reason, promise.state, promise)`
  const said = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', script], (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
  assert.strictEqual(said, "read rejected ChainedPromise { <rejected> 'read' }\nread\n")
})

test('the reason of reject is that object, a promise too', async () => {
  const inner = ChainedPromise.resolve(1)
  const outer = ChainedPromise.reject(inner)
  assert.strictEqual(outer.reason, inner)
  await outer.then(assert.fail, (reason) => assert.strictEqual(reason, inner))
})
