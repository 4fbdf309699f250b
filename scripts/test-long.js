'use strict'
// `npm run test:long`: what takes too long for `npm test`, one after the other, on Linux. Hours of it; a table at the end.
// Arguments choose by name: npm run test:long -- garbage soak
// What each prints is in target/long/, with the time at which it began.

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
})
const script = (file, ...args) => ({ command: ['bash', join('scripts', file), ...args] })
const node = (file, ...args) => ({ command: [process.execPath, '--expose-gc', file, ...args] })
const onNode = (version, ...args) => ({ command: () => [nodeOf(version), ...args] })

/** What is run, and which line of what it prints says how it was. */
const JOBS = {
  garbage: { ...node('--test', '__test__/garbage.test.js'), env: { SEEDS: '200' }, says: /(?:pass|fail) \d+/g },
  'a million of each': { ...node('__test__/memory/millions.js', '1000000'), says: /^\d+ kinds.*$/gm },
  load: { ...node('scripts/load.js'), says: /│ ours +│.*$/gm },
  loom: { ...script('loom.sh'), says: /test result: ok. \d+ passed/g },
  'loom, planted': { ...script('loom.sh', '--planted'), says: /The planted defect of [\w-]+ was found/g },
  scheduler: {
    ...cargo('random', { SCHEDULER_PROGRAMS: '160000000', SCHEDULER_SEED: String(Date.now()) }),
    says: /test result: ok. \d+ passed/g,
  },
  promises: {
    ...cargo('promises', { PROMISE_PROGRAMS: '20000', PROMISE_SEED: String(Date.now() % 1e9) }),
    says: /test result: ok. \d+ passed/g,
  },
  differential: { ...node('__test__/differential/main.js', '--programs', '20000'), says: /^.*programs.*$/gm },
  ...Object.fromEntries(
    VERSIONS.map((version) => [
      `ends, Node ${version}`,
      { ...onNode(version, 'scripts/ends.js', '20'), says: /^Node .*$/gm },
    ]),
  ),
  soak: { ...script('soak.sh'), says: /^seed .*$/gm },
  tsan: { ...script('tsan.sh'), says: /no reports|(?:pass|fail) \d+/g },
  'tsan, planted': {
    ...script('tsan.sh', '--planted', '__test__/life.test.js'),
    says: /The planted defect was found/g,
  },
  asan: { ...script('asan.sh'), says: /no reports|(?:pass|fail) \d+/g },
  'asan, planted': {
    ...script('asan.sh', '--planted', '__test__/life.test.js'),
    says: /The planted defect was found/g,
  },
}

/** Runs one, and resolves with its line of the table. */
async function run(name, { command, env, says }) {
  const started = Date.now()
  const [file, ...args] = typeof command === 'function' ? command() : command
  const log = createWriteStream(join(logs, `${name.replaceAll(/\W+/g, '-')}.log`))
  log.write(`${new Date(started).toISOString()} ${name}\n`)
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
  return {
    result: ended === 0 ? 'ok' : `ended with ${ended}`,
    minutes: Number(((Date.now() - started) / 60_000).toFixed(1)),
    says: (out.match(says) ?? []).join('; ').slice(0, 120),
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
