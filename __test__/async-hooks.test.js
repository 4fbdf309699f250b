'use strict'
// What async_hooks see of each kind of work: the same program runs on Node's functions and on ours, in two processes.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile, spawnSync } = require('node:child_process')
const { join } = require('node:path')
const { names } = require('./context/trace')

function trace(loop, name) {
  return new Promise((resolve, reject) => {
    const script = join(__dirname, 'context', 'trace.js')
    execFile(process.execPath, [script, loop, name], { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${loop} ended with ${error.code ?? error.signal}: ${stderr}`))
      else resolve(JSON.parse(stdout))
    })
  })
}

/** A promise with a signal is made of several, and of how many is nobody's business. */
function withoutPromises({ lines, destroyed }) {
  const seen = lines.filter((line) => !/^(before |after )?PROMISE/.test(line))
  return { lines: seen.map((line) => line.replaceAll(/PROMISE \d+/g, 'a promise')), destroyed }
}

/** What is not as in Node, with the reason. */
const DIFFERENT = {
  // Node makes a resource for each microtask, which costs more than all the rest of it. Ours is a promise's reaction.
  'a microtask': () => ({
    lines: [
      'PROMISE 1 begins by somebody, a Promise',
      'before PROMISE 1',
      'called in PROMISE 1 by somebody',
      'after PROMISE 1',
    ],
    destroyed: {},
  }),
}

test('async_hooks see the same', { concurrency: 4 }, async (t) => {
  await Promise.all(
    names.map((name) =>
      t.test(name, async () => {
        const view = name.endsWith('with a signal') ? withoutPromises : (trace) => trace
        const [theirs, got] = [view(await trace('node', name)), view(await trace('ours', name))]
        assert.notStrictEqual(theirs.lines.length, 0)
        assert.deepStrictEqual(got, DIFFERENT[name]?.(theirs) ?? theirs)
      }),
    ),
  )
})

test('a reaction to a pending promise has its end when it is collected, as a native one has', () => {
  const script = `
    const P = process.argv[1] === 'native' ? Promise : require(${JSON.stringify(join(__dirname, '..'))}).ChainedPromise
    const alive = new Set()
    require('node:async_hooks').createHook({
      init: (id, type) => type === 'PROMISE' && alive.add(id),
      destroy: (id) => alive.delete(id),
    }).enable()
    for (let i = 0; i < 2000; i++) {
      let resolve
      new P((r) => { resolve = r }).then(() => {})
      resolve()
    }
    let left = 10
    const look = () => {
      gc()
      if (left-- > 0) setTimeout(look, 1)
      else console.log(alive.size < 100)
    }
    setTimeout(look, 1)`
  for (const which of ['native', 'ours']) {
    const { stdout } = spawnSync(process.execPath, ['--expose-gc', '-e', script, which], { encoding: 'utf8' })
    assert.strictEqual(stdout, 'true\n', which)
  }
})

test('the end of a handle is told once, when it is over, however it ended and when it is collected', () => {
  const script = `
    const loop = require(${JSON.stringify(join(__dirname, '..'))})
    const told = new Map()
    const pending = new Set()
    const early = []
    require('node:async_hooks').createHook({
      destroy: (id) => {
        if (pending.has(id)) early.push(id)
        if (told.has(id)) told.set(id, told.get(id) + 1)
      },
    }).enable()
    const made = (handle) => {
      told.set(handle.asyncId(), 0)
      return handle
    }
    for (let i = 0; i < 300; i++) {
      made(loop.setTimeout(() => {}, i % 3))
      loop.clearTimeout(made(loop.setTimeout(() => {}, 1000)))
      made(loop.setImmediate(() => {}))
      loop.clearImmediate(made(loop.setImmediate(() => {})))
    }
    let fired = 0
    const revived = Array.from({ length: 100 }, () => {
      const timer = made(loop.setTimeout(() => {
        fired++
        pending.delete(timer.asyncId())
      }, 20))
      return timer
    })
    const later = (callback) => setTimeout(callback, 2)
    const revive = () => {
      if (fired < 100) return later(revive)
      for (const timer of revived) pending.add(made(timer.refresh()).asyncId())
      later(look)
    }
    let left = 5
    const look = () => {
      gc()
      if (left-- > 0) return later(look)
      pending.clear()
      for (const timer of revived) loop.clearTimeout(timer)
      later(() => later(() => console.log(told.size, early.length, [...told.values()].filter((times) => times !== 1).length)))
    }
    later(revive)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.strictEqual(stdout, '1400 0 0\n', stderr)
})
