'use strict'
// Lines over a logarithmic axis: how a cost grows with a load.

const { legend, line, picture, polyline, scale, shape, text, ticks } = require('./svg')

const WIDTH = 860
const HEIGHT = 420
const [LEFT, RIGHT, TOP, BOTTOM] = [60, WIDTH - 160, 84, HEIGHT - 50]

/** Beside a value: the runs' quarters, as a bar. */
const whisker = (x, y, [low, high], series) => line(x, y(low), x, y(high), `s${series}`)

/** Where the names of lines are written that end at these heights: beside their ends, but not on each other. */
function namePlaces(ends) {
  const places = new Map()
  let free = -Infinity
  for (const i of [...ends.keys()].sort((a, b) => ends[a] - ends[b])) {
    places.set(i, Math.max(ends[i], free))
    free = places.get(i) + 14
  }
  return ends.map((_, i) => places.get(i))
}

/** `lines`: { name, series, dashed, points: [{ x, median, spread }] }. */
function growth({ title, note, unit, axis, series, lines }) {
  const points = lines.flatMap((one) => one.points)
  const xs = [...new Set(points.map((point) => point.x))]
  const most = Math.max(...points.map(({ spread }) => spread[1])) * 1.05
  const x = scale([Math.min(...xs), Math.max(...xs)], [LEFT + 20, RIGHT - 20], true)
  const y = scale([0, most], [BOTTOM, TOP])
  const across = ticks(0, most, 6).map(
    (at) =>
      line(LEFT, y(at), RIGHT, y(at), 'grid') +
      text(LEFT - 8, y(at) + 4, at, { class: 'small quiet', 'text-anchor': 'end' }),
  )
  const along = xs.map((at) =>
    text(x(at), BOTTOM + 18, at.toLocaleString('en'), { class: 'small quiet', 'text-anchor': 'middle' }),
  )
  const places = namePlaces(lines.map((one) => y(one.points.at(-1).median)))
  const drawn = lines.map(({ name, series: which, dashed, points }, i) => {
    const corners = points.map((point) => [x(point.x), y(point.median)])
    return [
      polyline(corners, which, dashed ? { 'stroke-dasharray': '6 4' } : {}),
      ...points.map((point) => whisker(x(point.x), y, point.spread, which)),
      ...corners.map(([cx, cy]) => shape('circle', { cx, cy, r: 3.5, class: `f${which}` })),
      text(RIGHT + 6, places[i] + 4, name, { class: 'small' }),
    ].join('')
  })
  return picture({ width: WIDTH, height: HEIGHT, title, note }, [
    legend(LEFT, TOP - 18, series),
    text(LEFT - 44, TOP - 18, unit, { class: 'small quiet' }),
    ...across,
    ...along,
    text((LEFT + RIGHT) / 2, HEIGHT - 12, axis, { class: 'small quiet', 'text-anchor': 'middle' }),
    ...drawn,
  ])
}

module.exports = { growth }
