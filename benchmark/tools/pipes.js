'use strict'
// Named pipes for benchmarks, open at both ends in this process. They are gone when it ends.

const { execFileSync } = require('node:child_process')
const { constants, mkdtempSync, openSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

/** Descriptors of so many pipes. */
function openPipes(count) {
  const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)))
  execFileSync('mkfifo', paths)
  return paths.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK))
}

module.exports = { openPipes }
