'use strict'
// The command line of the benchmarks.

const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined)

const numberArgument = (name, otherwise) => Number(argument(name) ?? otherwise)

module.exports = { argument, numberArgument }
