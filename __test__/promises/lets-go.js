'use strict'
// Starts all that must not keep a process alive, and says when it ends: node lets-go.js <node|ours>

const promises = process.argv[2] === 'ours' ? require('../../promises') : require('node:timers/promises')

const FAR = 1_000_000
const seen = []

async function main() {
  const controller = new AbortController()
  const { signal } = controller
  // Aborted later, while nobody asks it for more.
  await promises.setInterval(1, 1, { signal }).next()
  const aborted = [
    promises.setTimeout(FAR, 1, { signal }),
    promises.setInterval(FAR, 1, { signal }).next(),
    promises.scheduler.wait(FAR, { signal }),
  ]
  promises.setTimeout(FAR, 1, { ref: false })
  promises.setInterval(FAR, 1, { ref: false }).next()
  promises.setImmediate(1, { ref: false }).then(() => seen.push('unref’d immediate'))
  // Nothing begins before the first `next`.
  promises.setInterval(1)
  for await (const value of promises.setInterval(1, 'left')) {
    seen.push(value)
    break
  }
  const returned = async () => {
    for await (const value of promises.setInterval(1, 'returned')) return value
  }
  seen.push(await returned())
  const failed = async () => {
    for await (const value of promises.setInterval(1, 'failed')) throw value
  }
  await failed().catch((value) => seen.push(value))
  const thrown = promises.setInterval(1, 'thrown')
  await thrown.next()
  await thrown.throw(new Error('mine')).catch((error) => seen.push(error.message))
  controller.abort()
  for (const { reason } of await Promise.allSettled(aborted)) seen.push(reason.name)
}

// Sorted: which comes first of an immediate and a timer of 1 ms is a race.
process.on('exit', (code) => console.log(code, seen.toSorted().join()))
main()
