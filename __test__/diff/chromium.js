'use strict'
// A headless Chromium, driven over two pipes by its own protocol.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { existsSync, mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { delimiter, join } = require('node:path')

const PATIENCE = 10_000
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']

/** The path of a browser, if there is one. */
function findChromium() {
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [process.env.CHROMIUM, ...candidates].find((path) => path && existsSync(path))
}

class Browser {
  #child
  #profile
  #session
  #sent = 0
  #waiting = new Map()
  #rest = ''

  async open(executable) {
    this.#profile = mkdtempSync(join(tmpdir(), 'rs-eventloop-'))
    // Without its sandbox, which containers do not allow: it sees no page but ours.
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe']
    this.#child = spawn(executable, [...flags, `--user-data-dir=${this.#profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    this.#child.stdio[4].setEncoding('utf8').on('data', (text) => this.#receive(text))
    const { targetInfos } = await this.send('Target.getTargets')
    const { targetId } = targetInfos.find(({ type }) => type === 'page')
    this.#session = (await this.send('Target.attachToTarget', { targetId, flatten: true })).sessionId
    await this.send('Page.enable')
  }

  #receive(text) {
    const messages = (this.#rest + text).split('\0')
    this.#rest = messages.pop()
    for (const message of messages) {
      const { id, method, result, error } = JSON.parse(message)
      const key = id ?? method
      const waiting = this.#waiting.get(key)
      this.#waiting.delete(key)
      if (error) waiting?.reject(new Error(error.message))
      else waiting?.resolve(result)
    }
  }

  #answer(key) {
    return new Promise((resolve, reject) => this.#waiting.set(key, { resolve, reject }))
  }

  send(method, params = {}) {
    const id = ++this.#sent
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`)
    return this.#answer(id)
  }

  async go(url, { theme, width = 1280, height = 900 }) {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    const features = [
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]
    await this.send('Emulation.setEmulatedMedia', { features })
    const loaded = this.#answer('Page.loadEventFired')
    await this.send('Page.navigate', { url })
    await loaded
  }

  /** Runs a function in the page; it sees nothing of what is around it here. */
  async evaluate(body, ...args) {
    const expression = `(${body})(...${JSON.stringify(args)})`
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true })
    if (exceptionDetails) throw new Error(exceptionDetails.exception.description)
    return result.value
  }

  async press(key) {
    const text = key.length === 1 ? { text: key } : {}
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...text })
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key })
  }

  /** As a PNG. */
  async screenshot() {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' })
    return Buffer.from(data, 'base64')
  }

  /** One that does not answer is killed. */
  async close() {
    const gone = once(this.#child, 'exit')
    this.send('Browser.close').catch(() => {})
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE)
    await gone
    clearTimeout(patience)
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

module.exports = { Browser, findChromium }
