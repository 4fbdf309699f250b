'use strict'
// A program as a file that runs by itself, and two traces side by side.

const { stepsOf } = require('./program')
const { labelsOf } = require('./run')

const HEAD = `'use strict'
// Run with: node <this file> <node|ours>
const ours = process.argv[2] === 'ours' && require('rs-eventloop')
const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = ours || require('node:timers')
const queueMicrotask = (ours || globalThis).queueMicrotask
const promises = ours ? ours.promises : require('node:timers/promises')
const own = ours?.ChainedPromise ?? Promise

const log = (label) => console.log(label)
const counts = {}
const twice = (id, body) => ((counts[id] = (counts[id] ?? 0) + 1) <= 2 ? body() : undefined)
const run = (label, id, body) => () => (log(label), twice(id, body))
const busy = (ms) => {
  for (const end = performance.now() + ms; performance.now() < end; );
}
/** Handles and promises by the number of the step that makes them. */
const at = {}
/** Whose promise that is. */
const kinds = {}
const settle = {}
const keep = (id, by, promise) => ((kinds[id] = by), (at[id] = promise))
const only = (by, ids) => ids.filter((id) => kinds[id] === by).map((id) => at[id])
`

const MESSAGES = `
const { port1, port2 } = new MessageChannel()
const posted = []
port1.onmessage = () => {
  const callback = posted.shift()
  if (posted.length === 0) port1.unref()
  callback()
}
port1.unref()
const post = (callback) => {
  posted.push(callback)
  port1.ref()
  port2.postMessage('next')
}
`

const WORKER = `
const { Worker } = require('node:worker_threads')
const echo = (callback) => {
  const worker = new Worker("const { parentPort: port } = require('worker_threads'); port.once('message', () => port.postMessage(1))", { eval: true })
  worker.once('message', callback).postMessage(1)
}
`

const CLASSES = { native: 'Promise', own: 'own' }

/** The code of each step; `callback` is that of its body. */
const CODE = {
  timeout: ({ id, delay }, callback) => `at[${id}] = setTimeout(${callback}, ${delay})`,
  immediate: ({ id }, callback) => `at[${id}] = setImmediate(${callback})`,
  tick: (_, callback) => `process.nextTick(${callback})`,
  microtask: (_, callback) => `queueMicrotask(${callback})`,
  message: (_, callback) => `post(${callback})`,
  io: ({ source }, callback) =>
    source === 'stat' ? `require('node:fs').stat(__filename, ${callback})` : `echo(${callback})`,
  clear: ({ of, as }) => `at[${of}] && ${as}(at[${of}])`,
  refresh: ({ of }) => `at[${of}]?.refresh()`,
  ref: ({ of }) => `at[${of}]?.ref()`,
  unref: ({ of }) => `at[${of}]?.unref()`,
  busy: ({ ms }) => `busy(${ms})`,
  throw: ({ id }) => `throw new Error('by ${id}')`,
  return: ({ of }) => `return at[${of}]`,
  react: ({ id, of, on, by }, callback) =>
    `keep(${id}, kinds[${of}] ?? '${by}', (at[${of}] ?? ${CLASSES[by]}.resolve()).${on}(${callback}))`,
  await: ({ id, of }, callback) =>
    `keep(${id}, 'native', (async (value) => (await value, (${callback})()))(kinds[${of}] === 'own' ? undefined : at[${of}]))`,
  reject: ({ id, by }) => `keep(${id}, '${by}', ${CLASSES[by]}.reject('reason ${id}'))`,
  deferred: ({ id, by }) =>
    `keep(${id}, '${by}', new ${CLASSES[by]}((resolve, reject) => (settle[${id}] = { resolve, reject })))`,
  settle: ({ of, how, to }) => `settle[${of}]?.${how}(at[${to}] ?? 'value for ${of}')`,
  all: ({ id, of, by }) => `keep(${id}, '${by}', ${CLASSES[by]}.all(only('${by}', [${of}])))`,
  race: ({ id, of, by }) => `keep(${id}, '${by}', ${CLASSES[by]}.race(only('${by}', [${of}])))`,
  sleep: ({ id, delay }, callback) => `keep(${id}, 'native', promises.setTimeout(${delay}).then(${callback}))`,
  yield: ({ id }, callback) => `keep(${id}, 'native', promises.setImmediate().then(${callback}))`,
}

function codeOfInterval({ id, delay, times, body }, indent) {
  return [
    '{',
    `  let left = ${times}`,
    `  const interval = (at[${id}] = setInterval(() => {`,
    `    log('interval ${id}')`,
    '    if (--left <= 0) clearInterval(interval)',
    `    return twice(${id}, ${codeOfBody(body, `${indent}    `)})`,
    `  }, ${delay}))`,
    '}',
  ].join(`\n${indent}`)
}

function codeOfStep(step, indent) {
  if (step.do === 'interval') return codeOfInterval(step, indent)
  const label = `${step.do === 'react' ? step.on : step.do} ${step.id}`
  return CODE[step.do](step, `run('${label}', ${step.id}, ${codeOfBody(step.body, indent)})`)
}

function codeOfBody(body = [], indent) {
  if (body.length === 0) return '() => {}'
  const lines = body.map((step) => `${indent}  ${codeOfStep(step, `${indent}  `)};`)
  return `() => {\n${lines.join('\n')}\n${indent}}`
}

function codeOfChain({ body, chain: { before, after } }) {
  return `let number = 0
setImmediate(function next() {
  if (number++ < ${before + after}) setImmediate(next)
  if (number === ${before + 1}) (${codeOfBody(body, '  ')})()
})`
}

/** The source of a file that plays the program and prints its trace. */
function sourceOf(program) {
  const steps = [...stepsOf(program)]
  const listeners = ['onUncaught', 'onRejection'].map((part) => `twice('${part}', ${codeOfBody(program[part], '  ')})`)
  return [
    HEAD,
    steps.some((step) => step.do === 'message') ? MESSAGES : '',
    steps.some((step) => step.source === 'worker') ? WORKER : '',
    `
const nameOf = (reason) =>
  typeof reason === 'string' ? reason : reason instanceof TypeError ? 'a cycle' : (reason.message ?? 'a promise')
process.on('uncaughtException', (error) => {
  log(\`uncaught \${error.message}\`)
  ${listeners[0]}
})
process.on('unhandledRejection', (reason) => {
  log(\`rejected \${nameOf(reason)}\`)
  ${listeners[1]}
})
process.on('rejectionHandled', () => log('handled'))

`,
    program.chain ? codeOfChain(program) : program.body.map((step) => codeOfStep(step, '')).join('\n'),
    '\n',
  ].join('')
}

/** Two traces in columns; the first line in which they differ is marked. */
function sideBySide(names, traces) {
  const columns = traces.map(labelsOf)
  const length = Math.max(...columns.map((column) => column.length))
  const width = Math.max(...[names, ...columns].flat().map((label) => label.length)) + 2
  let marked = false
  const line = (cells, mark) => `${mark}${cells.map((cell) => (cell ?? '-').padEnd(width)).join('')}`.trimEnd()
  const lines = Array.from({ length }, (_, i) => {
    const cells = columns.map((column) => column[i])
    const differs = !marked && cells.some((cell) => cell !== cells[0])
    marked ||= differs
    return line(cells, differs ? '> ' : '  ')
  })
  return [line(names, '  '), ...lines].join('\n')
}

module.exports = { sideBySide, sourceOf }
