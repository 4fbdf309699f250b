#!/usr/bin/env node
'use strict'
// The command: npx rs-eventloop diff script.js

const { main } = require('../lib/diff/command')

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
