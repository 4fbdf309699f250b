'use strict'
// The tests of other people's packages on plain Node and with `rs-eventloop/register`, as a table:
// node __test__/packages/main.js FOLDER [PART OF A NAME]
// FOLDER has a checkout of each repository of `list.js`, under the last part of its name. The Node that runs this runs them.

const { execFile } = require('node:child_process')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { delimiter, dirname, join } = require('node:path')
const packages = require('./list')

const [, , folder, part = ''] = process.argv
const register = join(__dirname, '..', '..', 'register.js')
const PATIENCE = 600_000

/** A shell, because test files are named by patterns. */
function run(command, cwd, options = '') {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
  const env = { ...process.env, PATH, NODE_OPTIONS: options }
  return new Promise((resolve) => {
    const limits = { timeout: PATIENCE, maxBuffer: Infinity }
    execFile('/bin/sh', ['-c', command], { cwd, env, ...limits }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: `${stdout}${stderr}` }),
    )
  })
}

/** How many tests passed and failed, by the last lines of the output, which are TAP. */
function countsOf(output) {
  const last = (word) =>
    output
      .match(new RegExp(`^# ${word}\\s+\\d+`, 'gm'))
      ?.at(-1)
      .match(/\d+/)[0] ?? '0'
  return { passed: Number(last('pass')), failed: Number(last('fail')) }
}

const shown = ({ passed, failed }) => `${passed} passed, ${failed} failed`

async function judge({ repository, tools, command }) {
  const cwd = join(folder, repository.split('/')[1])
  if (!existsSync(join(cwd, 'node_modules'))) {
    // Without the package's own list of tools, of which most are for other things.
    const file = join(cwd, 'package.json')
    const manifest = { ...JSON.parse(readFileSync(file, 'utf8')), devDependencies: {} }
    writeFileSync(file, JSON.stringify(manifest, undefined, 2))
    const install = `npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund ${tools.join(' ')}`
    const { failed, output } = await run(install, cwd)
    if (failed) throw new Error(output)
  }
  const { version } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  const line = command.join(' ')
  const node = await run(line, cwd)
  const ours = await run(line, cwd, `--require ${register}`)
  return { version, node: countsOf(node.output), ours: countsOf(ours.output), output: ours.output }
}

async function main() {
  console.log(`| Node ${process.version} | version | plain Node | with \`register\` |\n| --- | --- | --- | --- |`)
  for (const one of packages.filter(({ name }) => name.includes(part))) {
    const { version, node, ours, output } = await judge(one)
    console.log(`| ${one.name} | ${version} | ${shown(node)} | ${shown(ours)} |`)
    if (shown(node) === shown(ours) && node.passed > 0) continue
    process.exitCode = 1
    console.error(
      output
        .split('\n')
        .filter((line) => /^\s*not ok/.test(line))
        .join('\n') || output.slice(-2000),
    )
  }
}

main()
