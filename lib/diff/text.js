'use strict'
// Two recordings as text, side by side.

const { nameOf } = require('./trace')

const WIDEST = 64
const PHASE_WIDTH = 11

/** What a terminal would take for more than text is shown as a question mark. */
const printable = (text) => text.replaceAll(/\p{Cc}/gu, '?')
const fit = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width))

function cellOf(entry) {
  if (entry === undefined) return ''
  const by = entry.by === undefined ? '' : `  ← ${entry.by}`
  return printable(`${String(entry.number).padStart(3)} ${entry.phase.padEnd(PHASE_WIDTH)}${nameOf(entry)}${by}`)
}

/** `names` are those of the two sides. The line of the first difference is marked. */
function sideBySide(names, sides, difference) {
  const length = Math.max(...sides.map(({ entries }) => entries.length))
  const cells = sides.map(({ entries, end }) => [
    ...Array.from({ length }, (_, i) => cellOf(entries[i])),
    `${' '.repeat(4 + PHASE_WIDTH)}${end}`,
  ])
  const width = Math.min(WIDEST, Math.max(...cells[0].map((cell) => cell.length)))
  const line = (left, right, mark) => `${mark} ${fit(left, width)}  ${right}`.trimEnd()
  const marked = difference ?? -1
  return [
    line(`    ${names[0]}`, `    ${names[1]}`, ' '),
    ...cells[0].map((cell, i) => line(cell, cells[1][i], i === marked ? '>' : ' ')),
  ].join('\n')
}

module.exports = { sideBySide }
