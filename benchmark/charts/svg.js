'use strict'
// What the charts are drawn with: shapes as SVG text, and a style that is legible on light and on dark pages.

/** Colours of the series, in the order in which they are given: [on light, on dark], apart also to the colour-blind. */
const SERIES = [
  ['#57606a', '#9aa4af'],
  ['#b7410e', '#ff9e64'],
  ['#0a6c74', '#5ccfe6'],
  ['#7a3e9d', '#d2a8ff'],
]

const rules = (shade) =>
  SERIES.map(
    (colours, i) => `.s${i}{stroke:${colours[shade]};color:${colours[shade]}}.f${i}{fill:${colours[shade]}}`,
  ).join('')

const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.title{font-weight:600;font-size:15px}.small{font-size:11px}.quiet{fill:#59636e}
.page{fill:#ffffff}.grid{stroke:#d1d9e0}.even{stroke:#59636e;stroke-dasharray:4 3}.spread{stroke:#1f2328}.area{fill:#cf222e;opacity:.08}
.line{fill:none;stroke-width:2}.dot{stroke:none;fill:currentColor}
${rules(0)}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}.quiet{fill:#9198a1}
.page{fill:#0d1117}.grid{stroke:#3d444d}.even{stroke:#9198a1}.spread{stroke:#f0f6fc}.area{fill:#ff7b72;opacity:.14}
${rules(1)}
}`

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const attributes = (given) =>
  Object.entries(given)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? Math.round(value * 10) / 10 : escaped(value)}"`)
    .join('')

const shape = (name, given) => `<${name}${attributes(given)}/>`

const text = (x, y, content, given = {}) => `<text${attributes({ x, y, ...given })}>${escaped(content)}</text>`

const line = (x1, y1, x2, y2, kind) => shape('line', { x1, y1, x2, y2, class: kind })

const polyline = (points, series, given = {}) =>
  shape('polyline', {
    points: points.map((point) => point.map((n) => n.toFixed(1)).join(',')).join(' '),
    class: `line s${series}`,
    ...given,
  })

/** Names and colours of the series, in a row. */
function legend(x, y, names) {
  let at = x
  return names
    .map((name, series) => {
      const here = at
      at += 34 + name.length * 7.5
      return shape('rect', { x: here, y: y - 9, width: 12, height: 10, class: `f${series}` }) + text(here + 18, y, name)
    })
    .join('')
}

/** A whole picture; `title` is also what a screen reader says. */
function picture({ width, height, title, note }, parts) {
  const heading = text(16, 26, title, { class: 'title' }) + text(16, 44, note, { class: 'small quiet' })
  const page = shape('rect', { width, height, rx: 8, class: 'page' })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}"><style>${STYLE}</style>\n${[page, heading, ...parts].join('\n')}\n</svg>\n`
}

/** A function from a value to a place, on a plain or a logarithmic axis. */
function scale([from, to], [start, end], logarithmic = false) {
  const at = logarithmic ? Math.log10 : (value) => value
  return (value) => start + ((at(value) - at(from)) / (at(to) - at(from))) * (end - start)
}

/** Round values that divide `from` to `to` in about `count` steps. */
function ticks(from, to, count) {
  const rough = (to - from) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step)
}

module.exports = { legend, line, picture, polyline, scale, shape, text, ticks }
