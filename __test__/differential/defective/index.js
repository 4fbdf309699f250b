'use strict'
// A package that is wrong in one thing: it runs microtasks as next ticks. The suite must find that out. It is wrong however
// slow the machine is, so that every smaller program that could show it does.

const timers = require('node:timers')
const promises = require('node:timers/promises')

module.exports = { ...timers, queueMicrotask: (callback) => process.nextTick(callback), promises }
