//! What is asked of both, and how it is measured.

use std::hint::{black_box, spin_loop};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) type Task = Box<dyn FnOnce() + Send>;

const TASKS: usize = 200_000;
const SUBMISSIONS: usize = 3_000;
const LATE_TIMERS: usize = 500;

/// A loop on a thread of its own, which ends when it is dropped. Figures are in nanoseconds.
pub(crate) trait Subject: Sync {
    /// Has `task` run on the loop's thread. Any thread may call it.
    fn submit(&self, task: Task);
    /// From now on a file descriptor is watched on which nothing comes.
    fn watch_a_descriptor(&self);
    /// For each of so many timers, set and cancelled on the loop's thread, one at a time.
    fn set_and_cancel(&self, timers: usize) -> f64;
    /// For each of so many timers of 1 ms, set on the loop's thread at once, until the last one has fired.
    fn set_and_fire(&self, timers: usize) -> f64;
    /// From here to a timer that is set there and due at once, until it has fired.
    fn round_trips(&self, times: usize) -> Vec<u64>;
    /// How long a timer of `delay` takes that is set on the loop's thread.
    fn timer(&self, delay: Duration) -> Duration;
}

/// For each task, until the last one has run.
pub(crate) fn throughput(subject: &impl Subject, producers: usize) -> f64 {
    /// How many have run. Only the loop's thread writes it.
    static RUN: AtomicUsize = AtomicUsize::new(0);
    let all = TASKS / producers * producers;
    RUN.store(0, Ordering::SeqCst);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..producers {
            scope.spawn(|| {
                for _ in 0..TASKS / producers {
                    let more = black_box(1);
                    subject.submit(Box::new(move || {
                        RUN.store(RUN.load(Ordering::Relaxed) + more, Ordering::Release);
                    }));
                }
            });
        }
    });
    while RUN.load(Ordering::Acquire) < all {
        thread::yield_now();
    }
    start.elapsed().as_nanos() as f64 / all as f64
}

/// From the call that submits until the task has begun, one after the other with a pause in between.
pub(crate) fn latency(subject: &impl Subject, pause: Duration) -> Vec<u64> {
    let took = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let mut found = Vec::with_capacity(SUBMISSIONS);
    for _ in 0..SUBMISSIONS {
        if !pause.is_zero() {
            thread::sleep(pause);
        }
        let (theirs, begun) = (Arc::clone(&took), Arc::clone(&done));
        let start = Instant::now();
        subject.submit(Box::new(move || {
            theirs.store(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
            begun.store(true, Ordering::Release);
        }));
        while !done.swap(false, Ordering::Acquire) {
            spin_loop();
        }
        found.push(took.load(Ordering::Relaxed));
    }
    found
}

pub(crate) fn lateness(subject: &impl Subject) -> Vec<u64> {
    let delay = Duration::from_millis(1);
    (0..LATE_TIMERS).map(|_| subject.timer(delay).saturating_sub(delay).as_nanos() as u64).collect()
}

/// p50, p90, p95, p99 and p99.9.
pub(crate) fn percentiles(mut durations: Vec<u64>) -> Vec<f64> {
    durations.sort_unstable();
    let at = |part: f64| durations[((durations.len() - 1) as f64 * part) as usize] as f64;
    [0.5, 0.9, 0.95, 0.99, 0.999].map(at).to_vec()
}
