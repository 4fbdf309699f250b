'use strict'
// `npm start`: one small program on Node's functions and on ours, both traces side by side, and a screen of figures.

const { figures } = require('./figures')
const { record } = require('./program')
const paint = require('./paint')
const ours = require('../..')

const node = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask }

async function main() {
  console.log(paint.title('rs-eventloop: the same program on two loops'))
  const left = await record(node)
  const right = await record(ours)
  const agree = paint.sideBySide(left, right)
  console.log(
    agree ? paint.good('\nThe traces agree, line by line.\n') : paint.bad('\nThe traces differ: that is a defect.\n'),
  )

  console.log(paint.title('Figures of this machine, measured now'))
  for (const line of await figures(node, ours)) console.log(line)
  if (!agree) process.exitCode = 1
}

main()
