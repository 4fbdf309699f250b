'use strict'
// From a report of run.js to its charts.

const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { median } = require('../statistics')
const { nameOf } = require('../tools/table')
const { distributions } = require('./distributions')
const { growth } = require('./lines')
const { ratioBars } = require('./ratios')

const SIDES = ['node', 'ours', 'nanotimer']

const noteOf = ({ machine, runs }) =>
  `Node ${machine.node}, commit ${machine.commit}, ${machine.processors}, ${machine.platform}; medians of ${runs} runs`

/** The shapes that have a picture of their own for each question. */
const DRAW = {
  scaling({ title, unit, axis, cases }, report) {
    const names = [...new Set(cases.map(({ line }) => line))]
    const lines = names.flatMap((name, i) =>
      ['node', 'ours'].map((side, series) => ({
        name: `${nameOf(side)}, ${name}`,
        series,
        dashed: i > 0,
        points: cases.filter(({ line }) => line === name).map(({ x, sides }) => ({ x, ...sides[side] })),
      })),
    )
    return growth({ title, note: noteOf(report), unit, axis, series: ['node', 'ours'].map(nameOf), lines })
  },

  lateness({ title, cases }, report) {
    const curve = (runs) => runs?.[0].quantiles.map((_, i) => median(runs.map(({ quantiles }) => quantiles[i])) / 1e3)
    const cells = cases.map(({ name, runs }) => ({ name, curves: SIDES.map((side) => curve(runs[side])) }))
    return distributions({
      title: `${title}: how many in a hundred have fired by then (shaded: early)`,
      note: noteOf(report),
      series: SIDES.map(nameOf),
      cells,
    })
  },
}

/** All cases that have a ratio to Node's, as one picture for all `reports`, one for each version of Node. */
function summary(reports) {
  const labels = new Map()
  for (const [i, { questions }] of reports.entries()) {
    for (const { shape, cases } of questions) {
      if (shape === 'scaling' || shape === 'lateness') continue
      for (const { name, ratios } of cases) {
        if (!ratios.node) continue
        if (!labels.has(name)) labels.set(name, { label: name, ratios: reports.map(() => undefined) })
        labels.get(name).ratios[i] = ratios.node
      }
    }
  }
  return ratioBars({
    title: "What ours takes, if Node's takes 1 (shorter is better)",
    note: `${noteOf(reports[0])}; the thin lines are 95 % intervals`.replace(/^Node \S+ /, ''),
    series: reports.map(({ machine }) => `Node ${machine.node}`),
    rows: [...labels.values()],
  })
}

/** Writes the charts of one report, and tells their names. */
function writeCharts(folder, stem, report) {
  const pictures = report.questions
    .filter(({ shape }) => shape in DRAW)
    .map((question) => [`${stem}-${question.name}.svg`, DRAW[question.shape](question, report)])
  if (report.questions.some(({ shape }) => shape === 'ratios')) pictures.push([`${stem}-ratios.svg`, summary([report])])
  for (const [name, picture] of pictures) writeFileSync(join(folder, name), picture)
  return pictures.map(([name]) => name)
}

module.exports = { summary, writeCharts }
