'use strict'
// `npm run test:long`: what takes too long for `npm test`, one after the other, on Linux. Hours of it; a table at the end.
// Arguments choose by name: npm run test:long -- garbage soak
// What each prints is in target/long/, with the time at which it began and what it was told. One that does not say what it
// has done was not well, whatever it ends with: it may have done nothing.

const { spawn } = require('node:child_process')
const { createWriteStream, mkdirSync } = require('node:fs')
const { availableParallelism } = require('node:os')
const { join } = require('node:path')
const { nodeOf } = require('./node-of')

const root = join(__dirname, '..')
const logs = join(root, 'target', 'long')
const VERSIONS = ['20', '22', '24', '26']

const cargo = (test, env) => ({
  command: ['cargo', 'test', '--release', '--locked', '--no-default-features', '--', '--nocapture', test],
  env,
  says: /[1-9]\d* programs from seed \d+/g,
})
const script = (file, ...args) => ({ command: ['bash', join('scripts', file), ...args] })
const node = (file, ...args) => ({ command: [process.execPath, '--expose-gc', file, ...args] })
const onNode = (version, ...args) => ({ command: () => [nodeOf(version), ...args] })
const FOUND = /The planted defect of [\w-]+ was found/g

/** What is run, and which lines of what it prints say what it has done. */
const JOBS = {
  garbage: { ...node('--test', '__test__/garbage.test.js'), env: { SEEDS: '200' }, says: /(?:pass|fail) [1-9]\d*/g },
  'a million of each': { ...node('__test__/memory/millions.js', '1000000'), says: /^\d+ kinds.*$/gm },
  load: { ...node('scripts/load.js'), says: /│ ours +│.*$/gm },
  loom: { ...script('loom.sh'), says: /test result: ok. [1-9]\d* passed/g },
  'loom, planted': { ...script('loom.sh', '--planted'), says: FOUND },
  scheduler: cargo('tests::random::', { SCHEDULER_SECONDS: '3600', SCHEDULER_SEED: String(Date.now()) }),
  promises: cargo('tests::promises::', { PROMISE_PROGRAMS: '20000', PROMISE_SEED: String(Date.now() % 1e9) }),
  differential: {
    ...node('__test__/differential/main.js', '--programs', '20000'),
    says: /^[1-9]\d* programs from seed \d+ on, .*$/gm,
  },
  ...Object.fromEntries(
    VERSIONS.map((version) => [
      `ends, Node ${version}`,
      { ...onNode(version, 'scripts/ends.js', '20'), says: /^Node .*, [1-9]\d* cells, .*$/gm },
    ]),
  ),
  'other versions of Node': { ...script('on-other-nodes.sh', '22', '24', '26'), says: /\bpass [1-9]\d*/g },
  soak: { ...script('soak.sh'), says: /^seed .*$/gm },
  tsan: { ...script('tsan.sh'), says: [/no reports/g, /pass [1-9]\d*/g] },
  'tsan, planted': {
    ...script('tsan.sh', '--planted', '__test__/life.test.js'),
    says: FOUND,
  },
  asan: { ...script('asan.sh'), says: [/no reports/g, /pass [1-9]\d*/g] },
  'asan, planted': {
    ...script('asan.sh', '--planted', '__test__/life.test.js'),
    says: FOUND,
  },
}

/** Runs one, and resolves with its line of the table. */
async function run(name, { command, env = {}, says }) {
  const started = Date.now()
  const [file, ...args] = typeof command === 'function' ? command() : command
  const log = createWriteStream(join(logs, `${name.replaceAll(/\W+/g, '-')}.log`))
  const told = Object.entries(env).map(([variable, value]) => `${variable}=${value}`)
  log.write(`${new Date(started).toISOString()} ${name} ${told.join(' ')}\n`)
  const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      out += data
      log.write(data)
    })
  }
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.code))
    child.on('close', (code, signal) => resolve(signal ?? code))
  })
  log.end()
  const said = [says].flat().map((pattern) => out.match(pattern) ?? [])
  const result = said.every((lines) => lines.length > 0) ? 'ok' : 'does not say what it has done'
  return {
    result: ended === 0 ? result : `ended with ${ended}`,
    minutes: Number(((Date.now() - started) / 60_000).toFixed(1)),
    told: told.join(' '),
    says: said.flat().join('; ').slice(0, 120),
  }
}

async function main() {
  const chosen = process.argv.slice(2)
  const names = Object.keys(JOBS).filter((name) => chosen.length === 0 || chosen.some((one) => name.startsWith(one)))
  mkdirSync(logs, { recursive: true })
  const table = {}
  for (const name of names) {
    console.log(`${new Date().toISOString()} ${name}`)
    table[name] = await run(name, JOBS[name])
  }
  console.log(`Node ${process.versions.node}, ${availableParallelism()} processors`)
  console.table(table)
  process.exitCode = Object.values(table).every(({ result }) => result === 'ok') ? 0 : 1
}

main()
