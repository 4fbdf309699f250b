'use strict'
// `npm run bench:readme`: puts the figures of benchmark/results into the README, between two marks, and draws the chart
// that it shows. The figures are those of the last whole `npm run bench` on each version of Node.

const { readFileSync, readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { summary } = require('./charts/write')
const { root } = require('./sides')
const { digits } = require('./tools/table')

const README = join(root, 'README.md')
const RESULTS = join(__dirname, 'results')
const MARKS = ['<!-- figures: npm run bench:readme -->', '<!-- /figures -->']

const majorOf = ({ machine }) => Number(machine.node.match(/\d+/)[0])

const reports = readdirSync(RESULTS)
  .filter((file) => /^node-\d+\.json$/.test(file))
  .map((file) => JSON.parse(readFileSync(join(RESULTS, file), 'utf8')))
  .sort((a, b) => majorOf(a) - majorOf(b))

/** A Markdown table with columns of even width; all but the first are figures. */
function markdown(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const lined = ([first, ...rest]) =>
    `| ${[first.padEnd(widths[0]), ...rest.map((cell, i) => cell.padStart(widths[i + 1]))].join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [lined(rows[0]), rule, ...rows.slice(1).map(lined)].join('\n')
}

/** The same question or case in each report: all of them ask the same, in the same order. */
const inAll = (list, name) => list.map((named) => named.find((one) => one.name === name))

function tableOf(shapes, heading, cellsOf) {
  const rows = reports[0].questions
    .filter(({ shape }) => shapes.includes(shape))
    .flatMap((question) => {
      const cases = inAll(
        reports.map(({ questions }) => questions),
        question.name,
      ).map((one) => one.cases)
      return question.cases
        .filter(({ sides }) => sides.ours)
        .map(({ name, unit }) => [
          question.shape === 'lateness' || unit === 'ns' ? name : `${name} (${unit})`,
          ...inAll(cases, name).flatMap(cellsOf),
        ])
    })
  return markdown([['', ...reports.flatMap((report) => heading(`Node ${majorOf(report)}`))], ...rows])
}

const speed = () =>
  tableOf(
    ['ratios', 'figures'],
    (node) => [`${node}: theirs`, 'ours', 'ratio', 'processor'],
    ({ sides, ratios }) => [
      sides.node ? digits(sides.node.median) : '–',
      digits(sides.ours.median),
      ratios.node ? ratios.node.ratio.toFixed(2) : '–',
      sides.node?.cpu ? (sides.ours.cpu / sides.node.cpu).toFixed(2) : '–',
    ],
  )

const lateness = () =>
  tableOf(
    ['lateness'],
    (node) => [`${node}: theirs`, 'early', 'ours', 'early'],
    ({ sides }) =>
      [sides.node, sides.ours].flatMap(({ median, early }) => [digits(median), `${(early * 100).toFixed(0)} %`]),
  )

function text() {
  const { machine, runs } = reports[0]
  const versions = reports.map((report) => report.machine.node.slice(1)).join(' and ')
  return `![What ours takes, if Node's takes 1](benchmark/results/summary.svg)

${speed()}

In ns where nothing else is said; _processor_ is the ratio of the processor time of the whole processes.

How late a timer fires, in µs, the median, and how many fire early:

${lateness()}

Commit ${machine.commit} on Node ${versions}: ${machine.processors}, ${machine.platform}, medians of ${runs} runs in
processes of their own. The load average was ${reports.map((report) => report.machine.load.toFixed(1)).join(' and ')} when they began.`
}

function main() {
  writeFileSync(join(RESULTS, 'summary.svg'), summary(reports))
  const readme = readFileSync(README, 'utf8')
  const [start, end] = MARKS.map((mark) => readme.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`README.md has no ${MARKS.join(' ... ')}`)
  writeFileSync(README, `${readme.slice(0, start)}${MARKS[0]}\n\n${text()}\n\n${readme.slice(end)}`)
}

main()
