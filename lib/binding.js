'use strict'
// Loads the compiled addon. It never hides why that failed: only "not found" gets words of our own.

const { join } = require('node:path')

const file = join(__dirname, '..', require('./platform').binaryName)

try {
  module.exports = require(file)
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error
  const missing = new Error(
    'rs-eventloop is not compiled for this machine. Install Rust (https://rustup.rs), then run: npm rebuild rs-eventloop',
  )
  missing.code = 'ERR_LOOP_NOT_BUILT'
  missing.cause = error
  throw missing
}
