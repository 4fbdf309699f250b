'use strict'
// Runs `rs-eventloop diff` on scripts in a folder of its own, and reads what it prints.

const { execFile } = require('node:child_process')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const command = join(__dirname, '..', '..', 'bin', 'rs-eventloop.js')
const folder = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

function write(name, ...lines) {
  const file = join(folder, name)
  writeFileSync(file, lines.join('\n'))
  return file
}

function rs(...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr })
    })
  })
}

/** Node's side of the output, without the numbers in front: `phase what ← by`. */
function nodesSide(stdout) {
  const [head, ...rows] = stdout.split('\n\n')[0].split('\n')
  const width = head.indexOf('rs-eventloop') - 4
  return rows.map((row) => row.slice(1, width).trim().replace(/^\d+ /, '').replaceAll(/ +/g, ' '))
}

module.exports = { nodesSide, rs, write }
