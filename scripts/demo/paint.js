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

const WIDTH = 34

function cell(entry) {
  if (!entry) return ' '.repeat(WIDTH)
  return `${PHASES[entry.phase](entry.phase.padEnd(8))}${entry.text.padEnd(WIDTH - 8)}`
}

/** Prints two traces beside each other. True if they are the same. */
function sideBySide(left, right) {
  console.log(`\n    ${faint('phase   ')}${'Node'.padEnd(WIDTH - 8)}  ${faint('phase   ')}rs-eventloop`)
  let agree = true
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const same = left[i]?.text === right[i]?.text && left[i]?.phase === right[i]?.phase
    agree &&= same
    console.log(`  ${same ? good('=') : bad('!')} ${cell(left[i])}  ${cell(right[i])}`.trimEnd())
  }
  return agree
}

module.exports = { bad, faint, good, sideBySide, title }
