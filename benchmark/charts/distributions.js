'use strict'
// Distributions of lateness, one small picture a load: how many timers in a hundred have fired by then. What lies left of
// zero fired early.

const { legend, line, picture, polyline, scale, shape, text, ticks } = require('./svg')

const WIDTH = 860
const COLUMNS = 2
const CELL = { width: (WIDTH - 40) / COLUMNS, height: 210 }
const TOP = 96
/** The same for all, in ms, so that they can be compared. What is later is beyond the edge: the table tells its p99. */
const [FROM, TO] = [-1.2, 2]

/** `curves`: one a series, the quantiles 0 to 100 in ms. */
function cell({ name, curves }, left, top) {
  const [start, end] = [left + 44, left + CELL.width - 12]
  const [low, high] = [top + CELL.height - 40, top + 24]
  const x = scale([FROM, TO], [start, end])
  const y = scale([0, 100], [low, high])
  return [
    text(start, top + 14, name),
    shape('rect', { x: start, y: high, width: x(0) - start, height: low - high, class: 'area' }),
    ...[0, 50, 100].map(
      (at) =>
        line(start, y(at), end, y(at), 'grid') +
        text(start - 6, y(at) + 4, `${at} %`, { class: 'small quiet', 'text-anchor': 'end' }),
    ),
    ...ticks(FROM, TO, 6).map((at) =>
      text(x(at), low + 16, `${Number(at.toFixed(2))} ms`, { class: 'small quiet', 'text-anchor': 'middle' }),
    ),
    line(x(0), high, x(0), low, 'even'),
    ...curves.map((quantiles, series) => {
      if (!quantiles) return ''
      const seen = quantiles.slice(0, 100).map((value, percent) => [value, percent])
      const points = seen.filter(([value]) => value >= FROM && value <= TO)
      return polyline(
        points.map(([value, percent]) => [x(value), y(percent)]),
        series,
      )
    }),
  ].join('')
}

function distributions({ title, note, series, cells }) {
  const rows = Math.ceil(cells.length / COLUMNS)
  const drawn = cells.map((one, i) =>
    cell(one, 16 + (i % COLUMNS) * CELL.width, TOP - 20 + Math.floor(i / COLUMNS) * CELL.height),
  )
  return picture({ width: WIDTH, height: TOP + rows * CELL.height - 20, title, note }, [
    legend(16, TOP - 28, series),
    ...drawn,
  ])
}

module.exports = { distributions }
