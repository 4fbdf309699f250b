'use strict'
// Waits until a callback has been called a number of times. The callback is made once, as a program's would be: V8 throws
// the code of a function that calls it away when a new one turns up.

let left = 0
let done

const called = () => {
  if (--left === 0) done()
}

/** Lets `start` begin something, and waits until `called` was called `count` times. */
function countdown(count, start) {
  return new Promise((resolve) => {
    left = count
    done = resolve
    start()
  })
}

module.exports = { called, countdown }
