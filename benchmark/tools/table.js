'use strict'
// The tables that `npm run bench` prints.

const digits = (value) =>
  Math.abs(value) >= 1000
    ? value.toLocaleString('en', { maximumFractionDigits: 0 })
    : Math.abs(value) >= 10
      ? value.toFixed(0)
      : value.toFixed(2)

const NAMES = { node: "Node's", ours: 'ours' }
const nameOf = (side) => NAMES[side] ?? side

/** `median (spread)`, from the lower to the upper quarter of the runs, and what else is known. */
function figure({ median, spread: [low, high], cpu, p99, early }) {
  const more = [
    cpu === undefined ? '' : `, cpu ${digits(cpu)}`,
    p99 === undefined ? '' : `, p99 ${digits(p99)}`,
    early === undefined ? '' : `, early ${(early * 100).toFixed(1)} %`,
  ]
  return `${digits(median)} (${digits(low)}–${digits(high)})${more.join('')}`
}

function ratio(other, { ratio, interval: [low, high] }) {
  return `${ratio.toFixed(2)} [${low.toFixed(2)}–${high.toFixed(2)}] × ${nameOf(other)}`
}

/** The lines of one question. */
function table(question) {
  const lines = [`\n${question.title}`]
  for (const { name, unit, sides, ratios, verdict } of question.cases) {
    lines.push(`  ${name.padEnd(50)} ${unit}`)
    for (const [side, figures] of Object.entries(sides)) {
      const beside = side === 'ours' ? verdict : ratios[side] ? `ours is ${ratio(side, ratios[side])}` : ''
      lines.push(`    ${nameOf(side).padEnd(25)}${figure(figures).padEnd(54)}${beside}`.trimEnd())
    }
  }
  return lines.join('\n')
}

module.exports = { digits, nameOf, table }
