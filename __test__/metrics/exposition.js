'use strict'
// A strict reader of Prometheus' text format, version 0.0.4, written from its specification: it refuses whatever the
// format does not allow, and gives the samples.

const assert = require('node:assert')

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/
const VALUE = /^(NaN|[+-]?Inf|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
/** The ends of names that samples of a type may have. */
const SUFFIXES = { summary: ['', '_sum', '_count'], histogram: ['_bucket', '_sum', '_count'] }

function readLabels(text) {
  const labels = {}
  for (let rest = text; rest !== ''; ) {
    const [whole, name, value] = LABEL.exec(rest) ?? assert.fail(`not a label: ${rest}`)
    assert.ok(!(name in labels), `the label ${name} twice`)
    labels[name] = value.replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one))
    rest = rest.slice(whole.length)
  }
  return labels
}

function readSample(line) {
  const [name] = NAME.exec(line) ?? assert.fail(`not a name: ${line}`)
  const [, inside, value] =
    /^(?:\{(.*)\})? (\S+)$/.exec(line.slice(name.length)) ?? assert.fail(`not a sample: ${line}`)
  assert.match(value, VALUE)
  return { name, labels: readLabels(inside ?? ''), value: Number(value) }
}

/** `# HELP name text` or `# TYPE name type`. */
function readComment(line) {
  const [, what, name, text] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? assert.fail(`not a comment: ${line}`)
  assert.strictEqual(NAME.exec(name)?.[0], name)
  if (what === 'TYPE') assert.ok(TYPES.includes(text), `not a type: ${text}`)
  return { what, name, text }
}

/** The families, by name: each with help, type and samples. Each stands in one piece, and no sample stands twice. */
function readExposition(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends')
  const families = new Map()
  const seen = new Set()
  let family
  for (const line of text.slice(0, -1).split('\n')) {
    if (line.startsWith('#')) {
      const { what, name, text } = readComment(line)
      if (family?.name !== name) {
        assert.ok(!families.has(name), `${name} stands in two places`)
        family = { name, samples: [] }
        families.set(name, family)
      }
      assert.ok(!(what in family) && family.samples.length === 0, `${line}: too late, or twice`)
      family[what] = text
      continue
    }
    const sample = readSample(line)
    const endings = (SUFFIXES[family.TYPE] ?? ['']).map((suffix) => family.name + suffix)
    assert.ok(endings.includes(sample.name), `${sample.name} among ${family.name}`)
    assert.strictEqual('quantile' in sample.labels, family.TYPE === 'summary' && sample.name === family.name, line)
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`
    assert.ok(!seen.has(key), `${key} twice`)
    seen.add(key)
    family.samples.push(sample)
  }
  return families
}

module.exports = { readExposition }
