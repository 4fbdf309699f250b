// Loop objects in deadline order, as TypeScript sees them.

import { EventLoop, type LoopTimer, type Timeout } from 'rs-eventloop'

const loop = new EventLoop({ order: 'deadline', missed: 'skip' })
export const timeout: Timeout = loop.setTimeout(() => {}, 0.2)
export const interval: LoopTimer = loop.setInterval(
  function (step: number) {
    const periods: number = step + (this.missed ?? 0)
    if (periods > 3) this.close()
  },
  0.2,
  1,
)
export const missed: number | undefined = interval.missed

// @ts-expect-error no such order
new EventLoop({ order: 'random' })
// @ts-expect-error no such policy
new EventLoop({ order: 'deadline', missed: 'all' })
// @ts-expect-error it is told, not set
interval.missed = 1
