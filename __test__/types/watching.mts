// Watched file descriptors and doorbells, as an ES module of TypeScript uses them.

import { type Doorbell, EventLoop, ring, type WatchEvents, type Watcher } from 'rs-eventloop'

const loop = new EventLoop()
const watcher: Watcher = loop.watch(
  0,
  { readable: true, writable: false, priority: true, mode: 'edge' },
  (events, same) => {
    const told: boolean[] = [events.readable, events.writable, events.priority, events.error, events.hangup]
    const more: boolean = events.readClosed && told.every(Boolean)
    if (more) same.update({ mode: 'level' }).close()
  },
)
loop.watch(1, { writable: true }, function () {
  this.unref().ref()
})
const fd: number = watcher.fd
for await (const events of loop.watch(fd, { readable: true, mode: 'once' })) {
  const one: WatchEvents = events
  if (one.hangup) break
}
const bell: Doorbell = loop.doorbell(function (rings: number) {
  if (this.hasRef() && rings > 1) this.close()
})
ring(bell.unref().ref().id)
watcher[Symbol.dispose]()
bell[Symbol.dispose]()

// @ts-expect-error: the options are needed
loop.watch(0, () => {})
// @ts-expect-error: no such mode
loop.watch(0, { readable: true, mode: 'both' })
// @ts-expect-error: what has come is for reading
loop.watch(0, { readable: true }, (events) => (events.readable = false))
// @ts-expect-error: a doorbell is rung by its number
ring(bell)
// @ts-expect-error: the number is the doorbell's own
bell.id = 1
