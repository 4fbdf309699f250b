// Every public item, as an ES module of TypeScript uses it.

import type loop from 'rs-eventloop'
import {
  clearImmediate,
  clearInterval,
  clearTimeout,
  Immediate,
  promises,
  queueMicrotask,
  setImmediate,
  setInterval,
  setTimeout,
  Timeout,
} from 'rs-eventloop'
import timers, {
  setImmediate as immediate,
  setInterval as interval,
  scheduler,
  type TimerOptions,
  setTimeout as timeout,
} from 'rs-eventloop/promises'

const handles: [Timeout, Timeout, Immediate] = [
  setTimeout(() => {}, 1),
  setInterval(() => {}, 1),
  setImmediate(() => {}),
]
clearTimeout(handles[0])
clearInterval(handles[1])
clearImmediate(handles[2])
queueMicrotask(() => {})

const isHandle = (value: unknown): boolean => value instanceof Timeout || value instanceof Immediate

const options: TimerOptions = { signal: AbortSignal.timeout(5), ref: false }
const nothing: Promise<void> = timeout(1)
const text: string = await timeout(1, 'text', options)
const number: number = await immediate(1, { ref: true })
for await (const tick of interval(1, 'tick', options)) tick.toUpperCase()
for await (const tick of interval()) isHandle(tick)
const iterator: AsyncIterator<number> = interval(1, 1)
await scheduler.wait(1, { signal: new AbortController().signal })
await scheduler.yield()

const same: typeof loop.promises = promises
const alike: typeof timers.setTimeout = same.setTimeout

export const seen = { nothing, text, number, iterator, alike }
