'use strict'
// Distributions of lateness, one small picture a load: how many timers in a hundred have fired by then. What lies left of
// zero fired early.

const { legend, line, picture, polyline, scale, shape, text, ticks } = require('./svg')

const WIDTH = 860
const COLUMNS = 2
const CELL = { width: (WIDTH - 40) / COLUMNS, height: 210 }
const TOP = 96
const SHOWN = 98

/** `curves`: one a series, the quantiles 0 to 100 in ms. The last percents are beyond the edge. */
function cell({ name, curves }, left, top) {
  const [start, end] = [left + 44, left + CELL.width - 12]
  const [low, high] = [top + CELL.height - 40, top + 24]
  const shown = curves.filter(Boolean).flatMap((quantiles) => [quantiles[0], quantiles[SHOWN]])
  const from = Math.min(-0.2, ...shown)
  const to = Math.max(1, ...shown)
  const x = scale([from, to], [start, end])
  const y = scale([0, 100], [low, high])
  return [
    text(start, top + 14, name),
    shape('rect', { x: start, y: high, width: x(0) - start, height: low - high, class: 'area' }),
    ...[0, 50, 100].map(
      (at) =>
        line(start, y(at), end, y(at), 'grid') +
        text(start - 6, y(at) + 4, `${at} %`, { class: 'small quiet', 'text-anchor': 'end' }),
    ),
    ...ticks(from, to, 5).map((at) =>
      text(x(at), low + 16, `${Number(at.toFixed(2))} ms`, { class: 'small quiet', 'text-anchor': 'middle' }),
    ),
    line(x(0), high, x(0), low, 'even'),
    ...curves.map((quantiles, series) => {
      if (!quantiles) return ''
      const points = quantiles.slice(0, 100).map((value, percent) => [x(Math.min(value, to)), y(percent)])
      return polyline(points, series)
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
