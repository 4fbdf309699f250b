'use strict'
// The tools of the benchmarks: what they call a difference, whether every question is asked, and what the charts are.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { writeCharts } = require('../benchmark/charts/write')
const { median, percentile, probabilityOfChance, ratioInterval } = require('../benchmark/statistics')
const { questions } = require('../benchmark/tools/questions')
const { summarize } = require('../benchmark/tools/summary')

const BENCHMARK = join(__dirname, '..', 'benchmark')

/** Thirty values about `middle`, each up to 2 % off, and none equal to another. */
const around = (middle) => Array.from({ length: 30 }, (_, i) => middle * (0.98 + ((i * 7) % 30) / 750))

test('the test of significance knows a difference of a tenth from none', () => {
  assert.ok(probabilityOfChance(around(110), around(100)) < 1e-6)
  assert.ok(probabilityOfChance(around(100), around(110)) > 0.999)
  assert.ok(probabilityOfChance(around(100), around(100)) > 0.4)
})

test('the test of significance has the values of the tables', () => {
  // All of seven above all of seven: U = 49, mean 24.5, deviation 7.826, with the correction for continuity z = 3.067.
  assert.equal(probabilityOfChance([8, 9, 10, 11, 12, 13, 14], [1, 2, 3, 4, 5, 6, 7]).toFixed(5), '0.00108')
})

test('the interval of a ratio has the ratio in it, and is as wide as the runs are apart', () => {
  const [low, high] = ratioInterval(around(50), around(100))
  assert.ok(low <= 0.5 && 0.5 <= high, `${low} to ${high}`)
  assert.ok(low > 0.48 && high < 0.52, `${low} to ${high}`)
  assert.deepEqual(ratioInterval([3, 3, 3], [2, 2, 2]), [1.5, 1.5])
})

test('percentiles are values that were measured', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(percentile([4, 1, 3, 2], 100), 4)
  assert.equal(percentile([4, 1, 3, 2], 0), 1)
})

test('every file of questions is asked, and each case says how it is measured', () => {
  const files = readdirSync(join(BENCHMARK, 'questions')).map((file) => file.replace(/\.js$/, ''))
  const asked = questions({})
  assert.deepEqual(asked.map(({ name }) => name).toSorted(), files.toSorted())
  for (const { name, cases } of asked) {
    assert.ok(cases.length > 0, name)
    for (const one of cases) {
      assert.ok((one.run && one.count > 0) || one.measure, one.name)
      assert.ok(one.sides.includes('ours'), one.name)
    }
  }
})

test('goals are judged by the ratio of the medians, turned where more is better', () => {
  const runs = (...values) => values.map((value) => ({ value }))
  const judge = (one, ours, node, question = {}) =>
    summarize(question, one, { node: runs(node, node), ours: runs(ours, ours) }).verdict
  const goals = { must: 0.8, aim: 0.5 }
  assert.equal(judge(goals, 40, 100), 'aim reached')
  assert.equal(judge(goals, 70, 100), 'reached')
  assert.equal(judge(goals, 90, 100), 'MISSED')
  assert.equal(judge(goals, 100, 70, { moreIsBetter: true }), 'reached')
  assert.equal(judge(goals, 70, 100, { moreIsBetter: true }), 'MISSED')
})

test('a case is measured in a process of its own', () => {
  const task = { question: 'microtasks', index: 0, side: 'ours', quick: true, samples: 1, ms: 50 }
  const args = ['--expose-gc', join(BENCHMARK, 'tools', 'child.js'), JSON.stringify(task)]
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  assert.ok(result.value > 0 && result.cpu > 0)
  assert.ok(result.samples.length >= 1)
})

test('the charts are pictures for light and for dark pages, with every case in them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-charts-'))
  try {
    const values = (...all) => all.map((value) => ({ value, quantiles: new Array(102).fill(value) }))
    const asked = questions({}).map((question) => ({
      ...question,
      cases: question.cases.map((one) => {
        const runs = Object.fromEntries(one.sides.map((side, i) => [side, values(10 + i, 11 + i, 12 + i)]))
        return { ...one, ...summarize(question, one, runs), runs }
      }),
    }))
    const machine = { node: 'v20.0.0', commit: 'abc', processors: '1', platform: 'x' }
    const written = writeCharts(folder, 'node-20', { machine, runs: 3, questions: asked })
    assert.deepEqual(written.toSorted(), ['node-20-lateness.svg', 'node-20-many-pending.svg', 'node-20-ratios.svg'])
    const pictures = written.map((name) => readFileSync(join(folder, name), 'utf8'))
    for (const picture of pictures) {
      assert.match(picture, /^<svg [^>]*viewBox="0 0 \d+ \d+"[^>]*>.*<\/svg>\n$/s)
      assert.match(picture, /prefers-color-scheme:dark/)
      assert.doesNotMatch(picture, /NaN|undefined|Infinity/)
    }
    const all = pictures.join('')
    for (const { shape, cases } of asked) {
      for (const { name, line, ratios } of cases) {
        if (shape === 'scaling') assert.ok(all.includes(line), line)
        else if (ratios.node || shape === 'lateness') {
          assert.ok(all.includes(name.replaceAll('<', '&lt;')), name)
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
