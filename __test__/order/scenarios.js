'use strict'
// Small programs whose order Node fixes. Each runs on Node's own functions and on ours, live, and the traces must agree.
// program(log, busy): log appends to the trace, busy(ms) blocks the thread. `fixed`: one trace on all versions of Node;
// `varies`: one per version, and we follow Node 24; `open`: Node itself does not fix the order.
const busy5 = () => {
  const end = performance.now() + 5;
  while (performance.now() < end);
};
exports.fixed = [
  {
    id: 'D01',
    title: 'main script: sync, ticks, microtasks, due timer, immediate',
    program: (L, busy) => {
      setTimeout(() => L('timeout'), 1);
      setImmediate(() => L('immediate'));
      process.nextTick(() => L('tick'));
      Promise.resolve().then(() => L('then'));
      queueMicrotask(() => L('micro'));
      L('sync');
      busy(5);
    },
  },
  {
    id: 'D02',
    title: 'ticks queued by ticks run before any microtask',
    program: (L) => {
      Promise.resolve().then(() => L('then'));
      process.nextTick(() => {
        L('t1');
        process.nextTick(() => {
          L('t1.1');
          process.nextTick(() => L('t1.1.1'));
        });
        queueMicrotask(() => L('m-from-t1'));
      });
      process.nextTick(() => L('t2'));
    },
  },
  {
    id: 'D03',
    title: 'microtasks queue ticks and microtasks: all microtasks first, then the ticks',
    program: (L) => {
      queueMicrotask(() => {
        L('m1');
        process.nextTick(() => L('t-from-m1'));
        queueMicrotask(() => L('m-from-m1'));
      });
      queueMicrotask(() => L('m2'));
      process.nextTick(() => L('t1'));
      process.nextTick(() => {
        L('t2');
        queueMicrotask(() => L('m-from-t2'));
        process.nextTick(() => L('t-from-t2'));
      });
    },
  },
  {
    id: 'D04',
    title: 'a 1000-long microtask chain starves ticks; a 1000-long tick chain starves microtasks',
    program: (L) => {
      let n = 0;
      const f = () => {
        if (++n < 1000) queueMicrotask(f);
        else L('micro-chain-done');
      };
      f();
      process.nextTick(() => {
        L('tick');
        let k = 0;
        const g = () => {
          if (++k < 1000) process.nextTick(g);
          else L('tick-chain-done');
        };
        g();
        queueMicrotask(() => L('m-after-ticks'));
      });
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D06',
    title: 'ping-pong between the two queues: tick -> micro -> tick -> micro',
    program: (L) => {
      process.nextTick(() => {
        L('t1');
        queueMicrotask(() => {
          L('m1');
          process.nextTick(() => {
            L('t2');
            queueMicrotask(() => {
              L('m2');
              process.nextTick(() => L('t3'));
            });
          });
        });
      });
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D07',
    title: 'arguments: nextTick passes its extra arguments, queueMicrotask passes none',
    program: (L) => {
      process.nextTick((...a) => L('tick' + JSON.stringify(a)), 1, 'b', null, [4], 5, 6);
      queueMicrotask((...a) => L('micro' + JSON.stringify(a)), 1, 2);
      Promise.resolve(7).then((...a) => L('then' + JSON.stringify(a)));
    },
  },
  {
    id: 'D08',
    title: 'this in callbacks (strict mode)',
    program: (L) => {
      'use strict';
      const t = setTimeout(function () {
        L('timeout:' + (this === t));
      }, 1);
      const i = setInterval(function () {
        L('interval:' + (this === i));
        clearInterval(this);
      }, 1);
      const m = setImmediate(function () {
        L('immediate:' + (this === m));
      });
      process.nextTick(function () {
        L('tick:' + this);
      });
      queueMicrotask(function () {
        L('micro:' + this);
      });
      busy5();
    },
  },
  {
    id: 'D09',
    title: 'returning a promise from then costs two extra microtask turns',
    program: (L) => {
      const p = Promise.resolve();
      p.then(() => {
        L('1');
        return Promise.resolve();
      }).then(() => L('5'));
      p.then(() => L('2'))
        .then(() => L('3'))
        .then(() => L('4'))
        .then(() => L('6'));
    },
  },
  {
    id: 'D11',
    title: 'reject(promise) does not adopt; resolve(self) rejects with TypeError; later settles are ignored',
    program: (L) => {
      const inner = Promise.resolve('x');
      new Promise((_, r) => r(inner)).catch((v) => L('rejected-with-inner:' + (v === inner)));
      let r2;
      const self = new Promise((r) => {
        r2 = r;
      });
      r2(self);
      self.catch((e) => L(e.constructor.name));
      new Promise((r, j) => {
        r(1);
        j(2);
        r(3);
        throw new Error('no');
      }).then((v) => L('v' + v));
    },
  },
  {
    id: 'D12',
    title: 'then / catch / finally hop counts',
    program: (L) => {
      Promise.reject(new Error('e'))
        .finally(() => L('fin'))
        .catch(() => L('catch-after-fin'));
      Promise.reject(1)
        .catch(() => L('catch'))
        .then(() => L('then-after-catch'));
      let q = Promise.resolve();
      for (let i = 1; i <= 5; i++) q = q.then(() => L('p' + i));
    },
  },
  {
    id: 'D13',
    title: 'all / race / allSettled / any against a plain chain',
    program: (L) => {
      const r = (v) => Promise.resolve(v);
      Promise.all([r(1), r(2)]).then(() => L('all'));
      Promise.race([r(1), r(2)]).then(() => L('race'));
      Promise.allSettled([r(1), Promise.reject(2)]).then(() => L('settled'));
      Promise.any([Promise.reject(0), r(1)]).then(() => L('any'));
      let q = r();
      for (let i = 1; i <= 5; i++) q = q.then(() => L('p' + i));
    },
  },
  {
    id: 'D14',
    title: 'subclass then: reactions keep order and class',
    program: (L) => {
      class P extends Promise {}
      const p = P.resolve(1);
      const q = p.then((v) => {
        L('a' + v);
        return v + 1;
      });
      L(q instanceof P);
      p.then(() => L('b'));
      q.then((v) => L('c' + v));
      P.all([p, q]).then((a) => L('all' + a));
    },
  },
  {
    id: 'D16',
    title: 'async function returning a value / awaited promise / promise',
    program: (L) => {
      (async () => Promise.resolve('x'))().then(() => L('ret-promise'));
      (async () => 'x')().then(() => L('ret-value'));
      (async () => await Promise.resolve('x'))().then(() => L('ret-await'));
      let q = Promise.resolve();
      for (let i = 1; i <= 5; i++) q = q.then(() => L('p' + i));
    },
  },
  {
    id: 'D17',
    title: 'executor runs synchronously; handlers added late still run as microtasks',
    program: (L) => {
      const p = new Promise((r) => {
        L('exec');
        r(1);
      });
      L('after');
      setTimeout(() => {
        L('timer');
        p.then(() => L('late-then'));
        queueMicrotask(() => L('late-micro'));
        process.nextTick(() => L('late-tick'));
        L('timer-end');
      }, 1);
    },
  },
  {
    id: 'D18',
    title: 'ten timers of one duration run in creation order',
    program: (L, busy) => {
      for (let i = 0; i < 10; i++) setTimeout(() => L(i), 1);
      busy(5);
    },
  },
  {
    id: 'D19',
    title: 'all spellings of "minimum delay" fall into the 1 ms list, FIFO',
    program: (L, busy) => {
      [1, 0, undefined, NaN, -5, 'abc', null, 0.5, 1.9, '1', true, [1], 2 ** 31, Infinity, -Infinity, {}, '', false].forEach(
        (d, i) => setTimeout(() => L(i), d),
      );
      busy(5);
    },
  },
  {
    id: 'D21',
    title: 'different durations due in the same phase run by expiry',
    program: (L, busy) => {
      setTimeout(() => L('120'), 120);
      setTimeout(() => L('1'), 1);
      setTimeout(() => L('60'), 60);
      busy(150);
    },
  },
  {
    id: 'D22',
    title: 'different durations, each due in its own phase',
    program: (L) => {
      setTimeout(() => L('120'), 120);
      setTimeout(() => L('1'), 1);
      setTimeout(() => L('60'), 60);
    },
  },
  {
    id: 'D23',
    title: 'ticks then microtasks drain between two timers of one list',
    program: (L, busy) => {
      for (const n of ['A', 'B', 'C'])
        setTimeout(() => {
          L(n);
          queueMicrotask(() => L(n + '.micro'));
          process.nextTick(() => {
            L(n + '.tick');
            queueMicrotask(() => L(n + '.tick.micro'));
          });
        }, 1);
      busy(5);
    },
  },
  {
    id: 'D24',
    title: 'ticks then microtasks drain between two lists due in one phase',
    program: (L, busy) => {
      for (const [n, d] of [
        ['A', 1],
        ['B', 60],
      ])
        setTimeout(() => {
          L(n);
          queueMicrotask(() => L(n + '.micro'));
          process.nextTick(() => L(n + '.tick'));
        }, d);
      busy(90);
    },
  },
  {
    id: 'D26',
    title: 'immediate set in a timer runs before a timer set in that timer, even if that one is due',
    program: (L, busy) => {
      setTimeout(() => {
        L('A');
        setTimeout(() => L('A.timer'), 0);
        setImmediate(() => L('A.imm'));
        busy(5);
      }, 1);
      busy(5);
    },
  },
  {
    id: 'D27',
    title: 'timers created in tick, microtask and sync code of one turn: creation order',
    program: (L, busy) => {
      process.nextTick(() => setTimeout(() => L('from-tick'), 1));
      queueMicrotask(() => setTimeout(() => L('from-micro'), 1));
      setTimeout(() => L('from-sync'), 1);
      process.nextTick(() =>
        queueMicrotask(() => {
          setTimeout(() => L('from-tick-micro'), 1);
          busy(5);
        }),
      );
    },
  },
  {
    id: 'D28',
    title: 'clearing a sibling of the same list, same batch',
    program: (L, busy) => {
      setTimeout(() => {
        L('A');
        clearTimeout(b);
      }, 1);
      const b = setTimeout(() => L('B'), 1);
      setTimeout(() => L('C'), 1);
      busy(5);
    },
  },
  {
    id: 'D29',
    title: 'clearing a sibling of another list due in the same phase',
    program: (L, busy) => {
      setTimeout(() => {
        L('A');
        clearTimeout(b);
      }, 1);
      const b = setTimeout(() => L('B'), 50);
      setTimeout(() => L('C'), 100);
      busy(130);
    },
  },
  {
    id: 'D31',
    title: 'clearing oneself, twice, and after firing is a no-op',
    program: (L, busy) => {
      const a = setTimeout(() => {
        L('A');
        clearTimeout(a);
        clearTimeout(a);
      }, 1);
      setTimeout(() => {
        clearTimeout(a);
        L('B');
      }, 1);
      busy(5);
    },
  },
  {
    id: 'D32',
    title: 'clear and re-create: the new timer goes to the back',
    program: (L, busy) => {
      const a = setTimeout(() => L('a-old'), 1);
      setTimeout(() => L('b'), 1);
      clearTimeout(a);
      setTimeout(() => L('a-new'), 1);
      busy(5);
    },
  },
  {
    id: 'D33',
    title: 'interval and timeouts of one duration: the interval re-queues behind them',
    program: (L) => {
      let n = 0;
      const i = setInterval(() => {
        L('i');
        if (++n === 3) clearInterval(i);
      }, 10);
      setTimeout(() => L('t1'), 10);
      setTimeout(() => L('t2'), 10);
    },
  },
  {
    id: 'D34',
    title: 'two intervals of one duration alternate',
    program: (L, busy) => {
      let n = 0,
        m = 0;
      const i = setInterval(() => {
        L('i');
        if (++n === 3) clearInterval(i);
      }, 1);
      const j = setInterval(() => {
        L('j');
        if (++m === 3) clearInterval(j);
      }, 1);
      busy(5);
    },
  },
  {
    id: 'D36',
    title: 'interval slower than its period: no burst, one call per loop turn, check phase in between',
    program: (L, busy) => {
      let n = 0;
      const i = setInterval(() => {
        L('i' + n);
        busy(5);
        setImmediate(() => L('imm'));
        if (++n === 3) clearInterval(i);
      }, 1);
    },
  },
  {
    id: 'D37',
    title: 'interval cleared by a sibling of its list',
    program: (L, busy) => {
      const i = setInterval(() => L('i'), 1);
      setTimeout(() => {
        L('t');
        clearInterval(i);
      }, 1);
      busy(5);
    },
  },
  {
    id: 'D38',
    title: 'refresh() moves a pending timer to the back of its list',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 1);
      setTimeout(() => L('b'), 1);
      a.refresh();
      busy(5);
    },
  },
  {
    id: 'D39',
    title: 'refresh() in its own callback re-arms once',
    program: (L) => {
      let n = 0;
      const a = setTimeout(() => {
        L('a' + n);
        if (n++ < 2) a.refresh();
      }, 1);
    },
  },
  {
    id: 'D41',
    title: 'refresh() after clearTimeout is a no-op and returns the timer',
    program: (L) => {
      const a = setTimeout(() => L('a'), 1);
      clearTimeout(a);
      L(a.refresh() === a);
      setTimeout(() => L('end'), 10);
    },
  },
  {
    id: 'D42',
    title: 'refresh() of a due sibling from an earlier sibling postpones it to the next timers phase',
    program: (L, busy) => {
      setTimeout(() => {
        L('A');
        b.refresh();
        setImmediate(() => L('imm'));
        busy(5);
      }, 1);
      const b = setTimeout(() => L('B'), 1);
      setTimeout(() => L('C'), 1);
      busy(5);
    },
  },
  {
    id: 'D43',
    title: 'refresh() on an interval inside its callback',
    program: (L) => {
      let n = 0;
      const a = setInterval(() => {
        L('i' + n);
        if (++n === 3) clearInterval(a);
        else a.refresh();
      }, 1);
    },
  },
  {
    id: 'D44',
    title: 'callback arguments',
    program: (L, busy) => {
      setTimeout((...a) => L(JSON.stringify(a)), 1, 1, '2', { a: 3 }, [4], null, undefined, 7);
      const i = setInterval(
        (...a) => {
          L(JSON.stringify(a));
          clearInterval(i);
        },
        1,
        'x',
        'y',
      );
      setImmediate((...a) => L(JSON.stringify(a)), 1, 2, 3, 4, 5);
      busy(5);
    },
  },
  {
    id: 'D46',
    title: 'clearTimeout / clearInterval of foreign values never throw',
    program: (L) => {
      let bad = 0;
      for (const v of [
        undefined,
        null,
        {},
        [],
        NaN,
        '',
        'abc',
        true,
        () => {},
        Symbol('x'),
        0,
        -1,
        1e9,
        10n,
        { _onTimeout: null },
      ])
        for (const f of [clearTimeout, clearInterval])
          try {
            if (f(v) !== undefined) bad++;
          } catch {
            bad++;
          }
      clearImmediate(undefined);
      clearImmediate(null);
      clearImmediate(0);
      clearImmediate('');
      L(bad);
      setTimeout(() => L('still-works'), 1);
    },
  },
  {
    id: 'D47',
    title: 'non-functions throw ERR_INVALID_ARG_TYPE synchronously, nothing is scheduled',
    program: (L) => {
      for (const f of [setTimeout, setInterval, setImmediate, queueMicrotask, process.nextTick])
        for (const v of ['code', undefined, null, {}, 5])
          try {
            f(v, 1);
            L('no-throw');
          } catch (e) {
            if (e.code !== 'ERR_INVALID_ARG_TYPE' || !(e instanceof TypeError)) L(f.name + ':' + e.code);
          }
      L('done');
    },
  },
  {
    id: 'D48',
    title: 'TimeoutOverflowWarning: emitted through a tick, delay becomes 1',
    program: (L, busy) => {
      process.on('warning', (w) => L(w.name));
      process.nextTick(() => L('t0'));
      const t = setTimeout(() => L('fired'), 2 ** 31);
      setTimeout(() => L('next'), 1);
      process.nextTick(() => L('t1'));
      queueMicrotask(() => L('m'));
      busy(5);
      L(t._idleTimeout === undefined ? 1 : t._idleTimeout);
    },
  },
  {
    id: 'D49',
    title: 'immediates run FIFO; ticks then microtasks drain between them',
    program: (L) => {
      for (const n of ['A', 'B', 'C'])
        setImmediate(() => {
          L(n);
          queueMicrotask(() => L(n + '.micro'));
          process.nextTick(() => L(n + '.tick'));
        });
    },
  },
  {
    id: 'D51',
    title: 'an immediate set by a tick or microtask between immediates also waits',
    program: (L) => {
      setImmediate(() => {
        L('A');
        process.nextTick(() => setImmediate(() => L('from-tick')));
        queueMicrotask(() => setImmediate(() => L('from-micro')));
      });
      setImmediate(() => L('B'));
    },
  },
  {
    id: 'D52',
    title: 'a timer that becomes due while immediates run goes before nested immediates',
    program: (L, busy) => {
      setImmediate(() => {
        L('A');
        setTimeout(() => L('t'), 1);
        setImmediate(() => L('C'));
        busy(5);
      });
      setImmediate(() => L('B'));
    },
  },
  {
    id: 'D53',
    title: 'timers and immediates alternate by phase when every timer is made due',
    program: (L, busy) => {
      let n = 0;
      const turn = () => {
        const k = n++;
        L('t' + k);
        setImmediate(() => L('i' + k));
        if (n < 4) setTimeout(turn, 1);
        busy(5);
      };
      setTimeout(turn, 1);
      busy(5);
    },
  },
  {
    id: 'D54',
    title: 'clearing a sibling immediate from the callback',
    program: (L) => {
      setImmediate(() => {
        L('A');
        clearImmediate(b);
        clearImmediate(d);
        setImmediate(() => L('N'));
      });
      const b = setImmediate(() => L('B'));
      setImmediate(() => L('C'));
      const d = setImmediate(() => L('D'));
    },
  },
  {
    id: 'D56',
    title: 'clearing all remaining immediates from a microtask, then adding one',
    program: (L) => {
      setImmediate(() => {
        L('A');
        queueMicrotask(() => {
          clearImmediate(b);
          clearImmediate(c);
          setImmediate(() => L('N'));
        });
      });
      const b = setImmediate(() => L('B')),
        c = setImmediate(() => L('C'));
    },
  },
  {
    id: 'D57',
    title: 'clearing an immediate before the loop starts, from a tick',
    program: (L) => {
      const a = setImmediate(() => L('A'));
      setImmediate(() => L('B'));
      process.nextTick(() => clearImmediate(a));
    },
  },
  {
    id: 'D58',
    title: '2000 immediates: one batch, a tick after each',
    program: (L) => {
      let last = -1,
        ok = true;
      for (let i = 0; i < 2000; i++)
        setImmediate(() => {
          if (last !== i - 1) ok = false;
          process.nextTick(() => {
            last = i;
            if (i === 1999) L('ordered:' + ok);
          });
        });
      setImmediate(() => L('end'));
    },
  },
  {
    id: 'D59',
    title: 'unref()ed immediate alone never runs',
    program: (L) => {
      setImmediate(() => L('never')).unref();
    },
  },
  {
    id: 'D61',
    title: 'throw in a timer: the next timer of the same list runs before the pending ticks',
    program: (L, busy) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'));
        queueMicrotask(() => L('ue.micro'));
      });
      setTimeout(() => {
        L('A');
        process.nextTick(() => L('A.tick'));
        queueMicrotask(() => L('A.micro'));
        throw new Error('a');
      }, 1);
      setTimeout(() => {
        L('B');
        process.nextTick(() => L('B.tick'));
      }, 1);
      setTimeout(() => L('C'), 1);
      busy(5);
    },
  },
  {
    id: 'D62',
    title: 'throw in the last timer of a list: ticks drain before the next list',
    program: (L, busy) => {
      UE(L);
      setTimeout(() => {
        L('A');
        process.nextTick(() => L('A.tick'));
        queueMicrotask(() => L('A.micro'));
        throw new Error('a');
      }, 1);
      setTimeout(() => L('D'), 60);
      busy(90);
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D63',
    title: 'throw in a timer that cleared itself: its (now deleted) list no longer separates it from the next list',
    program: (L, busy) => {
      UE(L);
      const a = setTimeout(() => {
        L('A');
        process.nextTick(() => L('A.tick'));
        clearTimeout(a);
        throw new Error('a');
      }, 1);
      setTimeout(() => L('D'), 60);
      busy(90);
    },
  },
  {
    id: 'D64',
    title: 'throw in the only timer: ticks drain at the end of the timers phase, before immediates',
    program: (L, busy) => {
      UE(L);
      setTimeout(() => {
        L('A');
        process.nextTick(() => L('A.tick'));
        setImmediate(() => L('imm'));
        throw new Error('a');
      }, 1);
      busy(5);
    },
  },
  {
    id: 'D66',
    title: 'throw in an immediate: the next immediate runs before the pending ticks',
    program: (L) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'));
        queueMicrotask(() => L('ue.micro'));
      });
      setImmediate(() => {
        L('A');
        process.nextTick(() => L('A.tick'));
        queueMicrotask(() => L('A.micro'));
        throw new Error('a');
      });
      setImmediate(() => {
        L('B');
        process.nextTick(() => L('B.tick'));
      });
      setImmediate(() => L('C'));
    },
  },
  {
    id: 'D67',
    title: 'throw in the last immediate: its ticks wait for the next check phase, behind the new immediates',
    program: (L) => {
      UE(L);
      setImmediate(() => {
        L('A');
        process.nextTick(() => L('A.tick'));
        queueMicrotask(() => L('A.micro'));
        setImmediate(() => L('N'));
        throw new Error('a');
      });
    },
  },
  {
    id: 'D68',
    title: 'two throwing immediates',
    program: (L) => {
      UE(L, () => process.nextTick(() => L('ue.tick')));
      setImmediate(() => {
        L('A');
        throw new Error('a');
      });
      setImmediate(() => {
        L('B');
        throw new Error('b');
      });
      setImmediate(() => L('C'));
    },
  },
  {
    id: 'D69',
    title: 'throw in a tick of the main script: a due timer runs before the remaining ticks',
    program: (L, busy) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'));
        queueMicrotask(() => L('ue.micro'));
      });
      process.nextTick(() => L('t1'));
      process.nextTick(() => {
        L('t2');
        throw new Error('t2');
      });
      process.nextTick(() => L('t3'));
      queueMicrotask(() => L('m1'));
      setTimeout(() => L('timer'), 1);
      setImmediate(() => L('imm'));
      busy(5);
    },
  },
  {
    id: 'D71',
    title: 'throw in a tick between immediates',
    program: (L) => {
      UE(L);
      setImmediate(() => {
        L('A');
        process.nextTick(() => {
          L('t1');
          throw new Error('t1');
        });
        process.nextTick(() => L('t2'));
        queueMicrotask(() => L('m1'));
      });
      setImmediate(() => {
        L('B');
        process.nextTick(() => L('B.tick'));
      });
      setImmediate(() => L('C'));
    },
  },
  {
    id: 'D72',
    title: 'throw in queueMicrotask: the drain continues, ticks follow',
    program: (L, busy) => {
      UE(L, () => {
        process.nextTick(() => L('ue.tick'));
        queueMicrotask(() => L('ue.micro'));
      });
      queueMicrotask(() => L('m1'));
      queueMicrotask(() => {
        L('m2');
        throw new Error('m2');
      });
      queueMicrotask(() => L('m3'));
      process.nextTick(() => L('t1'));
      setTimeout(() => L('timer'), 1);
      setImmediate(() => L('imm'));
      busy(5);
    },
  },
  {
    id: 'D73',
    title: 'throw in queueMicrotask between timers',
    program: (L, busy) => {
      UE(L);
      setTimeout(() => {
        L('A');
        queueMicrotask(() => L('m1'));
        queueMicrotask(() => {
          L('m2');
          throw new Error('m2');
        });
        queueMicrotask(() => L('m3'));
        process.nextTick(() => L('t1'));
      }, 1);
      setTimeout(() => L('B'), 1);
      busy(5);
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D74',
    title: 'throw in the main script: ticks and microtasks still drain before the loop',
    program: (L, busy) => {
      UE(L, () => process.nextTick(() => L('ue.tick')));
      process.nextTick(() => L('t1'));
      queueMicrotask(() => L('m1'));
      setTimeout(() => L('timer'), 1);
      setImmediate(() => L('imm'));
      busy(5);
      throw new Error('main');
    },
  },
  {
    id: 'D76',
    title: 'no handler: exit code 1, nothing else runs, exit event fires',
    exitCode: 1,
    program: (L, busy) => {
      process.on('exit', (c) => L('exit' + c));
      setTimeout(() => {
        L('A');
        process.nextTick(() => L('never'));
        throw new Error('a');
      }, 1);
      setTimeout(() => L('never'), 1);
      busy(5);
    },
  },
  {
    id: 'D77',
    title: 'process.exit() inside a timer: siblings, ticks and immediates do not run',
    exitCode: 7,
    program: (L, busy) => {
      process.on('exit', () => L('exit'));
      setTimeout(() => {
        L('A');
        process.nextTick(() => L('never'));
        setImmediate(() => L('never'));
        process.exit(7);
      }, 1);
      setTimeout(() => L('never'), 1);
      busy(5);
    },
  },
  {
    id: 'D78',
    title: 'unhandledRejection fires after ticks and microtasks, before the loop',
    program: (L, busy) => {
      UR(L);
      Promise.reject('r1');
      process.nextTick(() => L('t1'));
      queueMicrotask(() => L('m1'));
      setTimeout(() => L('timer'), 1);
      setImmediate(() => L('imm'));
      busy(5);
    },
  },
  {
    id: 'D79',
    title: 'a handler added in a tick, a microtask, or a tick queued by a microtask is in time',
    program: (L) => {
      UR(L);
      const a = Promise.reject('a'),
        b = Promise.reject('b'),
        c = Promise.reject('c');
      process.nextTick(() => a.catch(() => L('ca')));
      queueMicrotask(() => b.catch(() => L('cb')));
      queueMicrotask(() => process.nextTick(() => c.catch(() => L('cc'))));
    },
  },
  {
    id: 'D81',
    title: 'rejection inside a timer is reported between the timers',
    program: (L, busy) => {
      UR(L);
      setTimeout(() => {
        L('A');
        Promise.reject('a');
        process.nextTick(() => L('A.tick'));
        queueMicrotask(() => L('A.micro'));
      }, 1);
      setTimeout(() => L('B'), 1);
      busy(5);
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D82',
    title: 'rejection inside an immediate is reported between the immediates',
    program: (L) => {
      UR(L);
      setImmediate(() => {
        L('A');
        Promise.reject('a');
      });
      setImmediate(() => L('B'));
    },
  },
  {
    id: 'D83',
    title: 'two rejections: both events, then their ticks, then their microtasks',
    program: (L) => {
      UR(L);
      Promise.reject('r1');
      Promise.reject('r2');
      process.nextTick(() => L('t'));
      queueMicrotask(() => L('m'));
    },
  },
  {
    id: 'D84',
    title: 'a rejection made by the handler is reported in the next round, before the loop',
    program: (L) => {
      let n = 0;
      process.on('unhandledRejection', (r) => {
        L('UR(' + r + ')');
        if (n++ < 2) Promise.reject('n' + n);
      });
      Promise.reject('r');
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D86',
    title: 'async function rejections: sync throw and throw after await',
    program: (L) => {
      UR(L);
      (async () => {
        L('a');
        throw 'x';
      })();
      (async () => {
        await null;
        L('b');
        throw 'y';
      })();
      L('sync');
      process.nextTick(() => L('t'));
    },
  },
  {
    id: 'D87',
    title: 'Promise.all: one unhandled rejection, the second input is considered handled',
    program: (L) => {
      UR(L);
      Promise.all([Promise.reject('a'), Promise.reject('b')]);
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'D88',
    title: 'handled in the unhandledRejection handler: catch runs, then rejectionHandled',
    program: (L) => {
      process.on('unhandledRejection', (r, p) => {
        L('UR(' + r + ')');
        p.catch(() => L('c'));
      });
      process.on('rejectionHandled', () => L('RH'));
      Promise.reject('r');
    },
  },
  {
    id: 'D89',
    title: 'util.promisify.custom and the timers.promises alias',
    program: (L) => {
      const u = require('util');
      L(setTimeout[u.promisify.custom] === tp().setTimeout);
      L(setImmediate[u.promisify.custom] === tp().setImmediate);
      L(require('timers').promises === tp());
      u.promisify(setTimeout)(1, 'v').then((v) => L('t:' + v));
    },
  },
  {
    id: 'D91',
    title: 'abort: event listeners run synchronously, then the rejection as microtask',
    program: (L) => {
      const ac = new AbortController();
      tp()
        .setTimeout(500, 'x', { signal: ac.signal })
        .then(
          () => L('no'),
          (e) => L(e.name + '|' + e.code + '|' + e.cause),
        );
      ac.signal.addEventListener('abort', () => L('listener'));
      setTimeout(() => {
        L('pre');
        ac.abort('why');
        L('post');
        process.nextTick(() => L('tick'));
      }, 1);
    },
  },
  {
    id: 'D92',
    title: 'already aborted signal rejects without scheduling',
    program: (L) => {
      tp()
        .setTimeout(5, 'x', { signal: AbortSignal.abort('w') })
        .catch((e) => L(e.name + '|' + e.cause));
      tp()
        .setImmediate('x', { signal: AbortSignal.abort('w') })
        .catch((e) => L(e.name));
      L('sync');
    },
  },
  {
    id: 'D93',
    title: 'setInterval async iterator: values, and the backlog after a slow consumer',
    program: (L) => {
      (async () => {
        let n = 0;
        for await (const v of tp().setInterval(5, 'v')) {
          L(v + n);
          if (n === 0) await tp().setTimeout(60);
          if (++n === 4) break;
        }
        L('end');
      })();
    },
  },
  {
    id: 'D94',
    title: 'scheduler.yield() is an immediate, scheduler.wait() a timer',
    program: (L, busy) => {
      const { scheduler } = tp();
      setImmediate(() => L('imm1'));
      scheduler.yield().then(() => L('yield'));
      setImmediate(() => L('imm2'));
      scheduler.wait(1).then(() => L('wait'));
      busy(5);
    },
  },
  {
    id: 'D96',
    title: 'an unref()ed timer alone does not run',
    program: (L, busy) => {
      setTimeout(() => L('never'), 1).unref();
      busy(10);
    },
  },
  {
    id: 'D97',
    title: 'an unref()ed timer runs while a referenced one keeps the loop alive',
    program: (L) => {
      setTimeout(() => L('unrefed'), 1).unref();
      setTimeout(() => L('refed'), 60);
    },
  },
  {
    id: 'D98',
    title: 'ref() after unref() keeps the loop alive again',
    program: (L) => {
      setTimeout(() => L('t'), 150)
        .unref()
        .ref();
      setImmediate(() => L('i'))
        .unref()
        .ref();
    },
  },
  {
    id: 'D99',
    title: 'an unref()ed timer that is due when the last immediate ends still runs (libuv >= 1.45: timers after check)',
    program: (L, busy) => {
      setTimeout(() => L('t'), 150).unref();
      setImmediate(() => {
        L('imm');
        busy(180);
      });
    },
  },
  {
    id: 'D101',
    title: 'beforeExit can revive the loop with a timer; it fires again each time the loop empties',
    program: (L) => {
      let n = 0;
      process.on('beforeExit', () => {
        L('be' + n);
        if (n++ < 2) setTimeout(() => L('t'), 1);
      });
      process.on('exit', () => L('exit'));
    },
  },
  {
    id: 'D102',
    title: 'ticks and microtasks in beforeExit run, but do not revive the loop',
    program: (L) => {
      process.on('beforeExit', () => {
        L('be');
        process.nextTick(() => L('tick'));
        queueMicrotask(() => L('micro'));
      });
      process.on('exit', () => L('exit'));
    },
  },
  {
    id: 'D103',
    title: 'an immediate in beforeExit revives the loop; an unref()ed timer does not',
    program: (L) => {
      let n = 0;
      process.on('beforeExit', () => {
        L('be' + n);
        n++;
        if (n === 1) setImmediate(() => L('imm'));
        if (n === 2) setTimeout(() => L('never'), 1).unref();
      });
    },
  },
  {
    id: 'D104',
    title: 'nothing asynchronous runs after exit has begun',
    program: (L) => {
      process.on('exit', () => {
        L('exit');
        process.nextTick(() => L('never'));
        queueMicrotask(() => L('never'));
        setTimeout(() => L('never'), 0);
        setImmediate(() => L('never'));
      });
      setTimeout(() => L('t'), 1);
    },
  },
  {
    id: 'D106',
    title: 'AsyncLocalStorage follows every primitive',
    program: (L, busy) => {
      const { AsyncLocalStorage } = require('async_hooks');
      const s = new AsyncLocalStorage();
      const g = (n) => () => L(n + '=' + s.getStore());
      s.run(1, () => {
        setTimeout(g('timeout'), 1);
        setImmediate(g('immediate'));
        process.nextTick(g('tick'));
        queueMicrotask(g('micro'));
        Promise.resolve().then(g('then'));
        const iv = setInterval(() => {
          g('interval')();
          clearInterval(iv);
        }, 1);
        (async () => {
          await null;
          g('await')();
        })();
      });
      s.run(2, () => setTimeout(g('two'), 1));
      g('outside')();
      busy(5);
    },
  },
  {
    id: 'D107',
    title: 'AsyncLocalStorage: refresh() keeps the context of creation for a pending timer',
    program: (L) => {
      const { AsyncLocalStorage } = require('async_hooks');
      const s = new AsyncLocalStorage();
      const t = s.run('create', () => setTimeout(() => L(s.getStore()), 1));
      s.run('refresh', () => t.refresh());
    },
  },
  {
    id: 'D108',
    title: 'the store seen in uncaughtException is that of the throwing timer, immediate or tick',
    program: (L, busy) => {
      const { AsyncLocalStorage } = require('async_hooks');
      const s = new AsyncLocalStorage();
      process.on('uncaughtException', () => L('UE=' + s.getStore()));
      s.run('timer', () =>
        setTimeout(() => {
          throw new Error('x');
        }, 1),
      );
      s.run('imm', () =>
        setImmediate(() => {
          throw new Error('x');
        }),
      );
      s.run('tick', () =>
        process.nextTick(() => {
          throw new Error('x');
        }),
      );
      busy(5);
    },
  },
  {
    id: 'D109',
    title: 'async_hooks: executionAsyncId / triggerAsyncId chain',
    program: (L, busy) => {
      const ah = require('async_hooks');
      const main = ah.executionAsyncId();
      setTimeout(() => {
        L('trigger-is-main:' + (ah.triggerAsyncId() === main));
        const id = ah.executionAsyncId();
        setImmediate(() => L('imm-trigger-is-timer:' + (ah.triggerAsyncId() === id)));
        process.nextTick(() => L('tick-trigger-is-timer:' + (ah.triggerAsyncId() === id)));
      }, 1);
      busy(5);
    },
  },
  {
    id: 'D110',
    title: 'a due list drains completely before the next list, even past timers of that list that expired later',
    program: (L, busy) => {
      setTimeout(() => L('a40'), 40);
      busy(60);
      setTimeout(() => L('b1'), 1);
      setTimeout(() => L('c40'), 40);
      busy(60);
    },
  },
  {
    id: 'D111',
    title: 'clearing the head of a list leaves the list its old expiry, hence its place in the phase',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 60);
      busy(30);
      setTimeout(() => L('b60'), 60);
      setTimeout(() => L('c45'), 45);
      clearTimeout(a);
      busy(120);
    },
  },
  {
    id: 'D112',
    title: 'emptying a list drops it: the next timer of that duration starts a new list, at the back',
    program: (L, busy) => {
      const a = setTimeout(() => L('a'), 60);
      busy(30);
      setTimeout(() => L('c45'), 45);
      clearTimeout(a);
      setTimeout(() => L('b60'), 60);
      busy(120);
    },
  },
  {
    id: 'D113',
    title: 'refresh() of a due head: the list keeps its place and runs its other timers',
    program: (L, busy) => {
      const a = setTimeout(() => L('a60'), 60);
      busy(30);
      setTimeout(() => L('b60'), 60);
      setTimeout(() => L('c45'), 45);
      a.refresh();
      busy(120);
    },
  },
];
exports.varies = [
  {
    id: 'V01',
    title: 'timers phase entered again when its closing drain re-read the clock (libuv < 1.48)',
    program: (L, busy) => {
      setTimeout(() => {
        L('A');
        process.nextTick(() => {
          L('A.tick');
          setTimeout(() => L('late'), 1);
          busy(4);
        });
        setTimeout(() => L('child'), 1);
        setImmediate(() => L('imm'));
        busy(4);
      }, 1);
      busy(4);
    },
  },
  {
    id: 'V02',
    title: 'ticks left behind by a throwing tick, next phase is check: drained before or after the first immediate',
    program: (L) => {
      UE(L);
      setImmediate(() => L('imm'));
      process.nextTick(() => {
        L('k1');
        throw new Error('k1');
      });
      process.nextTick(() => L('k2'));
    },
  },
  {
    id: 'V03',
    title: 'an unref()ed timer due when the last immediate ends (libuv < 1.45 does not run it)',
    program: (L, busy) => {
      setTimeout(() => L('t'), 150).unref();
      setImmediate(() => {
        L('imm');
        busy(180);
      });
    },
  },
  {
    id: 'V04',
    title: 'second rejection handled while the first is being reported',
    program: (L) => {
      UR(L);
      Promise.reject('r1');
      const b = Promise.reject('r2');
      process.once('unhandledRejection', () => {
        b.catch(() => L('bc'));
      });
    },
  },
  {
    id: 'V05',
    title: 'unhandledRejection handler throws: what happens to the second rejection',
    program: (L) => {
      process.on('uncaughtException', (e) => L('UE:' + e.message));
      process.on('unhandledRejection', (r) => {
        L('UR:' + r);
        throw new Error('fromUR');
      });
      Promise.reject('r1');
      Promise.reject('r2');
      setImmediate(() => L('imm'));
      process.nextTick(() => L('tick'));
    },
  },
  {
    id: 'V06',
    title: 'AsyncLocalStorage store in uncaughtException for a throwing queueMicrotask',
    program: (L) => {
      const { AsyncLocalStorage } = require('async_hooks');
      const s = new AsyncLocalStorage();
      process.on('uncaughtException', () => L('UE=' + s.getStore()));
      s.run('micro', () =>
        queueMicrotask(() => {
          throw new Error('x');
        }),
      );
    },
  },
  {
    id: 'V07',
    title: 'warnings for negative and NaN delays',
    program: (L) => {
      process.on('warning', (w) => L(w.name));
      for (const d of [-1, -2, NaN, 'abc', undefined, null, 0, 2 ** 31]) clearTimeout(setTimeout(() => {}, d));
    },
  },
  {
    id: 'V08',
    title:
      'clearImmediate(foreign object) (a Node bug up to 22: the immediate count is corrupted and the next immediate is lost)',
    program: (L) => {
      clearImmediate({});
      setImmediate(() => L('imm'));
      setTimeout(() => {
        L('t');
        process.exit();
      }, 60);
    },
  },
  {
    id: 'V09',
    title: 'clearImmediate(timeout)',
    program: (L) => {
      const t = setTimeout(() => L('t'), 5);
      clearImmediate(t);
      setTimeout(() => {
        L('end');
        process.exit();
      }, 60);
    },
  },
  {
    id: 'V10',
    title: 'function lengths and module keys',
    program: (L) => {
      L([setTimeout, setInterval, setImmediate].map((f) => f.length).join());
      L(Object.keys(require('timers')).join());
    },
  },
  {
    id: 'V11',
    title: 'multipleResolves event',
    program: (L) => {
      process.on('multipleResolves', (t) => L(t));
      new Promise((r, j) => {
        r(1);
        j(2);
        r(3);
      });
    },
  },
];
exports.open = [
  {
    id: 'N01',
    title: 'setTimeout(0) against setImmediate from the main script',
    program: (L) => {
      setTimeout(() => L('timeout'), 0);
      setImmediate(() => L('immediate'));
    },
  },
  {
    id: 'N02',
    title: 'setTimeout(0) against a nested setImmediate from inside an immediate, no blocking',
    program: (L) => {
      setImmediate(() => {
        L('A');
        setTimeout(() => L('timeout'), 0);
        setImmediate(() => L('nested'));
      });
    },
  },
  {
    id: 'N03',
    title: 'adjacent durations, larger first: 2 ms then 1 ms',
    program: (L) => {
      for (let i = 0; i < 20; i++) {
        setTimeout(() => L('2#' + i), 2);
        setTimeout(() => L('1#' + i), 1);
      }
    },
  },
  {
    id: 'N05',
    title: 'how many immediates run before a 3 ms timer',
    program: (L) => {
      let n = 0,
        stop = false;
      const f = () => {
        n++;
        if (!stop) setImmediate(f);
      };
      setImmediate(f);
      setTimeout(() => {
        stop = true;
        L('timer');
        L('n=' + n);
      }, 3);
    },
  },
  {
    id: 'N06',
    title: 'how often a 1 ms interval fires in 20 ms',
    program: (L) => {
      let n = 0;
      const i = setInterval(() => n++, 1);
      setTimeout(() => {
        clearInterval(i);
        L('n=' + n);
      }, 20);
    },
  },
  {
    id: 'N07',
    title: 'an unref()ed 1 ms interval next to a 20 ms timer: count, and whether it runs once more at the end',
    program: (L) => {
      setInterval(() => L('i'), 1).unref();
      setTimeout(() => L('t'), 20);
    },
  },
  {
    id: 'N09',
    title: 'two 1 ms timers without blocking: is the second already due when the first throws?',
    program: (L) => {
      process.on('uncaughtException', () => L('UE'));
      for (let i = 0; i < 12; i++) {
        setTimeout(
          () => {
            L('A' + i);
            process.nextTick(() => L('A' + i + '.tick'));
            throw new Error('x');
          },
          1 + (i % 3),
        );
        for (let j = 0; j < 3e5; j++);
      }
    },
  },
  {
    id: 'N10',
    title: 'four fs.readFile of one small file: completion order',
    program: (L) => {
      const fs = require('fs');
      for (let i = 0; i < 4; i++) fs.readFile(__filename, () => L('f' + i));
    },
  },
  {
    id: 'N11',
    title: 'fs.stat against setImmediate and setTimeout(0)',
    program: (L) => {
      require('fs').stat(__filename, () => L('stat'));
      setImmediate(() => L('imm'));
      setTimeout(() => L('timeout'), 0);
    },
  },
  {
    id: 'N13',
    title: 'thread-pool work (pbkdf2) completion order',
    program: (L) => {
      const c = require('crypto');
      for (let i = 0; i < 4; i++) c.pbkdf2('x', 'y', 3000, 16, 'sha1', () => L('k' + i));
    },
  },
  {
    id: 'N14',
    title: 'zlib completion against timers',
    program: (L) => {
      require('zlib').deflate(Buffer.alloc(20000), () => L('zlib'));
      setTimeout(() => L('t1'), 1);
      setTimeout(() => L('t2'), 1);
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'N15',
    title: 'MessageChannel against immediates and timers',
    program: (L) => {
      const { MessageChannel } = require('worker_threads');
      const { port1, port2 } = new MessageChannel();
      port2.on('message', (m) => {
        L('msg' + m);
        if (m === 2) port1.close();
      });
      port1.postMessage(1);
      port1.postMessage(2);
      setImmediate(() => L('imm1'));
      setImmediate(() => L('imm2'));
      setTimeout(() => L('timeout'), 0);
    },
  },
  {
    id: 'N17',
    title: 'child process exit against timers',
    program: (L) => {
      require('child_process').execFile('/bin/true', () => L('child'));
      for (const d of [1, 2, 3, 4]) setTimeout(() => L('t' + d), d);
    },
  },
  {
    id: 'N18',
    title: 'TCP connect, data and timers',
    program: (L) => {
      const net = require('net');
      const s = net
        .createServer((c) => {
          L('server');
          c.end('x');
        })
        .listen(0, '127.0.0.1', () => {
          const c = net.connect(s.address().port, '127.0.0.1', () => L('connect'));
          c.on('data', () => L('data'));
          c.on('close', () => {
            L('close');
            s.close();
          });
          setImmediate(() => L('imm'));
          setTimeout(() => L('timeout'), 0);
        });
    },
  },
  {
    id: 'N19',
    title: 'dns.lookup against timers',
    program: (L) => {
      require('dns').lookup('127.0.0.1', () => L('lookup1'));
      require('dns').lookup('localhost', () => L('lookup2'));
      setTimeout(() => L('t1'), 1);
      setImmediate(() => L('imm'));
    },
  },
  {
    id: 'N21',
    title: 'AbortSignal.timeout(5) against setTimeout(4), pairwise',
    program: (L) => {
      const keep = [];
      for (let i = 0; i < 10; i++) {
        const s = AbortSignal.timeout(5);
        keep.push(s);
        s.addEventListener('abort', () => L('s' + i));
        setTimeout(() => L('f' + i), 4);
        for (let k = 0; k < 3e5; k++);
      }
      setTimeout(() => L('end' + keep.length), 60);
    },
  },
  {
    id: 'N22',
    title: 'chain of immediates against a chain of 1 ms timers',
    program: (L) => {
      let a = 0,
        b = 0;
      const f = () => {
        L('i' + a);
        if (++a < 6) setImmediate(f);
      };
      const g = () => {
        L('t' + b);
        if (++b < 3) setTimeout(g, 1);
      };
      setImmediate(f);
      setTimeout(g, 1);
    },
  },
  {
    id: 'N23',
    title: 'garbage collection: FinalizationRegistry callback against immediates (may never come)',
    program: (L) => {
      const r = new FinalizationRegistry(() => L('fin'));
      (() => r.register({}, 0))();
      const junk = [];
      for (let i = 0; i < 30; i++) junk.push(new Array(1e4).fill(i));
      setImmediate(() => {
        L('imm');
        for (let i = 0; i < 60; i++) new Array(1e5).fill(i);
        setImmediate(() => L('imm2'));
      });
    },
  },
];
