'use strict'
// Which line of whose file made a call: what Node and this package do inside is nobody's line.

const { dirname, join, relative, sep } = require('node:path')
const { fileURLToPath } = require('node:url')

const root = join(__dirname, '..', '..')
const INSIDE = [join(root, 'lib') + sep, ...['index', 'register', 'promises'].map((name) => join(root, `${name}.js`))]
const DEPTH = 12

/** The frames above `below`, as V8 has them. */
function framesAbove(below) {
  const { prepareStackTrace, stackTraceLimit } = Error
  const carrier = {}
  try {
    // A script may have frozen it: then there are no frames to be had.
    Reflect.set(Error, 'prepareStackTrace', (_error, frames) => frames)
    Reflect.set(Error, 'stackTraceLimit', DEPTH)
    Error.captureStackTrace(carrier, below)
    return Array.isArray(carrier.stack) ? carrier.stack : []
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace)
  }
}

/** The file of a frame, if it is a program's or a package's. */
function fileOf(frame) {
  const name = frame?.getFileName()
  if (!name || name.startsWith('node:')) return undefined
  const file = name.startsWith('file:') ? fileURLToPath(name) : name
  return INSIDE.some((start) => file.startsWith(start)) ? undefined : file
}

const isIn = (frame, start) => frame.getFileName()?.startsWith(start) ?? false

class Frames {
  constructor(script) {
    this.script = script
  }

  /** `12`, or `other.js:12` where that is not the script itself. */
  #name(frame) {
    const file = fileOf(frame)
    if (file === undefined) return undefined
    const line = frame.getLineNumber()
    return file === this.script ? String(line) : `${relative(dirname(this.script), file)}:${line}`
  }

  /** Where `below` was called, if a program did that itself: by way of what has no file, such as `eval`, too. */
  caller(below) {
    const frames = framesAbove(below)
    const frame = frames.find((one) => one.getFileName())
    return frame === undefined && frames.length > 0 ? '(eval)' : this.#name(frame)
  }

  /** The same for `then`, which `catch` and `finally` call: `{ kind, where }`. */
  reaction(below) {
    const [first, second] = framesAbove(below)
    const method = first?.getFileName() ? undefined : first?.getFunctionName()?.replace(/^.*\./, '')
    const isBehind = method === 'catch' || method === 'finally'
    return { kind: isBehind ? method : 'then', where: this.#name(isBehind ? second : first) }
  }

  /** Where the `await` is for which V8 called the hook `below`. */
  awaiting(below) {
    return this.#name(framesAbove(below).find((frame) => !isIn(frame, 'node:internal/async_hooks')))
  }

  /** The line whose call made Node call the hook `below`. */
  behind(below) {
    return this.#name(framesAbove(below).find((frame) => !isIn(frame, 'node:')))
  }
}

module.exports = { Frames }
