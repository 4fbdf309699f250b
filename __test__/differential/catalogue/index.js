'use strict'
// The catalogue: small programs, by subject. Each runs on Node's own functions and on ours, live, in processes of their
// own (`run-one.js`), and the traces must agree.
//
// program(log, busy): `log` appends to the trace, `busy(ms)` blocks the thread. `tp()` gives the promise forms; UE and UR
// listen to uncaught errors and to unhandled rejections.

/** One trace on all versions of Node. */
exports.fixed = [
  'microtasks',
  'timers',
  'lists',
  'repeats',
  'arguments',
  'immediates',
  'errors',
  'rejections',
  'promises',
  'life',
  'context',
].flatMap((subject) => require(`./${subject}`))

/** One trace for each version, and ours is that of Node 24. */
exports.varies = require('./versions')

/** Node itself does not fix the order. Compared is what it does fix: the order within each lane. */
exports.open = require('./open')
