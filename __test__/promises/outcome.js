'use strict'
// What a call comes to, in a form in which Node's and ours can be compared: thrown, rejected or fulfilled, and with what.

const { inspect } = require('node:util')

/** Everything that can be seen of an error, but for the files in its stack. */
function shapeOf(error) {
  if (!(error instanceof Error)) return { value: error }
  return {
    Class: error instanceof TypeError ? TypeError : Error,
    constructorName: error.constructor.name,
    properties: Object.getOwnPropertyNames(error).toSorted(),
    enumerable: Object.keys(error).toSorted(),
    name: error.name,
    code: error.code,
    message: error.message,
    cause: error.cause,
    text: String(error),
    stackBegins: error.stack.split('\n    at ')[0],
    inspected: inspect(error).split('\n    at ')[0],
  }
}

/** How `call()` ends. */
async function outcome(call) {
  let result
  try {
    result = call()
  } catch (error) {
    return { threw: shapeOf(error) }
  }
  const isNative = result instanceof Promise && result.constructor === Promise
  try {
    return { isNative, fulfilled: await result }
  } catch (error) {
    return { isNative, rejected: shapeOf(error) }
  }
}

module.exports = { outcome, shapeOf }
