'use strict'
// The package as its users get it: packed, installed elsewhere without a network and without Rust, and used there.

const { test, before, after } = require('node:test')
const assert = require('node:assert')
const { execFile, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { delimiter, join } = require('node:path')
const { binaryName } = require('../lib/platform')
const manifest = require('../package.json')

const root = join(__dirname, '..')
const POSIX = process.platform === 'win32' ? { skip: 'makes commands by symbolic links and shell scripts' } : {}

let folder
let app
let installed

/** Where a command is found now. */
function which(command) {
  const found = process.env.PATH.split(delimiter).find((place) => fs.existsSync(join(place, command)))
  assert.ok(found, `${command} is on the PATH`)
  return join(found, command)
}

/** Runs a command that finds this Node, npm and a shell, and no Rust but what is in `more`. */
function run(command, args, { cwd = app, more = [] } = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: [...more, join(folder, 'bin')].join(delimiter) }
    delete env.NODE_OPTIONS
    // What `npm --silent` has told the scripts it runs.
    delete env.npm_config_loglevel
    execFile(command, args, { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr })
    })
  })
}

const npm = (args, options) => run('npm', ['--cache', join(folder, 'cache'), '--offline', ...args], options)
const node = (args, options) => run(process.execPath, args, options)

/** A command of the user's that is no more than a shell script. */
function makeCommand(name, script) {
  const place = fs.mkdtempSync(join(folder, 'command-'))
  fs.writeFileSync(join(place, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return place
}

/** A copy of what is installed, to spoil. */
function copyOfInstalled() {
  const copy = join(fs.mkdtempSync(join(folder, 'copy-')), 'rs-eventloop')
  fs.cpSync(installed, copy, { recursive: true })
  return copy
}

before(async () => {
  // Real path: a temporary folder may be behind a symbolic link, and the compiler tells what it resolved.
  folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'rs-eventloop-')))
  if (POSIX.skip) return
  const bin = join(folder, 'bin')
  app = join(folder, 'app')
  fs.mkdirSync(bin)
  fs.mkdirSync(app)
  fs.symlinkSync(process.execPath, join(bin, 'node'))
  for (const command of ['npm', 'sh']) fs.symlinkSync(fs.realpathSync(which(command)), join(bin, command))
  fs.writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }')

  // Scripts would compile, and the binary under test is there.
  const packed = await npm(['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  assert.strictEqual(packed.code, 0, packed.stderr)
  const tarball = join(folder, `rs-eventloop-${manifest.version}.tgz`)
  const done = await npm(['install', `rs-eventloop@file:${tarball}`, `copy@file:${tarball}`])
  assert.strictEqual(done.code, 0, done.stderr)
  installed = join(app, 'node_modules', 'rs-eventloop')
})

after(() => fs.rmSync(folder, { recursive: true }))

test('the tarball has what it needs, and nothing else', POSIX, () => {
  const files = fs.readdirSync(installed).toSorted()
  for (const name of files) assert.ok(!/^(__test__|benchmark|target|node_modules|\.)/.test(name), name)
  for (const name of ['README.md', 'SECURITY.md', 'LICENSE', 'Cargo.lock', 'build.rs', 'src', 'benches', binaryName]) {
    assert.ok(files.includes(name), name)
  }
  const { dependencies, optionalDependencies, peerDependencies } = manifest
  assert.deepStrictEqual({ ...dependencies, ...optionalDependencies, ...peerDependencies }, {})
})

test('it is required, imported, and its version read', POSIX, async () => {
  const commonjs = `
    const loop = require('rs-eventloop')
    const promises = require('rs-eventloop/promises')
    const { version } = require('rs-eventloop/package.json')
    promises.setTimeout(1, [promises === loop.promises, version]).then((value) => console.log(...value))`
  const esm = `
    import loop, { setImmediate, clearTimeout, promises as other } from 'rs-eventloop'
    import promises, { setTimeout, scheduler } from 'rs-eventloop/promises'
    await scheduler.yield()
    setImmediate(async () => console.log(await setTimeout(1, loop.promises === promises), promises === other))
    clearTimeout(loop.setTimeout(() => console.log('never'), 1))`
  const hidden = `
    for (const name of ['lib/timeout', 'index.js', 'lib/binding.js', '${binaryName}']) {
      try {
        require('rs-eventloop/' + name)
      } catch (error) {
        console.log(error.code)
      }
    }`
  const [required, imported, refused] = await Promise.all([
    node(['-e', commonjs]),
    node(['--input-type=module', '-e', esm]),
    node(['-e', hidden]),
  ])
  assert.deepStrictEqual(required, { code: 0, stdout: `true ${manifest.version}\n`, stderr: '' })
  assert.deepStrictEqual(imported, { code: 0, stdout: 'true true\n', stderr: '' })
  assert.deepStrictEqual(refused.stdout.trim().split('\n'), new Array(4).fill('ERR_PACKAGE_PATH_NOT_EXPORTED'))
})

test('its command runs', POSIX, async () => {
  fs.writeFileSync(join(app, 'script.js'), 'setImmediate(() => {})')
  const { code, stdout, stderr } = await run(join(app, 'node_modules', '.bin', 'rs-eventloop'), ['diff', 'script.js'])
  assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.match(stdout, /^The same: 2 events in the same order\.$/m)
})

test('two copies in one process do not disturb each other', POSIX, async () => {
  const program = `
    const [one, two] = [require('rs-eventloop'), require('copy')]
    if (one.setTimeout === two.setTimeout) throw new Error('there is but one')
    const seen = []
    const say = (what) => () => seen.push(what)
    for (const [name, loop, other] of [['one', one, two], ['two', two, one]]) {
      loop.setTimeout(say(name + ' timeout'), 5)
      loop.setImmediate(say(name + ' immediate'))
      loop.queueMicrotask(say(name + ' microtask'))
      const mine = loop.setTimeout(say(name + ' its own'), 30)
      other.clearTimeout(mine)
      other.clearTimeout(+mine)
      const interval = loop.setInterval(() => seen.push(name + ' tick') > 20 && loop.clearInterval(interval), 1)
    }
    process.on('exit', () => console.log([...new Set(seen)].sort().join()))`
  const { code, stdout, stderr } = await node(['-e', program])
  const kinds = ['immediate', 'its own', 'microtask', 'tick', 'timeout']
  const expected = ['one', 'two'].flatMap((name) => kinds.map((kind) => `${name} ${kind}`))
  assert.deepStrictEqual({ code, stdout, stderr }, { code: 0, stdout: `${expected.join()}\n`, stderr: '' })
})

test('a TypeScript program that uses it compiles', POSIX, async () => {
  fs.writeFileSync(
    join(app, 'program.mts'),
    `import { setTimeout, type Timeout } from 'rs-eventloop'
    import { setInterval } from 'rs-eventloop/promises'
    export const timeout: Timeout = setTimeout((a: number) => a, 1, 2)
    for await (const tick of setInterval(1, 'tick')) tick.trim()
    // @ts-expect-error the types are found, so that this is wrong
    setTimeout('code')`,
  )
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')]
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', ...types]
  assert.deepStrictEqual(await node([tsc, ...options, 'program.mts']), { code: 0, stdout: '', stderr: '' })
})

test('without a binary, one line says what to do', POSIX, async () => {
  const copy = copyOfInstalled()
  fs.rmSync(join(copy, binaryName))
  const { code, stderr } = await node(['-e', `require(${JSON.stringify(copy)})`])
  assert.strictEqual(code, 1)
  assert.match(
    stderr,
    /^Error: rs-eventloop is not compiled for this machine\. Install Rust .*npm rebuild rs-eventloop$/m,
  )
  assert.match(stderr, /code: 'ERR_LOOP_NOT_BUILT'/)
})

test('a binary that cannot be loaded says why', POSIX, async () => {
  const copy = copyOfInstalled()
  fs.writeFileSync(join(copy, binaryName), 'not a binary')
  const { code, stderr } = await node(['-e', `require(${JSON.stringify(copy)})`])
  assert.strictEqual(code, 1)
  assert.match(stderr, /ERR_DLOPEN_FAILED/)
})

const NEEDS_RUST =
  'rs-eventloop: the Rust compiler is needed and was not found. Install it from https://rustup.rs and try again.\n'

test('without Rust: a binary that loads is enough, and otherwise one line says what to install', POSIX, async () => {
  const copy = copyOfInstalled()
  const build = (...args) => node([join(copy, 'scripts', 'build.js'), ...args])
  assert.deepStrictEqual(await build('--if-needed'), { code: 0, stdout: '', stderr: '' })
  assert.deepStrictEqual(await build(), { code: 1, stdout: '', stderr: NEEDS_RUST })
  fs.writeFileSync(join(copy, binaryName), 'not a binary')
  assert.deepStrictEqual(await build('--if-needed'), { code: 1, stdout: '', stderr: NEEDS_RUST })
  fs.rmSync(join(copy, binaryName))
  assert.deepStrictEqual(await build('--if-needed'), { code: 1, stdout: '', stderr: NEEDS_RUST })
})

test('an install that must compile and cannot ends with that line', POSIX, async () => {
  const copy = copyOfInstalled()
  fs.rmSync(join(copy, binaryName))
  const packed = await npm(['pack', '--ignore-scripts'], { cwd: copy })
  assert.strictEqual(packed.code, 0, packed.stderr)
  const elsewhere = fs.mkdtempSync(join(folder, 'app-'))
  const tarball = join(copy, packed.stdout.trim())
  const { code, stdout, stderr } = await npm(['install', '--prefix', elsewhere, tarball], { cwd: elsewhere })
  assert.notStrictEqual(code, 0)
  assert.ok(stderr.includes(NEEDS_RUST.trim()), `it ended with ${code}, and said: ${stderr}${stdout}`)
})

test('a checkout compiles, whatever binary is there', POSIX, async () => {
  const copy = copyOfInstalled()
  fs.mkdirSync(join(copy, '__test__'))
  const result = await node([join(copy, 'scripts', 'build.js'), '--if-needed'])
  assert.deepStrictEqual(result, { code: 1, stdout: '', stderr: NEEDS_RUST })
})

test('what Cargo makes is put in place, wherever Cargo put it', POSIX, async () => {
  const copy = copyOfInstalled()
  const made = join(folder, 'librs_eventloop.so')
  fs.writeFileSync(made, 'made by Cargo')
  const artifact = { reason: 'compiler-artifact', target: { name: 'rs_eventloop' }, filenames: [made] }
  const other = { ...artifact, target: { name: 'other' }, filenames: ['/nowhere/libother.so'] }
  const messages = [other, artifact, { reason: 'build-finished' }].map((message) => `echo '${JSON.stringify(message)}'`)
  const more = [makeCommand('cargo', ['/bin/mkdir -p target/release', ...messages].join('\n'))]
  const result = await node([join(copy, 'scripts', 'build.js')], { more })
  assert.deepStrictEqual(result, { code: 0, stdout: '', stderr: '' })
  assert.strictEqual(fs.readFileSync(join(copy, binaryName), 'utf8'), 'made by Cargo')
  for (const left of [`${binaryName}.new`, 'target']) assert.ok(!fs.existsSync(join(copy, left)), left)

  // In a checkout the next build goes on from what is there.
  fs.mkdirSync(join(copy, '__test__'))
  assert.strictEqual((await node([join(copy, 'scripts', 'build.js')], { cwd: copy, more })).code, 0)
  assert.ok(fs.existsSync(join(copy, 'target', 'release')))
})

test('when Cargo fails, its words are followed by a line of ours', POSIX, async () => {
  const more = [makeCommand('cargo', 'echo "error: words of Cargo" >&2; exit 101')]
  const { code, stdout, stderr } = await node([join(copyOfInstalled(), 'scripts', 'build.js')], { more })
  assert.deepStrictEqual({ code, stdout }, { code: 1, stdout: '' })
  assert.match(
    stderr,
    /^error: words of Cargo\nrs-eventloop: the addon did not compile, see above\. Rust [\d.]+ or newer .*\n$/,
  )
  const [, needed] = /^rust-version = "(.*)"$/m.exec(fs.readFileSync(join(root, 'Cargo.toml'), 'utf8'))
  assert.ok(stderr.includes(`Rust ${needed} or newer`), 'the version is that of Cargo.toml')
})

test('on a Node that is too old, one line says so', POSIX, async () => {
  const old = join(folder, 'old.js')
  fs.writeFileSync(
    old,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } })
    Object.defineProperty(process, 'version', { value: 'v18.20.8' })`,
  )
  for (const args of [[], ['--if-needed']]) {
    assert.deepStrictEqual(await node(['-r', old, join(installed, 'scripts', 'build.js'), ...args]), {
      code: 1,
      stdout: '',
      stderr: 'rs-eventloop: Node 20 or newer is needed, this is v18.20.8. Install one from https://nodejs.org.\n',
    })
  }
})

test('under the permission model it is enough to be allowed to read the package', () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
  const root = fs.realpathSync(join(__dirname, '..'))
  const program = `require(${JSON.stringify(root)}).setTimeout(() => console.log('fired'), 1)`
  const args = [flag, '--allow-addons', `--allow-fs-read=${root}/*`, '-e', program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.strictEqual(stdout, 'fired\n', stderr)
})
