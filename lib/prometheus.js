'use strict'
// Metrics of loop objects in Prometheus' text format, version 0.0.4. In its base units: durations in seconds.

const { validateObject, validateType } = require('./errors')

const MS_PER_SECOND = 1000

/** Of each kind: name, type, help, and what of its counters. */
const OF_KINDS = [
  ['active', 'gauge', 'What waits or may run again now.', 'active'],
  ['active_max', 'gauge', 'The most that was ever active at once.', 'activeMax'],
  ['active_average', 'gauge', 'What turns found active, a moving average.', 'activeAverage'],
  ['set_total', 'counter', 'What was set.', 'set'],
  ['fired_total', 'counter', 'How often callbacks were called.', 'fired'],
  ['cleared_total', 'counter', 'What was ended before it ran, or as it would have gone on.', 'cleared'],
]

/** Of a loop object: name, type, help, and what of its metrics. */
const OF_LOOPS = [
  ['callbacks_per_second', 'gauge', 'Callbacks per second, of the last ten seconds.', (of) => of.callbacks.perSecond],
  ['callbacks_per_second_peak', 'gauge', 'Callbacks in the best second.', (of) => of.callbacks.peakPerSecond],
  ['errors_total', 'counter', 'Callbacks that failed.', (of) => of.errors],
  ['turns_total', 'counter', 'Turns in which callbacks were called.', (of) => of.turns],
  ['wakes_total', 'counter', 'How often the process was woken for any loop object.', (of) => of.wakes],
  ['fds', 'gauge', 'File descriptors that are watched.', (of) => of.fds],
  ['promises', 'gauge', 'Promises that are pending.', (of) => of.promises],
]

const OF_DURATIONS = [
  ['lateness', 'From the deadline of a timer to its callback.', 'lateness'],
  ['waiting', 'From the call that set something without a deadline to its callback.', 'waiting'],
  ['run_time', 'How long callbacks ran.', 'runTime'],
]

const QUANTILES = [
  ['0.5', 'p50'],
  ['0.9', 'p90'],
  ['0.95', 'p95'],
  ['0.99', 'p99'],
  ['0.999', 'p99_9'],
]

/** What of metrics are objects. */
const PARTS = ['kinds', 'callbacks', 'lateness', 'waiting', 'runTime']

/** Metrics may come from other threads, so anything that has their parts will do. */
function validateMetrics(value, name) {
  validateObject(value, name)
  validateType(value.loop, `${name}.loop`, 'string')
  for (const part of PARTS) validateObject(value[part], `${name}.${part}`)
  for (const [kind, counters] of Object.entries(value.kinds)) validateObject(counters, `${name}.kinds.${kind}`)
}

/** As text, of `own` metrics and others. */
function prometheus(own, others) {
  validateMetrics(own, 'this')
  others.forEach((other, i) => void validateMetrics(other, `others[${i}]`))
  const all = [own, ...others]
  const lines = []
  const family = (name, type, help, samples) => {
    const full = `rs_eventloop_${name}`
    lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`)
    for (const [suffix, labels, value] of samples) lines.push(`${full}${suffix}{${labelled(labels)}} ${shown(value)}`)
  }
  for (const [name, type, help, field] of OF_KINDS) {
    const ofOne = (of) =>
      Object.entries(of.kinds).map(([kind, counters]) => ['', { loop: of.loop, kind }, counters[field]])
    family(name, type, help, all.flatMap(ofOne))
  }
  for (const [name, type, help, read] of OF_LOOPS) {
    family(
      name,
      type,
      help,
      all.map((of) => ['', { loop: of.loop }, read(of)]),
    )
  }
  for (const [name, help, field] of OF_DURATIONS) {
    family(
      `${name}_seconds`,
      'summary',
      help,
      all.flatMap((of) => summarySamples(of.loop, of[field])),
    )
    for (const [extreme, words] of [
      ['min', 'The least'],
      ['max', 'The most'],
    ]) {
      const samples = all.map((of) => ['', { loop: of.loop }, inSeconds(of[field][extreme])])
      family(`${name}_${extreme}_seconds`, 'gauge', `${words}: ${help}`, samples)
    }
  }
  return `${lines.join('\n')}\n`
}

function summarySamples(loop, durations) {
  return [
    ...QUANTILES.map(([quantile, field]) => ['', { loop, quantile }, inSeconds(durations[field])]),
    ['_sum', { loop }, inSeconds(durations.sum)],
    ['_count', { loop }, durations.count],
  ]
}

/** What there is none of is not a number. */
const inSeconds = (ms) => (ms === undefined ? Number.NaN : ms / MS_PER_SECOND)

const shown = (value) => (Number.isNaN(value) ? 'NaN' : String(value))

function labelled(labels) {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')
}

function escaped(value) {
  return value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))
}

module.exports = { prometheus }
