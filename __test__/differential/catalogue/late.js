'use strict'
// What a scenario logs when the machine did not let it run in time, so that its order is another one: it runs again.

exports.LATE = 'the machine was late'
