'use strict'
// Calls one target after the other with garbage, and judges what comes of it: what is thrown, and what is rejected.

const { Marked, garbage, random } = require('./values')
const { instancesFrom } = require('./targets')

/** What somebody may be told who called with garbage. Anything else with a code tells of a failure inside. */
const TOLD = new Set([
  'ABORT_ERR',
  'EBADF',
  'EEXIST',
  'EPERM',
  'ERR_ILLEGAL_CONSTRUCTOR',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_INVALID_STATE',
  'ERR_INVALID_THIS',
  'ERR_LOOP_CLOSED',
  'ERR_LOOP_DEFAULT',
  'ERR_LOOP_NO_METRICS',
  'ERR_LOOP_TERMINATED',
  'ERR_OUT_OF_RANGE',
  // That of the DOMException with which a signal is aborted.
  20,
])

/** What the language says of garbage itself, where it is converted, called or looked into. */
const OF_THE_LANGUAGE =
  /^(Cannot (convert|mix|perform)|Function.prototype.apply was called on |Class constructors? |object is not iterable|.* is not iterable|.*proxy.*|.*Symbol)/s

/** `tell(what)` is called with each thing that is wrong. */
function caller({ ours, targets, seed, tell }) {
  const next = random(seed)
  const pick = (list) => list[Math.floor(next() * list.length)]
  const figures = { calls: 0, threw: 0, reentered: 0 }
  let depth = 0

  /**
   * An error of ours has a code, and a marked one is the garbage's own. Without a code, there may be a TypeError of the
   * language about the garbage, or about a method that was called on what it is not for. Anything else has come about inside.
   */
  function judge(error, where, isForeign = false) {
    if (!(error instanceof Error) || error instanceof Marked) return
    // It holds what was rejected, of which each is judged by itself.
    if (error instanceof AggregateError) {
      for (const one of error.errors) judge(one, where, isForeign)
      return
    }
    if (error.code !== undefined) {
      if (!TOLD.has(error.code)) tell(`${where}: ${error.code}: ${error.stack}`)
      return
    }
    if (error instanceof TypeError && (isForeign || OF_THE_LANGUAGE.test(error.message))) return
    if (/[/\\]lib[/\\]/.test(error.stack)) tell(`${where}: ${error.stack}`)
  }

  /** Whatever comes of a call is nobody's unhandled rejection. An iterator that nobody asks does nothing: it is asked once. */
  function handle(result, where, isForeign) {
    const heed = (promise) => promise.catch((error) => judge(error, where, isForeign))
    if (result instanceof Promise || result instanceof ours.ChainedPromise) heed(result)
    else if (typeof result?.next === 'function') heed(Promise.resolve(result.next()))
  }

  function callOne() {
    const { name, call, receiver } = pick(targets)
    const args = Array.from({ length: Math.floor(next() * 4) }, value)
    const isForeign = next() > 0.7
    const self = isForeign ? value() : receiver()
    const isCall = next() < 0.9
    figures.calls++
    try {
      const result = isCall ? Reflect.apply(call, self, args) : Reflect.construct(call, args)
      // What `inspect` is given for a promise is no promise that could be handled.
      if (!name.endsWith('(nodejs.util.inspect.custom)')) handle(result, name, isForeign || !isCall)
    } catch (error) {
      figures.threw++
      judge(error, name, isForeign || !isCall)
    }
  }

  /** What a conversion does in the middle of a call: another call. */
  function reenter() {
    if (depth > 2) return
    depth++
    figures.reentered++
    try {
      callOne()
    } finally {
      depth--
    }
  }

  const value = garbage(next, instancesFrom(ours), reenter)

  function callSome(count) {
    for (let i = 0; i < count; i++) callOne()
  }

  return { callSome, figures, judge, next }
}

module.exports = { caller }
