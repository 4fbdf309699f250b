'use strict'
// Runs one program under async_hooks and prints what they saw: node trace.js <node|ours> <name>
// Without arguments it exports the names of the programs.

const hooks = require('node:async_hooks')
const { writeSync } = require('node:fs')

/** Each gets the functions to use, and `see`, which notes where it is called. */
const PROGRAMS = {
  'a timeout': (l, see) => {
    const handle = l.setTimeout(() => see('called', handle), 1)
    see('set', handle)
  },
  'an interval': (l, see) => {
    let times = 0
    const handle = l.setInterval(() => {
      see('called', handle)
      if (++times === 3) l.clearInterval(handle)
    }, 1)
  },
  'an immediate': (l, see) => {
    const handle = l.setImmediate(() => see('called', handle))
    see('set', handle)
  },
  'what a timer sets': (l, see) => {
    l.setTimeout(() => {
      const immediate = l.setImmediate(() => see('immediate', immediate))
      const timeout = l.setTimeout(() => see('timeout', timeout), 20)
      process.nextTick(() => see('tick'))
      Promise.resolve().then(() => see('reaction'))
    }, 1)
  },
  'two timers of one list': (l, see) => {
    const first = l.setTimeout(() => {
      see('first', first)
      process.nextTick(() => see('between'))
    }, 1)
    const second = l.setTimeout(() => see('second', second), 1)
  },
  'two immediates': (l, see) => {
    const first = l.setImmediate(() => see('first', first))
    const second = l.setImmediate(() => see('second', second))
  },
  'a timeout set in a foreign scope': (l, see) => inForeignScope(() => l.setTimeout(() => see('called'), 1)),
  'an immediate set in a foreign scope': (l, see) => inForeignScope(() => l.setImmediate(() => see('called'))),
  'an interval set in a foreign scope': (l, see) =>
    inForeignScope(() => {
      let times = 0
      const handle = l.setInterval(() => {
        see('called')
        if (++times === 2) l.clearInterval(handle)
      }, 1)
    }),
  'timers cleared before they fire': (l) => {
    l.clearTimeout(l.setTimeout(() => {}, 1))
    l.clearInterval(l.setInterval(() => {}, 1))
    l.clearTimeout(l.setTimeout(() => {}, 1).unref())
  },
  'an immediate cleared before it runs': (l) => l.clearImmediate(l.setImmediate(() => {})),
  'an immediate cleared by the one before': (l) => {
    l.setImmediate(() => l.clearImmediate(second))
    const second = l.setImmediate(() => {})
  },
  'a timer cleared in its own callback': (l) => {
    const handle = l.setTimeout(() => l.clearTimeout(handle), 1)
  },
  'an immediate cleared in its own callback': (l) => {
    const handle = l.setImmediate(() => l.clearImmediate(handle))
  },
  'a timer cleared twice': (l) => {
    const handle = l.setTimeout(() => {}, 1)
    l.clearTimeout(handle)
    l.clearTimeout(handle)
  },
  'a throwing timeout': (l) => {
    l.setTimeout(() => {
      throw new Error('mine')
    }, 1)
  },
  'a throwing interval': (l) => {
    let times = 0
    const handle = l.setInterval(() => {
      if (++times === 3) l.clearInterval(handle)
      throw new Error('mine')
    }, 1)
  },
  'a throwing immediate': (l, see) => {
    l.setImmediate(() => {
      throw new Error('mine')
    })
    l.setImmediate(() => see('next'))
  },
  'a timer refreshed before it fires': (l, see) => {
    const handle = l.setTimeout(() => see('called', handle), 1)
    inForeignScope(() => handle.refresh())
  },
  'a timer that refreshes itself': (l, see) => {
    let times = 0
    const handle = l.setTimeout(() => {
      see('called', handle)
      if (++times < 3) handle.refresh()
    }, 1)
  },
  'a timer revived after its end': (l, see) => {
    const handle = l.setTimeout(() => see('called'), 1)
    l.setTimeout(() => handle.refresh(), 20)
  },
  'a promise of a timeout': (l, see) => {
    l.promises.setTimeout(1).then(() => see('fulfilled'))
  },
  'a promise of a timeout with a signal': async (l, see) => {
    await l.promises.setTimeout(1, 1, { signal: new AbortController().signal })
    see('fulfilled')
  },
  'a promise of an immediate': (l, see) => {
    l.promises.setImmediate().then(() => see('fulfilled'))
  },
  'an aborted promise with a signal': (l, see) => {
    const controller = new AbortController()
    l.promises.setTimeout(1_000_000, 1, { signal: controller.signal }).catch(() => see('rejected'))
    controller.abort()
  },
  'the async iterator': async (l, see) => {
    for await (const value of l.promises.setInterval(1, 'tick')) {
      see(value)
      break
    }
  },
  'a microtask': (l, see) => l.queueMicrotask(() => see('called')),
}

/** A resource that nobody has is destroyed when it is collected, whenever that is. */
const foreign = []

function inForeignScope(use) {
  foreign.push(new hooks.AsyncResource('Foreign'))
  foreign.at(-1).runInAsyncScope(use)
}

/** Runs a program and prints its trace when the process ends. */
function trace(loop, name) {
  const lines = []
  const labels = new Map([[0, 'nobody']])
  const types = {}
  const destroyed = {}
  const label = (id) => labels.get(id) ?? 'somebody'

  function see(what, handle) {
    const seen = [what, 'in', label(hooks.executionAsyncId()), 'by', label(hooks.triggerAsyncId())]
    if (handle) {
      seen.push(hooks.executionAsyncResource() === handle ? 'inside the handle' : 'outside the handle')
      // Node's immediates have no number.
      if (handle.constructor.name === 'Timeout') seen.push('numbered', label(+handle))
    }
    lines.push(seen.join(' '))
  }

  // After a throw Node sets an immediate of its own, whose place depends on the time.
  let reporting = false

  const hook = hooks.createHook({
    init(id, type, triggeredBy, resource) {
      if (reporting) return
      types[type] = (types[type] ?? 0) + 1
      labels.set(id, `${type} ${types[type]}`)
      lines.push(`${label(id)} begins by ${label(triggeredBy)}, a ${resource.constructor.name}`)
    },
    before: (id) => labels.has(id) && lines.push(`before ${label(id)}`),
    after(id) {
      reporting = false
      if (labels.has(id)) lines.push(`after ${label(id)}`)
    },
    // When Node tells of it depends on when it gets round to that.
    // Promises are destroyed when they are collected, which may be at any time.
    destroy: (id) => {
      if (labels.has(id) && !label(id).startsWith('PROMISE')) destroyed[label(id)] = (destroyed[label(id)] ?? 0) + 1
    },
  })
  process.on('uncaughtException', (error) => {
    if (error.message !== 'mine') throw error
    see('uncaught')
    reporting = true
  })
  process.on('exit', () => {
    hook.disable()
    writeSync(1, JSON.stringify({ lines, destroyed }))
  })

  const functions =
    loop === 'ours'
      ? { ...require('../..'), promises: require('../../promises') }
      : { ...require('node:timers'), queueMicrotask, promises: require('node:timers/promises') }
  labels.set(hooks.executionAsyncId(), 'main')
  hook.enable()
  PROGRAMS[name](functions, see)
}

if (require.main === module) trace(process.argv[2], process.argv[3])
module.exports = { names: Object.keys(PROGRAMS) }
