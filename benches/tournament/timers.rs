//! What keeps the timers: lists by delay in a heap (the scheduler's own), one binary heap, an ordered tree, a wheel.
//!
//! Only the first one runs them in Node's order. The others are asked for the next due timer and nothing else, so they
//! have the easier work.

use std::hint::black_box;

use divan::Bencher;

use super::heap::{LazyHeap, Tree};
use super::scheduler::{NO_SLOT, Nanos, Pace, Progress, Scheduler, Slot, Step};
use super::wheel::Wheel;

const MILLISECOND: Nanos = 1_000_000;
const MANY: u64 = 100_000;

/// A set of timers, as far as the work asks for it. Times are whole milliseconds.
pub(crate) trait Timers: Default {
    type Key: Copy;
    fn set(&mut self, deadline: u64, delay: u64) -> Self::Key;
    fn clear(&mut self, key: Self::Key);
    /// When the loop must look again: no later than the first timer.
    fn next(&self) -> Option<u64>;
    /// Takes all that are due, and says how many there were.
    fn fire(&mut self, now: u64) -> usize;
}

#[derive(Default)]
struct Lists(Scheduler);

struct OneRound;

impl Pace for OneRound {
    fn another_round(&mut self) -> Option<Nanos> {
        None
    }
}

impl Timers for Lists {
    type Key = Slot;

    fn set(&mut self, deadline: u64, delay: u64) -> Slot {
        self.0.set_timer(delay, (deadline - delay) * MILLISECOND, true).unwrap()
    }

    fn clear(&mut self, key: Slot) {
        self.0.clear_timer(key, &mut []);
    }

    fn next(&self) -> Option<u64> {
        self.0.next_expiry()
    }

    fn fire(&mut self, now: u64) -> usize {
        let mut batch = [NO_SLOT; 256];
        let (mut fired, mut begun) = (0, 0);
        self.0.enter_timers(now * MILLISECOND);
        while let Step::Timers { count, .. } =
            self.0.next(Progress { begun, ..Progress::default() }, false, &mut batch, &mut OneRound)
        {
            fired += count;
            begun = count;
        }
        fired
    }
}

/// Delays of 100 to 160 s, all mixed.
fn mixed(i: u64) -> u64 {
    100_000 + i * 48_271 % 60_000
}

/// One that is cleared before the next one is set, beside 1,000 others of this `delay`. The loop asks for the first one
/// after each.
fn set_and_clear_beside<T: Timers>(bencher: Bencher, delay: impl Fn(u64) -> u64) {
    let mut timers = T::default();
    for i in 0..1000 {
        timers.set(delay(i), delay(i));
    }
    let mut now = 0;
    bencher.bench_local(|| {
        now += 1;
        let key = timers.set(now / 1000 + 1000, 1000);
        black_box(timers.next());
        timers.clear(black_box(key));
    });
}

#[divan::bench(types = [Lists, LazyHeap, Tree, Wheel])]
fn set_and_clear_beside_one_delay<T: Timers>(bencher: Bencher) {
    set_and_clear_beside::<T>(bencher, |_| 1000);
}

#[divan::bench(types = [Lists, LazyHeap, Tree, Wheel])]
fn set_and_clear_beside_mixed<T: Timers>(bencher: Bencher) {
    set_and_clear_beside::<T>(bencher, mixed);
}

/// A set of mixed delays, then all of them cleared. Time for all.
#[divan::bench(types = [Lists, LazyHeap, Tree, Wheel], sample_size = 1, sample_count = 40)]
fn set_100_000_and_clear<T: Timers>(bencher: Bencher) {
    bencher.with_inputs(T::default).bench_local_values(|mut timers| {
        let keys: Vec<_> = (0..MANY).map(|i| timers.set(mixed(i), mixed(i))).collect();
        for key in keys {
            timers.clear(key);
        }
        timers
    });
}

/// A set of one delay, all due together. Time for all.
#[divan::bench(types = [Lists, LazyHeap, Tree, Wheel], sample_size = 1, sample_count = 40)]
fn set_100_000_and_fire<T: Timers>(bencher: Bencher) {
    bencher.with_inputs(T::default).bench_local_values(|mut timers| {
        for i in 0..MANY {
            timers.set(1 + i / 10_000, 1);
        }
        assert_eq!(timers.fire(100), MANY as usize);
        timers
    });
}

/// A set of delays of 1 to 100 ms, fired millisecond by millisecond. Time for all.
#[divan::bench(types = [Lists, LazyHeap, Tree, Wheel], sample_size = 1, sample_count = 40)]
fn set_100_000_mixed_and_fire<T: Timers>(bencher: Bencher) {
    bencher.with_inputs(T::default).bench_local_values(|mut timers| {
        for i in 0..MANY {
            let delay = 1 + i * 48_271 % 100;
            timers.set(delay, delay);
        }
        let fired: usize = (1..=100).map(|now| timers.fire(now)).sum();
        assert_eq!(fired, MANY as usize);
        timers
    });
}
