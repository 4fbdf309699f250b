'use strict'
// Shows that the suite works: makes each defect of `list.js` in a copy of the package, and looks for differences.
// node __test__/differential/mutants/main.js [--only <part of a name>] [--programs 1000] [--seed 1] [--keep]
//
// Prints a table: the scenarios of the catalogue that fail, and which program of the run differs. `--keep` makes those small and keeps them in the corpus.

const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { parseArgs } = require('node:util')
const { binaryName } = require('../../../lib/platform')
const { keepProgram, searchForDifferences } = require('../search')
const mutants = require('./list')

const root = join(__dirname, '..', '..', '..')
const COPIED = [
  'index.js',
  'promises.js',
  'package.json',
  'lib',
  'src',
  'benches',
  'Cargo.toml',
  'Cargo.lock',
  'build.rs',
  binaryName,
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    programs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
})

function change(folder, { file, from, to }) {
  const path = join(folder, file)
  const source = fs.readFileSync(path, 'utf8')
  const places = source.split(from).length - 1
  if (places !== 1) throw new Error(`what is to be changed in ${file} stands there ${places} times: ${from}`)
  // A function, because a replacement text has patterns of its own.
  fs.writeFileSync(
    path,
    source.replace(from, () => to),
  )
}

/** All defects in Rust are compiled in one place, so that what they depend on is compiled once. */
function compile(folder) {
  const target = join(root, 'target', 'mutants')
  const args = ['build', '--release', '--locked', '--quiet', '-j2', '--target-dir', target]
  execFileSync('cargo', args, { cwd: folder, stdio: 'inherit' })
  fs.copyFileSync(join(target, 'release', 'librs_eventloop.so'), join(folder, binaryName))
}

/** The scenarios of the catalogue that fail. */
function failing(folder) {
  fs.cpSync(join(root, '__test__'), join(folder, '__test__'), { recursive: true })
  const args = ['--test', '--test-reporter=tap', join('__test__', 'order.test.js')]
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return [...stdout.matchAll(/^ +not ok \d+ - (\w+):/gm)].map(([, id]) => id)
}

async function hunt(mutant, folder) {
  for (const name of COPIED) fs.cpSync(join(root, name), join(folder, name), { recursive: true })
  for (const one of [mutant, ...(mutant.with ?? [])]) change(folder, one)
  if (mutant.file.endsWith('.rs')) compile(folder)
  const said = []
  const found = await searchForDifferences({
    count: Number(values.programs),
    seed: Number(values.seed),
    root: folder,
    keep: false,
    shrinks: values.keep,
    say: (line) => said.push(line),
  })
  if (found && values.keep) keepProgram(mutant.name, found.least)
  const scenarios = failing(folder)
  return { at: found && found.seed - Number(values.seed) + 1, scenarios }
}

async function main() {
  console.log('| defect | scenarios that fail | random program that differs |\n| --- | --- | --- |')
  for (const mutant of mutants.filter(({ name }) => name.includes(values.only))) {
    const folder = fs.mkdtempSync(join(tmpdir(), 'rs-eventloop-mutant-'))
    try {
      const { at, scenarios } = await hunt(mutant, folder)
      if (!at && scenarios.length === 0) process.exitCode = 1
      console.log(`| ${mutant.name} | ${scenarios.join(', ') || '-'} | ${at ?? '-'} |`)
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  }
}

main()
