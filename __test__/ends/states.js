// What a thread is in the middle of when its end comes. Loaded as a script that evaluates to an object of functions, so
// that a vm context can have its own copy: no require in here.
//
// Each gets what `program.js` makes: `loop` (Node's functions or ours), `node` (always Node's), `log`, `act` (brings
// the end about, or tells outside that it may come), `stays` (the end comes from outside, and has to be waited for) and
// `returns` (nothing brings it about: the state must let go).
;({
  /** Loaded, and nothing used. */
  idle({ node, act, stays }) {
    if (stays) node.setInterval(() => {}, 1e6)
    node.setImmediate(act)
  },

  timers({ loop, node, log, act, stays }) {
    loop.setTimeout(() => log('never'), 1e6).unref()
    let times = 0
    const interval = loop.setInterval(() => {
      if (!stays && ++times === 3) {
        loop.clearInterval(interval)
        log('three times')
        act()
      }
    }, 1)
    loop.setTimeout(() => log('beside it'), stays ? 1e6 : 0).unref()
    if (stays) node.setTimeout(act, 5)
  },

  'in a timer'({ loop, log, act, stays }) {
    if (stays) loop.setTimeout(() => {}, 1e6)
    loop.setTimeout(() => {
      log('timer')
      act()
    }, 1)
    loop.setTimeout(() => log('the next one'), 1)
  },

  'in an immediate'({ loop, log, act, stays }) {
    if (stays) loop.setTimeout(() => {}, 1e6)
    loop.setImmediate(() => {
      log('immediate')
      act()
    })
    loop.setImmediate(() => log('the next one'))
  },

  'in a microtask'({ loop, log, act, stays }) {
    if (stays) loop.setTimeout(() => {}, 1e6)
    loop.queueMicrotask(() => {
      log('microtask')
      act()
    })
    loop.queueMicrotask(() => log('the next one'))
  },

  'microtasks pending'({ loop, node, log, act, stays }) {
    if (stays) loop.setTimeout(() => {}, 1e6)
    node.setTimeout(() => {
      loop.queueMicrotask(() => log('microtask'))
      loop.Promise.resolve().then(() => log('reaction'))
      loop.queueMicrotask(() => log('another microtask'))
      act()
    }, 1)
  },

  'promises pending'({ loop, node, log, act, returns }) {
    const late = returns ? 5 : 1e6
    new loop.Promise(() => {}).then(() => log('never'))
    loop.promises.setImmediate('soon').then((value) => {
      log(value)
      loop.promises.setTimeout(late, 'late').then(log)
      new loop.Promise((resolve) => loop.setTimeout(resolve, late, 'later')).finally(() => {}).then(log)
      node.setImmediate(act)
    })
  },

  'a chain without end'({ loop, node, act, stays }) {
    let going = true
    const again = () => going && loop.setImmediate(again)
    again()
    loop.setInterval(() => {}, 1).unref()
    node.setTimeout(() => {
      going = stays
      act()
    }, 3)
  },

  closing({ loop, log, act, stays }) {
    if (stays) loop.setTimeout(() => {}, 1e6)
    const component = loop.component()
    component.setInterval(() => log('before'), 1)
    component.setTimeout(() => log('never'), 1e6)
    const other = loop.component()
    other.setTimeout(() => {
      other.setImmediate(() => log('never'))
      other.queueMicrotask(() => log('never'))
      component.close()
      other.close()
      log('closed')
      act()
    }, 0)
  },

  'shutting down'({ loop, log, act, returns }) {
    const component = loop.component()
    component.setTimeout(() => log('never'), 1e6)
    let turns = 0
    const again = () => {
      component.setImmediate(again)
      turns++
      if (turns === 2) {
        const over = component.shutdown({ timers: 'run', timeout: returns ? 5 : 1e6 })
        // Not before: where immediates go on while a process leaves its cluster, Node sometimes hangs with its own.
        over.then(() => log('shut down')).then(act)
        log('shutting down')
      }
      if (turns === 4 && !returns) act()
    }
    component.setImmediate(again)
  },

  /** A descriptor, and nothing comes. */
  watched({ loop, node, log, act, returns, connectToNobody }) {
    connectToNobody((socket) => {
      const watcher = loop.watch(socket, () => log('never'))
      node.setTimeout(() => {
        if (returns) watcher.unref()
        act()
      }, 1)
    })
  },

  /** A descriptor, and something comes all the time. */
  'watched, data'({ loop, log, act, returns, connect }) {
    connect((socket) => {
      let times = 0
      const watcher = loop.watch(socket, () => {
        if (++times !== 3) return
        log('three times')
        if (returns) watcher.unref()
        act()
      })
    })
  },

  /** Another thread rings, all the time. */
  rung({ loop, log, act, returns }) {
    let times = 0
    const doorbell = loop.doorbell(() => {
      if (++times !== 3) return
      log('three times')
      if (returns) doorbell.unref()
      act()
    })
  },

  'in limited time'({ loop, log, act, stays, limited }) {
    if (stays) loop.setTimeout(() => {}, 1e6)
    loop.setTimeout(() => {
      limited('setTimeout(() => log("of a context"), 1)', { setTimeout: loop.setTimeout, log })
      try {
        limited('for (;;);', {}, 1)
      } catch (error) {
        log(error.code)
      }
      limited('act()', { act }, 1e6)
    }, 1)
    loop.setTimeout(() => log('the next one'), 1)
  },
})
