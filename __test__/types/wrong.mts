// What must not compile. Each expectation that is not met is an error of the compiler.

import loop, { setImmediate, setTimeout, Timeout } from 'rs-eventloop'
import { scheduler, setInterval, setTimeout as timeout } from 'rs-eventloop/promises'

// @ts-expect-error a callback is needed
setTimeout()
// @ts-expect-error code is not evaluated
setTimeout('code', 1)
// @ts-expect-error no delay of this type can be one
setTimeout(() => {}, 5n)
// @ts-expect-error an argument is missing
setTimeout((a: number) => a, 1)
// @ts-expect-error an argument has another type
setTimeout((a: number) => a, 1, 'two')
// @ts-expect-error the callback takes no such argument
setImmediate(() => {}, 1)
// @ts-expect-error immediates do not repeat
setImmediate(() => {}).refresh()
// @ts-expect-error handles are made by the functions
new Timeout()
// @ts-expect-error not a handle
loop.clearTimeout({})
// @ts-expect-error not a handle
loop.clearImmediate(Symbol())
// @ts-expect-error microtasks have no arguments
loop.queueMicrotask((a: number) => a)
// @ts-expect-error the delay of a promise is a number
timeout('1')
// @ts-expect-error the value has another type
const wrong: Promise<number> = timeout(1, 'text')
// @ts-expect-error not a signal
timeout(1, 1, { signal: true })
// @ts-expect-error no such option
timeout(1, 1, { unref: true })
// @ts-expect-error it is an async iterator
for (const tick of setInterval(1)) console.log(tick)
// @ts-expect-error nothing can be yielded to
scheduler.yield(1)
// @ts-expect-error ref is a boolean
timeout(1, 1, { ref: 'yes' })
// @ts-expect-error there is no such promise
loop.promises.nextTick()
// @ts-expect-error there is nothing in this promise
const nothing: Promise<number> = scheduler.yield()

export { nothing, wrong }
