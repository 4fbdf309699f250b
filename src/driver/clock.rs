//! The monotonic clock: the one Node's `performance.now()` and `process.hrtime()` read, in nanoseconds.
//! Any thread may read it. It never goes back and is not moved when the time of day is.

use crate::scheduler::Nanos;

/// The time now.
#[cfg(target_os = "linux")]
#[inline]
pub fn now() -> Nanos {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The time now.
#[cfg(not(target_os = "linux"))]
pub fn now() -> Nanos {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}
