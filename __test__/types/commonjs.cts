// Every public item, as a CommonJS module of TypeScript uses it.

import { promisify } from 'node:util'

import loop = require('rs-eventloop')
import promises = require('rs-eventloop/promises')
import manifest = require('rs-eventloop/package.json')

const timeout: loop.Timeout = loop.setTimeout(() => {}, 10)
const interval: loop.Timeout = loop.setInterval(() => {}, '10')
const immediate: loop.Immediate = loop.setImmediate(() => {})

loop.setTimeout(() => {})
loop.setTimeout((a: number, b: string) => `${a}${b}`, 1, 2, 'three')
loop.setInterval((a: number) => a, 1, 2)
loop.setImmediate((a: { b: boolean }) => a.b, { b: true })
loop.setTimeout(function () {
  this.refresh().unref().ref().close()
}, 1)
loop.setImmediate(function (count: number) {
  const again: boolean = this.hasRef() && count > 0
  return again
}, 1)
loop.setTimeout((value?: number) => value, 1)

// As programs write it around promises.
export const resolved: Promise<unknown> = new Promise((resolve) => loop.setTimeout(resolve, 1))
export const nothing: Promise<void> = new Promise((resolve) => loop.setImmediate(resolve))
export const text: Promise<string> = new Promise((resolve) => loop.setTimeout(resolve, 1, 'text'))

for (const key of [timeout, interval, +timeout, `${+interval}`, undefined, null]) {
  loop.clearTimeout(key)
  loop.clearInterval(key)
}
for (const key of [immediate, +immediate, `${+immediate}`, undefined, null]) loop.clearImmediate(key)

const flags: boolean[] = [timeout.hasRef(), immediate.ref().hasRef(), immediate.unref().close().hasRef()]
const numbers: number[] = [timeout[Symbol.toPrimitive](), immediate[Symbol.toPrimitive]()]
timeout[Symbol.dispose]()
immediate[Symbol.dispose]()
loop.queueMicrotask(() => {})

// Where a program names Node's types, ours will do.
let nodes: NodeJS.Timeout = timeout
nodes = loop.setInterval(() => {}, 1)
const nodesImmediate: NodeJS.Immediate = immediate
loop.clearTimeout(nodes)
loop.clearImmediate(nodesImmediate)

const value: Promise<number> = promisify(loop.setTimeout)(1, 2)
const other: Promise<string> = promisify(loop.setImmediate)('other')
const same: typeof promises = loop.promises
const waited: Promise<void> = same.setTimeout(1)
const version: string = manifest.version

export const seen = { flags, numbers, value, other, waited, version }
