'use strict'
// Runs the files of a foreign suite, each in a process of its own, on Node's functions and on ours, and judges: what Node
// passes must pass on ours. `expectations.json` of a suite has the exceptions by file, `{ "ignore": true, "reason" }`; one
// that is ignored and passes is wrong, too. What does not pass on Node's functions says nothing about ours.
// Tests of what Node need not have are run on ours alone.

const { execFile } = require('node:child_process')
const { availableParallelism } = require('node:os')
const { join } = require('node:path')

const register = join(__dirname, '..', '..', 'register.js')
const PATIENCE = 60_000

/** Gives what it printed if it failed. */
function run(args, { cwd }) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, timeout: PATIENCE }, (error, stdout, stderr) => {
      resolve(error ? { output: `${stdout}${stderr}` || String(error) } : undefined)
    })
  })
}

/** A test for `judge` of a file that finds our functions in the place of Node's. */
const onBoth = (name, args, cwd) => ({ name, node: args, ours: ['--require', register, ...args], cwd })

async function judgeOne({ name, node, ours, cwd }, { ignore = false, reason }) {
  if (node && (await run(node, { cwd }))) return { name, verdict: 'fails on Node' }
  const failed = await run(ours, { cwd })
  if (ignore)
    return failed ? { name, verdict: 'ignored', reason } : { name, verdict: 'WRONG', reason: 'passes, and is ignored' }
  return failed ? { name, verdict: 'WRONG', reason: failed.output } : { name, verdict: 'passes' }
}

/** `tests` are `{ name, node, ours, cwd }`, with the arguments of Node on each side. Prints the exceptions and the counts, and sets the exit code. */
async function judge(tests, expectations) {
  const counts = {}
  const left = tests.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const work = async () => {
    for (let test = left.shift(); test; test = left.shift()) {
      const { name, verdict, reason } = await judgeOne(test, expectations[test.name] ?? {})
      counts[verdict] = (counts[verdict] ?? 0) + 1
      if (verdict !== 'passes')
        console.log(`${verdict}: ${name}${reason ? `\n  ${reason.trim().replaceAll('\n', '\n  ')}` : ''}`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(3, availableParallelism()) }, work))
  for (const name of Object.keys(expectations).filter((name) => !tests.some((test) => test.name === name))) {
    console.log(`not there: ${name}`)
  }
  console.log(`Node ${process.version}: ${tests.length} files`, counts)
  if (counts.WRONG || tests.length === 0) process.exitCode = 1
}

module.exports = { judge, onBoth }
