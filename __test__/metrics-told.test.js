'use strict'
// How metrics are told: as text for Prometheus, and on channels of node:diagnostics_channel.

const { test } = require('node:test')
const assert = require('node:assert')
const diagnostics = require('node:diagnostics_channel')
const parsePrometheus = require('parse-prometheus-text-format')
const { EventLoop, defaultLoop } = require('..')
const { readExposition } = require('./metrics/exposition')
const { after, nothing, turn } = require('./metrics/loops')

/** The value of one sample. */
function valueOf(families, name, labels) {
  const family =
    families.get(`rs_eventloop_${name.replace(/_(sum|count)$/, '')}`) ?? families.get(`rs_eventloop_${name}`)
  const matches = (sample) =>
    sample.name === `rs_eventloop_${name}` && JSON.stringify(sample.labels) === JSON.stringify(labels)
  const [sample, ...more] = family.samples.filter(matches)
  assert.strictEqual(more.length, 0)
  return sample?.value
}

test('the text for Prometheus says what the metrics say, in seconds', async () => {
  const name = 'quo"te, back\\slash\nand line'
  const loop = new EventLoop({ name, metrics: true })
  const idle = new EventLoop({ name: 'idle', metrics: true })
  loop.setTimeout(nothing, 1)
  loop.setImmediate(nothing)
  loop.clearTimeout(loop.setTimeout(nothing, 1e6))
  while (loop.metrics().kinds.timeout.active > 0) await turn()
  const metrics = loop.metrics()
  // So that none is taken for another.
  Object.assign(metrics.waiting, { p50: 1, p90: 2, p95: 3, p99: 4, p99_9: 5 })
  const families = readExposition(metrics.prometheus(idle.metrics()))
  for (const [kind, counters] of Object.entries(metrics.kinds)) {
    const labels = { loop: name, kind }
    assert.strictEqual(valueOf(families, 'active', labels), counters.active)
    assert.strictEqual(valueOf(families, 'active_max', labels), counters.activeMax)
    assert.strictEqual(valueOf(families, 'active_average', labels), counters.activeAverage)
    assert.strictEqual(valueOf(families, 'set_total', labels), counters.set)
    assert.strictEqual(valueOf(families, 'fired_total', labels), counters.fired)
    assert.strictEqual(valueOf(families, 'cleared_total', labels), counters.cleared)
    assert.strictEqual(valueOf(families, 'set_total', { loop: 'idle', kind }), 0)
  }
  const durations = { lateness: metrics.lateness, waiting: metrics.waiting, run_time: metrics.runTime }
  const quantiles = { 0.5: 'p50', 0.9: 'p90', 0.95: 'p95', 0.99: 'p99', 0.999: 'p99_9' }
  for (const [field, told] of Object.entries(durations)) {
    assert.ok(told.count > 0)
    assert.strictEqual(valueOf(families, `${field}_seconds_count`, { loop: name }), told.count)
    assert.strictEqual(valueOf(families, `${field}_seconds_sum`, { loop: name }), told.sum / 1000)
    assert.strictEqual(valueOf(families, `${field}_min_seconds`, { loop: name }), told.min / 1000)
    assert.strictEqual(valueOf(families, `${field}_max_seconds`, { loop: name }), told.max / 1000)
    for (const [quantile, key] of Object.entries(quantiles)) {
      assert.strictEqual(valueOf(families, `${field}_seconds`, { loop: name, quantile }), told[key] / 1000)
      assert.deepStrictEqual(valueOf(families, `${field}_seconds`, { loop: 'idle', quantile }), Number.NaN)
    }
  }
  const { callbacks, errors, turns, wakes, fds, promises } = metrics
  assert.strictEqual(valueOf(families, 'callbacks_per_second', { loop: name }), callbacks.perSecond)
  assert.strictEqual(valueOf(families, 'callbacks_per_second_peak', { loop: name }), callbacks.peakPerSecond)
  assert.strictEqual(valueOf(families, 'errors_total', { loop: name }), errors)
  assert.strictEqual(valueOf(families, 'turns_total', { loop: name }), turns)
  assert.strictEqual(valueOf(families, 'wakes_total', { loop: name }), wakes)
  assert.strictEqual(valueOf(families, 'fds', { loop: name }), fds)
  assert.strictEqual(valueOf(families, 'promises', { loop: name }), promises)
  assert.strictEqual(families.size, 6 + 7 + 3 * 3, 'no family but these')
  for (const [name, { TYPE, HELP }] of families) {
    assert.strictEqual(name.endsWith('_total'), TYPE === 'counter', name)
    assert.match(HELP, /\.$/)
  }
})

test('a parser of others reads the same', () => {
  const loop = new EventLoop({ name: 'quo"te, back\\slash\nand line', metrics: true })
  loop.setImmediate(nothing)
  loop.setTimeout(nothing, 1e6)
  const text = loop.metrics().prometheus(defaultLoop.metrics())
  loop.close()
  const theirs = parsePrometheus(text)
  const families = [...readExposition(text)]
  assert.deepStrictEqual(
    theirs.map(({ name, type, help }) => [name, type.toLowerCase(), help]),
    families.map(([name, { TYPE, HELP }]) => [name, TYPE, HELP]),
  )
  // It keeps no labels of summaries.
  const flat = families.filter(([, { TYPE }]) => TYPE !== 'summary')
  assert.deepStrictEqual(
    theirs
      .filter(({ type }) => type !== 'SUMMARY')
      .map(({ metrics }) => metrics.map(({ labels, value }) => [labels, Number(value)])),
    flat.map(([, { samples }]) => samples.map(({ labels, value }) => [labels, value])),
  )
})

test('the reader of the tests refuses what the format does not allow', () => {
  const wrong = {
    'no end': '# TYPE a gauge\na 1',
    'a comma too many': '# TYPE a gauge\na{b="1",,c="2"} 1\n',
    'an unescaped quote': '# TYPE a gauge\na{b="1"2"} 1\n',
    'a bad escape': '# TYPE a gauge\na{b="\\t"} 1\n',
    'a word for a value': '# TYPE a gauge\na{b="1"} undefined\n',
    'a wrong type': '# TYPE a number\na 1\n',
    'two places': '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na 2\n',
    'the same twice': '# TYPE a gauge\na 1\na 2\n',
    'another family': '# TYPE a gauge\nb 1\n',
    'a quantile of a gauge': '# TYPE a gauge\na{quantile="0.5"} 1\n',
  }
  for (const [what, text] of Object.entries(wrong))
    assert.throws(() => readExposition(text), assert.AssertionError, what)
  const { samples } = readExposition('# TYPE a gauge\na{b="x\\n\\\\\\"",c=""} NaN\n').get('a')
  assert.deepStrictEqual(samples, [{ name: 'a', labels: { b: 'x\n\\"', c: '' }, value: Number.NaN }])
})

/** Collects what is told of `loop` while `run` runs, as [channel, message]. */
async function toldOf(run, names = ['created', 'shutdown', 'closed', 'error', 'late']) {
  const told = []
  const subscribed = names.map((name) => {
    const listener = (message) => told.push([name, message])
    diagnostics.subscribe(`rs-eventloop:${name}`, listener)
    return () => diagnostics.unsubscribe(`rs-eventloop:${name}`, listener)
  })
  await run()
  for (const unsubscribe of subscribed) unsubscribe()
  return told
}

test('the life of a loop object is told', async () => {
  let loop
  const told = await toldOf(async () => {
    loop = new EventLoop()
    loop.setImmediate(nothing)
    await loop.shutdown({ timeout: 100 })
    loop.close()
  })
  assert.deepStrictEqual(told, [
    ['created', { loop }],
    ['shutdown', { loop, options: { timers: 'drop', timeout: 100, signal: undefined } }],
    ['closed', { loop }],
  ])
})

test('errors are told, with or without onError and metrics', async () => {
  const thrown = new Error('of the callback')
  const rejected = new Error('of the promise')
  for (const metrics of [false, true]) {
    let handles
    let loop
    const told = await toldOf(async () => {
      loop = new EventLoop({ metrics, onError: nothing })
      const fail = () => {
        throw thrown
      }
      const reject = async () => {
        throw rejected
      }
      handles = [loop.setImmediate(fail), loop.setImmediate(reject)]
      await turn()
    }, ['error'])
    assert.deepStrictEqual(told, [
      ['error', { loop, handle: handles[0], error: thrown }],
      ['error', { loop, handle: handles[1], error: rejected }],
    ])
  }
})

test('a timer that is later than lateAfter is told, once it has run', async () => {
  let strict
  let late
  const told = await toldOf(async () => {
    strict = new EventLoop({ metrics: { lateAfter: 10 } })
    const lenient = new EventLoop({ metrics: { lateAfter: 1e6 } })
    const silent = new EventLoop({ metrics: true })
    const trace = []
    const onLate = () => trace.push('told')
    diagnostics.subscribe('rs-eventloop:late', onLate)
    for (const loop of [lenient, silent]) loop.setTimeout(nothing, 1)
    late = strict.setTimeout(() => trace.push('ran'), 1)
    const end = performance.now() + 12
    while (performance.now() < end);
    while (strict.metrics().kinds.timeout.active > 0) await turn()
    strict.setImmediate(() => trace.push('ran another'))
    await turn()
    diagnostics.unsubscribe('rs-eventloop:late', onLate)
    assert.deepStrictEqual(trace, ['ran', 'told', 'ran another'])
    for (const loop of [lenient, silent]) assert.ok(loop.metrics().lateness.max > 10)
  }, ['late'])
  assert.deepStrictEqual(told, [['late', { loop: strict, handle: late, lateness: strict.metrics().lateness.max }]])
  assert.ok(told[0][1].lateness > 10)
})

test('a subscriber may close the loop object it is told of', async () => {
  const ran = []
  const closing = ({ loop }) => loop.close()
  diagnostics.subscribe('rs-eventloop:late', closing)
  const loop = new EventLoop({ metrics: { lateAfter: 0 } })
  loop.setTimeout(() => ran.push('first'), 1)
  loop.setTimeout(() => ran.push('second'), 1)
  while (loop.state !== 'terminated') await after(1)
  await after(3)
  diagnostics.unsubscribe('rs-eventloop:late', closing)
  assert.deepStrictEqual(ran, ['first'])
  const { set, fired, cleared } = loop.metrics().kinds.timeout
  assert.deepStrictEqual([set, fired, cleared], [2, 1, 1])
})

test('what is told together must be metrics', () => {
  const metrics = new EventLoop({ metrics: true }).metrics()
  const wrong = (name) => ({ code: 'ERR_INVALID_ARG_TYPE', message: new RegExp(`"${name}" property must be of type`) })
  assert.throws(() => metrics.prometheus(metrics, null), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => metrics.prometheus({}), { code: 'ERR_INVALID_ARG_TYPE' })
  assert.throws(() => metrics.prometheus({ ...metrics, lateness: 1 }), wrong('others\\[0\\].lateness'))
  assert.throws(() => metrics.prometheus({ ...metrics, kinds: { task: 1 } }), wrong('others\\[0\\].kinds.task'))
  assert.throws(() => Reflect.apply(metrics.prometheus, {}, []), wrong('this.loop'))
  // Those of another thread have come as plain objects.
  assert.strictEqual(metrics.prometheus(structuredClone({ ...metrics })).includes('TYPE'), true)
})
