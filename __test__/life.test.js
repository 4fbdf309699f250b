'use strict'
// What keeps a process alive and how it ends: each case is a child process, run with Node's functions and with ours.

const { test } = require('node:test')
const assert = require('node:assert')
const { spawn } = require('node:child_process')
const { join } = require('node:path')
const { makeCopy } = require('./ends/run')

const root = join(__dirname, '..')

/** Runs `program(loop)` as the main script of a process of its own. */
function run(program, loop, flags = []) {
  const source = `const loop = ${loop === 'ours' ? `require(${JSON.stringify(root)})` : `({ ...require('node:timers'), queueMicrotask })`}
const busy = (ms) => { const end = performance.now() + ms; while (performance.now() < end); }
const threads = () => require('node:fs').readdirSync('/proc/self/task')
  .map((id) => require('node:fs').readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim())
  .filter((name) => name === 'rs-eventloop').length
;(${program})(loop)`
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(process.execPath, [...flags, '-e', source], { cwd: root })
    const killer = setTimeout(() => child.kill('SIGKILL'), 60_000)
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => (out += data))
    child.stderr.on('data', (data) => (err += data))
    child.on('close', (code, signal) => {
      clearTimeout(killer)
      resolve({ code, signal, out, err, took: performance.now() - started })
    })
  })
}

const SAME = {
  'a ref’d timer and immediate are waited for': (l) => {
    l.setTimeout(() => console.log('timeout'), 300)
    l.setImmediate(() => console.log('immediate'))
  },
  'what is cleared is not': (l) => {
    l.clearTimeout(l.setTimeout(() => console.log('never'), 100_000))
    l.clearInterval(l.setInterval(() => console.log('never'), 100_000))
    l.clearImmediate(l.setImmediate(() => console.log('never')))
  },
  'what is unref’d is not': (l) => {
    l.setTimeout(() => console.log('never'), 100_000).unref()
    l.setInterval(() => console.log('never'), 100_000).unref()
    l.setImmediate(() => console.log('never')).unref()
  },
  'unref from inside lets go': (l) => {
    let times = 0
    const interval = l.setInterval(() => {
      console.log(++times)
      if (times === 3) interval.unref()
    }, 2)
  },
  'a timer that ends the loop is the last one, whatever is due by then': (l) => {
    let times = 0
    const interval = l.setInterval(() => {
      console.log(++times)
      if (times === 3) {
        interval.unref()
        l.setImmediate(() => console.log('never')).unref()
      }
      busy(4)
    }, 1)
  },
  'beforeExit, exit and their code': (l) => {
    let revived = 0
    process.on('beforeExit', (code) => {
      console.log('beforeExit', code)
      if (revived++ < 2) l.setTimeout(() => console.log('revived'), 1)
    })
    process.on('exit', (code) => console.log('exit', code))
    process.exitCode = 3
  },
  'beforeExit enters the loop at its timers': (l) => {
    process.once('beforeExit', () => {
      l.setImmediate(() => console.log('immediate'))
      l.setTimeout(() => console.log('timeout'), 1)
      busy(8)
    })
  },
  'process.exit in a timer': (l) => {
    l.setTimeout(() => process.exit(4), 1)
    l.setTimeout(() => console.log('never'), 1)
    l.setImmediate(() => busy(5))
  },
  'process.exit in an immediate, with timers alive': (l) => {
    l.setInterval(() => {}, 1000)
    l.setImmediate(() => process.exit(5))
  },
  'an uncaught throw in a timer': (l) => {
    process.on('exit', (code) => console.log('exit', code))
    l.setTimeout(() => console.log('never'), 60_000)
    l.setTimeout(() => {
      throw new Error('mine')
    }, 1)
  },
  'an uncaught throw in a microtask': (l) => {
    process.on('exit', (code) => console.log('exit', code))
    l.setTimeout(() => console.log('never'), 60_000)
    l.queueMicrotask(() => {
      throw new Error('mine')
    })
  },
  'an unhandled rejection in an immediate': (l) => {
    process.on('exit', (code) => console.log('exit', code))
    l.setImmediate(() => Promise.reject(new Error('mine')))
    l.setTimeout(() => console.log('never'), 60_000)
  },
  'a timer set in exit never runs': (l) => {
    process.on('exit', () => l.setTimeout(() => console.log('never'), 0))
    l.setTimeout(() => console.log('timeout'), 1)
  },
}

test('processes live and end as with Node’s functions', { concurrency: 4 }, async (t) => {
  await Promise.all(
    Object.entries(SAME).map(([name, program]) =>
      t.test(name, async () => {
        const [node, ours] = [await run(program, 'node'), await run(program, 'ours')]
        assert.strictEqual(ours.out, node.out, ours.err)
        assert.strictEqual(ours.code, node.code, ours.err)
        assert.strictEqual(ours.signal, null)
        assert.strictEqual(/Error: mine/.test(ours.err), /Error: mine/.test(node.err))
      }),
    ),
  )
})

const LINUX = process.platform === 'linux' ? {} : { skip: 'counts threads in /proc' }

test('a cleared timer that did not keep the process alive leaves the loop asleep', async () => {
  for (const loop of ['node', 'ours']) {
    const { out, err } = await run((l) => {
      l.clearTimeout(l.setTimeout(() => {}, 1).unref())
      setTimeout(() => console.log(performance.nodeTiming.uvMetricsInfo.loopCount), 100)
    }, loop)
    assert.ok(Number(out) > 0 && Number(out) < 20, `${loop}: ${out}${err}`)
  }
})

test('there is a thread from the first timer on, and one only', LINUX, async () => {
  const { out, err } = await run((l) => {
    const seen = [threads()]
    l.setImmediate(() => {
      seen.push(threads())
      for (let i = 0; i < 10; i++) l.setTimeout(() => {}, 1)
      // A thread gives itself its name, and timers may be due before it runs.
      while (threads() === 0);
      l.setTimeout(() => {
        seen.push(threads())
        console.log(seen.join())
      }, 2)
    })
  }, 'ours')
  assert.strictEqual(out.trim(), '0,0,1', err)
})

test('a panic inside is an error with a code, and the loop goes on', async () => {
  const { out, code, err } = await run((l) => {
    const binding = require('./lib/binding')
    try {
      binding.panicForTest()
    } catch (error) {
      console.log(error.code)
    }
    process.on('uncaughtException', (error) => {
      console.log(error.code)
      l.setTimeout(() => console.log('still fires'), 1)
    })
    l.setTimeout(() => {}, 1000).unref()
    const alive = l.setInterval(() => {}, 5)
    l.setTimeout(() => binding.panicThreadForTest(), 10)
    l.setTimeout(() => l.clearInterval(alive), 10_000).unref()
    process.on('uncaughtException', () => l.clearInterval(alive))
  }, 'ours')
  assert.deepStrictEqual(out.trim().split('\n'), ['ERR_LOOP_PANIC', 'ERR_LOOP_THREAD', 'still fires'], err)
  assert.strictEqual(code, 0)
})

test('100 workers, 20 at a time, half of them terminated', LINUX, async () => {
  const { out, code, signal, err } = await run((l) => {
    const { Worker } = require('node:worker_threads')
    const source = `
      const loop = require(${JSON.stringify(process.cwd())})
      const { parentPort, workerData } = require('node:worker_threads')
      for (let i = 0; i < 50; i++) loop.setInterval(() => {}, 1 + (i % 7))
      loop.setImmediate(function again() { loop.setImmediate(again) })
      loop.setTimeout(() => {
        parentPort.postMessage('up')
        if (workerData.leaves) loop.setTimeout(() => process.exit(7), 1 + Math.random() * 5)
      }, 1)`
    const codes = { left: [], terminated: [] }
    let started = 0
    function next() {
      if (started === 100) return
      const leaves = started++ % 2 === 0
      const worker = new Worker(source, { eval: true, workerData: { leaves } })
      if (!leaves) worker.once('message', () => l.setTimeout(() => worker.terminate(), Math.random() * 5))
      worker.on('error', (error) => console.log('error', error.message))
      worker.on('exit', (code) => {
        codes[leaves ? 'left' : 'terminated'].push(code)
        if (codes.left.length + codes.terminated.length === 100) {
          console.log(
            codes.left.length,
            [...new Set(codes.left)].join(),
            codes.terminated.length,
            [...new Set(codes.terminated)].join(),
          )
          console.log('threads', threads())
        }
        next()
      })
    }
    for (let i = 0; i < 20; i++) next()
  }, 'ours')
  assert.strictEqual(err, '')
  assert.strictEqual(signal, null)
  assert.strictEqual(code, 0)
  assert.deepStrictEqual(out.trim().split('\n'), ['50 7 50 1', 'threads 1'])
})

const callbacks = (l) => {
  for (let i = 0; i < 2; i++) {
    l.setTimeout(() => console.log('timeout', process.domain), 1)
    l.setImmediate(() => console.log('immediate', process.domain))
  }
  l.queueMicrotask(() => console.log('microtask', process.domain))
}

test('with domains in use, a global of that name is nobody’s domain', async () => {
  // As in the REPL, where the global is the module itself; or one that nobody has entered.
  for (const global of ["'example.com'", "require('node:domain')", "require('node:domain').create()"]) {
    const program = `(l) => {
      require('node:domain').create()
      Object.defineProperty(globalThis, 'domain', { value: ${global} })
      ;(${callbacks})(l)
    }`
    const [node, got] = [await run(program, 'node'), await run(program, 'ours')]
    assert.deepStrictEqual([node.code, node.err, node.out.includes('timeout')], [0, '', true])
    assert.deepStrictEqual([got.code, got.err, got.out], [0, '', node.out], global)
  }
})

test('nothing deprecated is called', async () => {
  const flags = ['--throw-deprecation', '--pending-deprecation']
  const [node, got] = [await run(callbacks, 'node', flags), await run(callbacks, 'ours', flags)]
  assert.deepStrictEqual([node.code, got.code, got.err, got.out], [0, 0, '', node.out])
})

test('a timer of one copy of the package may be the first to use another copy', async () => {
  const copy = makeCopy()
  const program = `(one) => {
    const other = require(${JSON.stringify(copy.folder)})
    one.setTimeout(() => other.setTimeout(() => console.log('fired'), 1), 1)
  }`
  const { code, out, err } = await run(program, 'ours').finally(copy.remove)
  assert.deepStrictEqual([code, out, err], [0, 'fired\n', ''])
})
