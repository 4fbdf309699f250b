'use strict'
// A host runs plugins that nobody has checked. Each gets a loop object of its own, so the host can see what a plugin has
// going, takes its errors, and ends all of it in one call: no timer of a plugin outlives it.

const { EventLoop, setTimeout } = require('rs-eventloop')

const PLUGINS = {
  clock: (loop) => loop.setInterval(() => console.log('clock: tick'), 10),
  careless: (loop) =>
    loop.setTimeout(() => {
      throw new Error('out of order')
    }, 15),
  // Leaves timers behind. With Node's own functions this process would not end for an hour.
  forgetful: (loop) => {
    for (let i = 0; i < 1000; i++) loop.setTimeout(() => {}, 3_600_000)
  },
}

const loops = Object.entries(PLUGINS).map(([name, start]) => {
  const loop = new EventLoop({
    name,
    origins: true,
    onError(error) {
      console.log(`${name}: ${error.message}. It is closed.`)
      loop.close()
    },
  })
  start(loop)
  return loop
})

setTimeout(async () => {
  for (const loop of loops) {
    const [first] = loop.handles()
    const what = first ? `, the first a ${first.kind} set${first.origin.split('\n')[0]}` : ''
    console.log(`${loop.name}: ${loop.state}, ${loop.handles().length} handles${what}`)
    const { dropped } = await loop.shutdown()
    console.log(`${loop.name}: ${loop.state}, ${dropped.timeout + dropped.interval} timers dropped`)
  }
}, 50)
