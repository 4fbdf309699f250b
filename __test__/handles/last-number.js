'use strict'
// For `handles.test.js`, with --expose-internals: takes the last number there is, then tries to set one more of each
// kind. Prints the number and the codes of the errors. If anything were scheduled after all, it would fire and throw.

const { internalBinding } = require('internal/test/binding')
const { clearTimeout, setImmediate, setInterval, setTimeout } = require('../..')

const { async_id_fields, constants } = internalBinding('async_wrap')
const first = async_id_fields[constants.kAsyncIdCounter]
async_id_fields[constants.kAsyncIdCounter] = Number.MAX_SAFE_INTEGER - 1

const last = setTimeout(() => {}, 1000)
const seen = [+last]
clearTimeout(last)
for (const set of [setTimeout, setInterval, setImmediate]) {
  try {
    set(() => {
      throw new Error('It was scheduled')
    }, 1)
  } catch (error) {
    seen.push(error.code)
  }
}

async_id_fields[constants.kAsyncIdCounter] = first
setTimeout(() => console.log(JSON.stringify(seen)), 5)
