'use strict'
// The tests of Promises/A+, in a process of their own: they count on rejections that nobody handles.

const { test } = require('node:test')
const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { join } = require('node:path')

const script = `
  const { ChainedPromise } = require(${JSON.stringify(join(__dirname, '..'))})
  const adapter = {
    deferred: () => ChainedPromise.withResolvers(),
    resolved: (value) => ChainedPromise.resolve(value),
    rejected: (reason) => ChainedPromise.reject(reason),
  }
  process.on('unhandledRejection', () => {}).on('rejectionHandled', () => {})
  require('promises-aplus-tests')(adapter, { reporter: 'min', timeout: 30_000 }, (failures) => process.exit(failures ? 1 : 0))`

test('all tests of Promises/A+', async () => {
  const { code, said } = await new Promise((resolve) => {
    execFile(process.execPath, ['-e', script], { cwd: __dirname, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    )
  })
  assert.strictEqual(code, 0, said)
  assert.match(said, /\b872 passing/)
})
