'use strict'
// `node --require rs-eventloop/register` or `--import`: our functions in the place of Node's, from the start.

require('./lib/install').install()
