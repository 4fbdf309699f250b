'use strict'
// Promises and what settles them, for code that works with any class of promises.

const { ChainedPromise, FIRST, createPromise, reject, resolve, resolvingFunctions } = require('./core')
const { Capability } = require('./species')

/** A promise of ours and what settles it, as a Capability has. The functions are made when somebody wants them. */
class OwnCapability {
  constructor() {
    this.promise = createPromise()
    this.made = undefined
  }

  get functions() {
    this.made ??= resolvingFunctions(this.promise, FIRST)
    return this.made
  }

  resolve(value) {
    if (this.made === undefined) resolve(this.promise, value, FIRST)
    else this.made[0](value)
  }

  reject(reason) {
    reject(this.promise, reason, FIRST)
  }
}

function capabilityOf(C) {
  return C === ChainedPromise ? new OwnCapability() : new Capability(C)
}

module.exports = { capabilityOf }
