'use strict'
// Runs a scenario in a process of its own and gives its trace.

const { execFile } = require('node:child_process')
const { join } = require('node:path')

/** `loop` is node or ours; the program is a file of this folder that prints its trace, with its own arguments. */
function run(file, loop, ...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(__dirname, file), loop, ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ trace: stdout.trim(), code: error?.code ?? 0, stderr: error ? stderr : '' })
    })
  })
}

const runScenario = (loop, id, catalogue = './index') => run('run-one.js', loop, id, catalogue)

module.exports = { run, runScenario }
