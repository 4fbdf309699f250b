'use strict'
// Packages of others that live on timers and promises, and how the tests in their sources are run. What they need for
// that is installed by name: the rest of their tools, for browsers and linting, is not needed here.

const AVA = ['ava@6.4.1', 'delay@6.0.0', 'in-range@3.0.0', 'random-int@3.0.0', 'time-span@5.1.0']
const ava = ['node_modules/.bin/ava', '--tap']
const mocha = ['node_modules/.bin/mocha', '--reporter', 'tap']

const ASYNC = [
  'mocha@6.2.3',
  'chai@4.5.0',
  'babel-register@6.26.0',
  'babel-plugin-transform-es2015-modules-commonjs@6.26.2',
  'babel-plugin-syntax-async-generators@6.13.0',
  'bluebird@3.7.2',
  'es6-promise@4.2.8',
  'native-promise-only@0.8.1',
  'rsvp@4.8.5',
  'semver@7.7.2',
]

module.exports = [
  { name: 'p-limit', repository: 'sindresorhus/p-limit', tools: AVA, command: ava },
  { name: 'p-map', repository: 'sindresorhus/p-map', tools: [...AVA, 'chalk@5.3.0'], command: ava },
  { name: 'p-retry', repository: 'sindresorhus/p-retry', tools: [...AVA, 'execa@9.6.0'], command: ava },
  { name: 'p-throttle', repository: 'sindresorhus/p-throttle', tools: [...AVA, 'pretty-bytes@7.0.1'], command: ava },
  {
    name: 'p-timeout',
    repository: 'sindresorhus/p-timeout',
    tools: [...AVA, 'p-cancelable@4.0.1', 'sinon@21.0.0'],
    command: ava,
  },
  {
    name: 'p-queue',
    repository: 'sindresorhus/p-queue',
    tools: [...AVA, 'p-defer@4.0.1', 'tsx@4.20.5'],
    command: ['node', '--import=tsx/esm', '--test', '--test-reporter=tap', 'test/*.ts'],
  },
  {
    name: 'delay',
    repository: 'sindresorhus/delay',
    tools: AVA,
    command: ['node', '--test', '--test-reporter=tap'],
  },
  { name: 'async', repository: 'caolan/async', tools: ASYNC, command: mocha },
  {
    name: 'bottleneck',
    repository: 'SGrondin/bottleneck',
    tools: ['mocha@6.2.3', 'ioredis@4.28.5', 'redis@2.8.0'],
    command: [...mocha, 'test'],
  },
  {
    name: 'fastq',
    repository: 'mcollina/fastq',
    tools: ['tape@5.9.0', 'async@3.2.6', 'neo-async@2.6.2'],
    command: ['node_modules/.bin/tape', 'test/test.js', 'test/promise.js'],
  },
]
