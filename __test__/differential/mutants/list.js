'use strict'
// Defects that the suite must find out: each is one change of a file of the package. `from` stands there exactly once.

/** Node's own functions stay right; only ours change. */
module.exports = [
  {
    name: 'no-drain-between-timers',
    file: 'lib/turn.js',
    from: 'threw = runTimer(timer)\n    drainNext = !threw',
    to: 'threw = runTimer(timer)',
  },
  {
    name: 'drain-after-a-timer-that-threw',
    file: 'lib/turn.js',
    from: 'threw = runTimer(timer)\n    drainNext = !threw',
    to: 'threw = runTimer(timer)\n    drainNext = true',
  },
  {
    name: 'no-drain-between-lists',
    file: 'lib/turn.js',
    from: 'threw = words[DRAIN_FIRST] === 1 && drain()',
    to: 'threw = false',
  },
  {
    name: 'a-drain-behind-a-round-is-not-caught',
    file: 'lib/turn.js',
    from: 'if (drainLast && !threw && drain()) leave()',
    to: 'if (drainLast && !threw) process._tickCallback()',
  },
  {
    name: 'a-drain-that-threw-is-forgotten',
    file: 'lib/turn.js',
    from: 'threw = drain()',
    to: 'drain()',
  },
  {
    name: 'no-drain-between-immediates',
    file: 'lib/turn.js',
    from: 'threw = runImmediate(immediate)\n    drainNext = !threw',
    to: 'threw = runImmediate(immediate)',
  },
  {
    name: 'drain-after-an-immediate-that-threw',
    file: 'lib/turn.js',
    from: 'threw = runImmediate(immediate)\n    drainNext = !threw',
    to: 'threw = runImmediate(immediate)\n    drainNext = true',
  },
  {
    name: 'a-throw-is-not-told-to-the-scheduler',
    file: 'lib/turn.js',
    from: 'words[THREW] = threw ? 1 : 0',
    to: 'words[THREW] = 0',
  },
  {
    name: 'refreshed-by-a-drain-does-not-run',
    file: 'lib/turn.js',
    from: 'if (threw || !isPending(timer)) continue\n        unschedule(timer)',
    to: 'continue',
  },
  {
    name: 'interval-counts-from-the-end-of-its-callback',
    file: 'lib/timeout.js',
    from: 'repeat(timer, setTimerFromStart)',
    to: 'repeat(timer, setTimer)',
  },
  {
    name: 'interval-refreshed-by-itself-stays-where-it-is',
    file: 'lib/timeout.js',
    from: 'if (timer._repeat && timer._idleTimeout !== -1) {\n    if (slot >= 0) {',
    to: 'if (timer._repeat && timer._idleTimeout !== -1) {\n    if (slot >= 0) return\n    if (slot >= 0) {',
  },
  {
    name: 'refresh-of-a-pending-timer-does-nothing',
    file: 'lib/timeout.js',
    from: 'words[SLOT] = slot\n      this[kPlaces].refresh()',
    to: '',
  },
  {
    name: 'fired-and-cleared-then-refreshed-runs',
    file: 'lib/timeout.js',
    from: '    drop(timer)\n    return',
    to: '    return',
  },
  {
    name: 'unref-of-a-timer-does-nothing',
    file: 'lib/timeout.js',
    from: 'binding.unrefTimer()\n      }\n    }\n    return this',
    to: '}\n    }\n    return this',
  },
  {
    name: 'cleared-immediate-runs-all-the-same',
    file: 'lib/immediate.js',
    from: 'return isGone ? undefined : immediate',
    to: 'return immediate',
  },
  {
    name: 'microtask-a-hop-late',
    file: 'lib/microtasks.js',
    from: 'enqueueCallback(callback)',
    to: 'enqueueCallback(() => enqueueCallback(callback))',
  },
  {
    name: 'next-ticks-after-microtasks',
    file: 'lib/drain.js',
    from: 'const tickCallback = unwrapped(process._tickCallback)',
    to: `const tickCallback = unwrapped(process._tickCallback)
const { nextTick } = process
process.nextTick = (callback, ...args) => nextTick(() => Promise.resolve().then(() => nextTick(callback, ...args)))`,
  },
  {
    name: 'throwing-microtask-leaves-as-a-rejection',
    file: 'lib/jobs.js',
    from: '    uncaught(error)',
    to: '    throw error',
  },
  {
    name: 'promise-form-a-hop-late',
    file: 'lib/promises.js',
    from: 'if (signal === undefined) return promise',
    to: 'if (signal === undefined) return promise.then()',
  },
  {
    name: 'heap-by-the-deadline-of-the-head',
    file: 'src/scheduler/lists.rs',
    from: 'timers.unlink(&mut self.lists[list as usize].chain, slot);',
    to: `timers.unlink(&mut self.lists[list as usize].chain, slot);
        if let Some(head) = self.lists[list as usize].chain.head() {
            let List { delay, position, .. } = self.lists[list as usize];
            let key = Key { expiry: due_at(timers.get(head).time, delay), id: self.next_id };
            self.next_id += 1;
            self.heap.rekey(position as usize, key, &mut self.lists);
        }`,
  },
  {
    name: 'one-timer-of-a-list-at-a-time',
    file: 'src/scheduler/lists.rs',
    from: 'let capacity = batch.capacity().min(NOT_OFFERED as usize);',
    to: 'let capacity = 1;',
    with: [
      {
        file: 'src/scheduler/lists.rs',
        from: 'let Current::List(list) = self.current else { return None };',
        to: 'let Current::List(list) = Current::None else { return None };',
      },
    ],
  },
  {
    name: 'fresh-instead-of-the-now-of-the-phase',
    file: 'src/scheduler/timers.rs',
    from: 'let deadline = self.deadlines.first_due(now);',
    to: 'let now = now + 1_000_000_000;\n        let deadline = self.deadlines.first_due(now);',
  },
  {
    name: 'list-gone-with-its-last-unref’d-timer',
    file: 'src/scheduler/timers.rs',
    from: 'if let Some(list) = self.detach(slot).filter(|_| refed) {',
    to: 'let _ = refed;\n        if let Some(list) = self.detach(slot) {',
  },
  {
    name: 'immediates-of-immediates-in-the-same-phase',
    file: 'src/scheduler/mod.rs',
    from: '            if !threw {\n                let Some(now)',
    to: '            if !threw && self.immediates.pending() == 0 {\n                let Some(now)',
  },
  {
    name: 'after-a-throw-new-immediates-wait',
    file: 'src/scheduler/mod.rs',
    from: '            if !threw {\n                let Some(now)',
    to: '            {\n                let Some(now)',
  },
  {
    name: 'a-throw-counts-as-a-list-passed',
    file: 'src/scheduler/mod.rs',
    from: 'passed = was_there;',
    to: 'passed = was_there || threw;',
  },
  {
    name: 'timers-before-the-check-phase-of-the-same-turn',
    file: 'src/node/turn.rs',
    from: 'if environment.scheduler().pending_immediates() > 0 {',
    to: 'run_timers(environment);\n    if environment.scheduler().pending_immediates() > 0 {',
  },
]
