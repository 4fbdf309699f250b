'use strict'
// `npm run bench:readme`: puts the figures of benchmark/results into the README and the page on metrics, between two marks,
// and draws the chart that the README shows. They are those of the last whole `npm run bench` on each version of Node.

const { readFileSync, readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { summary } = require('./charts/write')
const { root } = require('./sides')
const { digits } = require('./tools/table')
const { devDependencies } = require('../package.json')

const README = join(root, 'README.md')
const METRICS = join(root, 'docs', 'loop-objects', 'metrics.md')
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

/** The cases of some questions: the name of each in a table, and what each report has of it. */
const casesOf = (shapes) =>
  reports[0].questions
    .filter(({ shape }) => shapes.includes(shape))
    .flatMap((question) => {
      const questions = inAll(
        reports.map((report) => report.questions),
        question.name,
      )
      const cases = questions.map((one) => one.cases)
      return question.cases.map(({ name, unit, sides }) => ({
        sides: Object.keys(sides),
        title: question.shape === 'lateness' || unit === 'ns' ? name : `${name} (${unit})`,
        found: inAll(cases, name),
      }))
    })
    .filter(({ sides }) => sides.includes('ours'))

/** Behind some leading cells, each row has cells for each version of Node. */
const tableOf = (leading, heading, rows) =>
  markdown([[...leading, ...reports.flatMap((report) => heading(`Node ${majorOf(report)}`))], ...rows])

const speed = () =>
  tableOf(
    [''],
    (node) => [`${node}: Node's`, 'ours', 'ratio', 'processor'],
    casesOf(['ratios', 'figures']).map(({ title, found }) => [
      title,
      ...found.flatMap(({ sides, ratios }) => [
        sides.node ? digits(sides.node.median) : '–',
        digits(sides.ours.median),
        ratios.node ? ratios.node.ratio.toFixed(2) : '–',
        sides.node?.cpu ? (sides.ours.cpu / sides.node.cpu).toFixed(2) : '–',
      ]),
    ]),
  )

/** Packages that do the same work. */
const peers = () =>
  tableOf(
    ['', 'package'],
    (node) => [`${node}: theirs`, 'ours', 'ratio'],
    casesOf(['ratios', 'figures']).flatMap(({ title, sides, found }) =>
      sides
        .filter((side) => side !== 'node' && side !== 'ours')
        .map((peer) => [
          title,
          peer.replace(/^\S+/, (name) => `${name} ${devDependencies[name]}`),
          ...found.flatMap(({ sides, ratios }) => [
            digits(sides[peer].median),
            digits(sides.ours.median),
            ratios[peer].ratio.toFixed(2),
          ]),
        ]),
    ),
  )

const lateness = () =>
  tableOf(
    [''],
    (node) => [`${node}: Node's`, 'p99', 'early', 'ours', 'p99', 'early'],
    casesOf(['lateness']).map(({ title, found }) => [
      title,
      ...found.flatMap(({ sides }) =>
        [sides.node, sides.ours].flatMap(({ median, p99, early }) => [
          digits(median),
          digits(p99),
          `${(early * 100).toFixed(0)} %`,
        ]),
      ),
    ]),
  )

/** What a loop object costs that measures, beside one that does not. */
const metrics = () =>
  tableOf(
    [''],
    (node) => [`${node}: ns without`, 'with metrics', '`every: 1`'],
    casesOf(['metrics']).map(({ title, found }) => [
      title,
      ...found.flatMap(({ sides, ratios }) => {
        const { ratio, interval } = ratios['without metrics']
        const without = sides['without metrics'].median
        return [
          digits(without),
          `${ratio.toFixed(2)} (${interval.map((end) => end.toFixed(2)).join('–')})`,
          (sides['each timed'].median / without).toFixed(2),
        ]
      }),
    ]),
  )

/** Where the figures are from. All of them are of one commit. */
function origin() {
  const { machine, runs } = reports[0]
  const other = reports.find((report) => report.machine.commit !== machine.commit || report.runs !== runs)
  if (other) throw new Error(`Node ${other.machine.node} was measured at another commit, or in other numbers of runs`)
  const versions = reports.map((report) => report.machine.node.slice(1)).join(' and ')
  const loads = reports.map((report) => report.machine.load.toFixed(1)).join(' and ')
  return `Commit ${machine.commit} on Node ${versions}: ${machine.processors}, ${machine.platform}, medians of ${runs} runs in
processes of their own. The load average was ${loads} when they began.`
}

const text = () => `![What ours takes, if Node's takes 1](benchmark/results/summary.svg)

${speed()}

In ns where nothing else is said; _processor_ is the ratio of the processor time of the whole processes. Of what is set and fired,
the delay is a part: of 1,000 at once 1,000 ns each, of 100,000 it is 10. A worker tells the main thread by a doorbell, and on
Node's side by a message. A ratio of requests a second is turned, so that less is better there, too.

Beside packages that one might take instead:

${peers()}

How late a timer fires, in µs, the median and the 99th of a hundred, and how many fire early:

${lateness()}

${origin()}`

/** Puts a text between the marks of a page. */
function put(page, generated) {
  const before = readFileSync(page, 'utf8')
  const [start, end] = MARKS.map((mark) => before.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`${page} has no ${MARKS.join(' ... ')}`)
  writeFileSync(page, `${before.slice(0, start)}${MARKS[0]}\n\n${generated}\n\n${before.slice(end)}`)
}

writeFileSync(join(RESULTS, 'summary.svg'), summary(reports))
put(README, text())
put(METRICS, `${metrics()}\n\n${origin()}`)
