'use strict'
// What programs of promises are written with. `N` is the native class.

const N = Promise

const deferred = (P) => {
  const d = {}
  d.promise = new P((resolve, reject) => Object.assign(d, { resolve, reject }))
  return d
}

/** `log` as a handler. */
const as = (log, name) => (value) => {
  log(name, String(value))
  return value
}

const thenable = (act) => ({
  // biome-ignore lint/suspicious/noThenProperty: a thenable
  then: act,
})

module.exports = { N, as, deferred, thenable }
