'use strict'
// What happened and in which tick: each entry of a trace has the number of native microtasks before it. So two traces
// are equal only if every callback ran in the same place between native jobs.

const TICKS = 60

/** Runs `program(log)` and gives its trace, when nothing of it is left to run. */
function traceOf(program) {
  return new Promise((resolve) => {
    const trace = []
    let tick = 0
    const log = (...entry) => trace.push(`${tick} ${entry.join(' ')}`)
    const count = () => {
      if (++tick < TICKS) Promise.resolve().then(count)
    }
    setImmediate(() => {
      Promise.resolve().then(count)
      program(log)
      setImmediate(() => setImmediate(resolve, trace))
    })
  })
}

module.exports = { traceOf }
