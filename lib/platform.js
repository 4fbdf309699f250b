'use strict'
// The name of the compiled addon for this machine.

const { existsSync } = require('node:fs')

const musl = process.platform === 'linux' && existsSync('/etc/alpine-release') ? '-musl' : ''

exports.binaryName = `rs-eventloop.${process.platform}-${process.arch}${musl}.node`
