'use strict'
// A sampler that wants 2,000 samples a second, and has to know which of them it could not take. In deadline order an
// interval of 0.5 ms keeps to its grid: whatever holds the program up, sample n belongs to start + n * 0.5 ms.

const { EventLoop } = require('rs-eventloop')

const SAMPLES = 400

const loop = new EventLoop({ name: 'sampler', order: 'deadline', missed: 'skip' })
let sample = 0
let taken = 0

loop.setInterval(function () {
  sample += 1 + this.missed
  taken++
  if (sample >= SAMPLES) {
    console.log(`sample ${sample} is the one of ${sample * 0.5} ms: ${taken} taken, ${sample - taken} left out`)
    loop.close()
  }
}, 0.5)

// Something else holds the program up for 20 ms: about 40 samples are left out, and the others keep their places.
setTimeout(() => {
  const end = performance.now() + 20
  while (performance.now() < end);
}, 50)
