'use strict'
// Node's functions as they were when this file was loaded.

module.exports = { ...require('node:timers'), queueMicrotask, promises: { ...require('node:timers/promises') } }
