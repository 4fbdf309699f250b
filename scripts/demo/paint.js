'use strict'
// Colours for a terminal that has them, plain text for everything else.

const colourful = process.stdout.isTTY ? process.stdout.hasColors() && !process.env.NO_COLOR : false
const code = (open) => (text) => (colourful ? `\x1b[${open}m${text}\x1b[0m` : String(text))

const title = code('1')
const good = code('1;32')
const bad = code('1;31')
const faint = code('2')

const PHASES = {
  main: code('37'),
  tick: code('35'),
  micro: code('36'),
  timers: code('33'),
  check: code('34'),
  poll: code('32'),
}

const PHASE_WIDTH = 8

function cell(entry, width) {
  if (!entry) return ' '.repeat(PHASE_WIDTH + width)
  return `${PHASES[entry.phase](entry.phase.padEnd(PHASE_WIDTH))}${entry.text.padEnd(width)}`
}

/** Prints two traces beside each other. True if they are the same. */
function sideBySide(left, right) {
  const width = Math.max(...left.map(({ text }) => text.length))
  const phase = faint('phase'.padEnd(PHASE_WIDTH))
  console.log(`\n    ${phase}${'Node'.padEnd(width)}  ${phase}rs-eventloop`)
  let agree = true
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const same = left[i]?.text === right[i]?.text && left[i]?.phase === right[i]?.phase
    agree &&= same
    console.log(`  ${same ? good('=') : bad('!')} ${cell(left[i], width)}  ${cell(right[i], width)}`.trimEnd())
  }
  return agree
}

module.exports = { bad, faint, good, sideBySide, title }
