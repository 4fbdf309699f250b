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

const UNDICI = [
  '@fastify/busboy@3.2.0',
  '@matteo.collina/tspl@0.2.0',
  '@metcoder95/https-pem@1.0.0',
  '@sinonjs/fake-timers@12.0.0',
  'abort-controller@3.0.0',
  'dns-packet@5.6.1',
  'fast-check@4.1.1',
  'jsondiffpatch@0.7.3',
  'node-forge@1.3.1',
  'proxy@2.2.0',
  'ws@8.18.0',
]

const FASTIFY = [
  'ajv@8.17.1',
  'ajv-errors@3.0.0',
  'ajv-formats@3.0.1',
  'ajv-i18n@4.2.0',
  'ajv-merge-patch@5.0.1',
  'borp@1.0.0',
  'fast-json-body@1.1.0',
  'fastify-plugin@5.0.1',
  'fluent-json-schema@6.0.0',
  'h2url@0.2.0',
  'http-errors@2.0.0',
  'joi@18.0.1',
  'JSONStream@1.3.5',
  'node-forge@1.3.1',
  'proxyquire@2.1.3',
  'split2@4.2.0',
  'typebox@1.0.81',
  'undici@7.16.0',
  'vary@1.1.2',
  'yup@1.4.0',
]

const RXJS = [
  'mocha@8.4.0',
  'chai@4.3.10',
  'sinon@4.3.0',
  'sinon-chai@2.14.0',
  'lodash@4.17.21',
  'ts-node@9.1.1',
  'typescript@4.2.4',
  'web-streams-polyfill@3.0.2',
  'form-data@3.0.1',
  '@swc/core@1.2.128',
  '@swc/helpers@0.3.2',
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
  {
    name: 'undici',
    repository: 'nodejs/undici',
    tools: UNDICI,
    // What keeps time: all of it takes longer than our patience.
    command: [
      'node',
      '--expose-gc',
      '--test',
      '--test-reporter=tap',
      ...['timers', 'client*', 'pool*', 'retry*', 'mock*'].map((name) => `test/${name}.js`),
    ],
  },
  {
    name: 'fastify',
    repository: 'fastify/fastify',
    tools: FASTIFY,
    command: ['node', '--test', '--test-reporter=tap', 'test/*.test.js'],
  },
  {
    name: 'rxjs',
    repository: 'ReactiveX/rxjs',
    tools: RXJS,
    command: [
      'TS_NODE_PROJECT=tsconfig.mocha.json',
      ...mocha,
      '--config spec/support/.mocharc.js',
      "'spec/**/*-spec.ts'",
    ],
  },
]
