'use strict'
// A named pipe as a door for commands from any shell: `echo hello > pipe`. The loop object watches it, and whoever says
// `quit` ends all of it. A GPIO pin is watched alike: open its `value`, watch `{ priority: true }`, read from the start.

const { execFileSync, spawn } = require('node:child_process')
const { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { EventLoop } = require('rs-eventloop')

const folder = mkdtempSync(join(tmpdir(), 'commands-'))
const pipe = join(folder, 'pipe')
execFileSync('mkfifo', [pipe])
// Open for writing, too, so that it is not at its end whenever a shell has written.
const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)

const loop = new EventLoop({ name: 'commands' })
const buffer = Buffer.alloc(4096)

async function serve() {
  for await (const { readable } of loop.watch(fd, { readable: true })) {
    if (!readable) continue
    const commands = buffer.toString('utf8', 0, readSync(fd, buffer)).trim().split('\n')
    for (const command of commands) console.log(`command: ${command}`)
    if (commands.includes('quit')) break
  }
  loop.close()
  closeSync(fd)
  rmSync(folder, { recursive: true })
}

serve()
spawn('sh', ['-c', 'echo hello > "$0"; echo quit > "$0"', pipe])
