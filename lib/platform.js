'use strict'
// The name of the compiled addon for this machine.

const { existsSync } = require('node:fs')

const musl = process.platform === 'linux' && isAlpine() ? '-musl' : ''

/** Under the permission model a program may not be allowed to ask. */
function isAlpine() {
  try {
    return existsSync('/etc/alpine-release')
  } catch {
    return false
  }
}

exports.binaryName = `rs-eventloop.${process.platform}-${process.arch}${musl}.node`
