'use strict'
// Bars: how long ours takes, if Node's takes 1, with the interval that the ratio lies in.

const { legend, line, picture, scale, shape, text, ticks } = require('./svg')

const WIDTH = 860
const LABELS = 320
const RIGHT = 90
const TOP = 80
const BAR = 14

/** `rows`: { label, ratios: one a series: { ratio, interval } or nothing }. A bar that is too long ends at the edge. */
function ratioBars({ title, note, series, rows, most = 2 }) {
  const step = series.length * BAR + 12
  const bottom = TOP + rows.length * step
  const x = scale([0, most], [LABELS, WIDTH - RIGHT])
  const inside = (value) => x(Math.min(value, most))
  const axis = ticks(0, most, 8).map(
    (at) =>
      line(x(at), TOP - 6, x(at), bottom, at === 1 ? 'even' : 'grid') +
      text(x(at), bottom + 16, at === 1 ? "1 = Node's" : Number(at.toFixed(2)), {
        class: 'small quiet',
        'text-anchor': 'middle',
      }),
  )
  const bars = rows.flatMap(({ label, ratios }, row) => {
    const top = TOP + row * step
    const name = text(LABELS - 10, top + (series.length * BAR) / 2 + 5, label, { 'text-anchor': 'end' })
    const drawn = ratios.map((one, i) => {
      if (!one) return ''
      const y = top + i * BAR
      const [low, high] = one.interval
      const middle = y + BAR / 2 - 1
      const end = Math.max(inside(high), inside(one.ratio))
      return [
        shape('rect', { x: x(0), y, width: inside(one.ratio) - x(0), height: BAR - 2, class: `f${i + 1}` }),
        line(inside(low), middle, inside(high), middle, 'spread'),
        line(inside(low), middle - 3, inside(low), middle + 3, 'spread'),
        line(inside(high), middle - 3, inside(high), middle + 3, 'spread'),
        text(end + 6, middle + 4, `${one.ratio > most ? '› ' : ''}${one.ratio.toFixed(2)}`, { class: 'small' }),
      ].join('')
    })
    return [name, ...drawn]
  })
  const names = legend(LABELS, TOP - 16, ['', ...series]).replace(/^.*?<\/text>/, '')
  return picture({ width: WIDTH, height: bottom + 30, title, note }, [names, ...axis, ...bars])
}

module.exports = { ratioBars }
