//! The processor's counter of time, where it can be trusted. Any thread may read it.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

const UNKNOWN: u8 = 0;
const TRUSTED: u8 = 1;
const NOT_TRUSTED: u8 = 2;

/// What is known of the counter. Threads that ask at the same time find out the same.
static COUNTER: AtomicU8 = AtomicU8::new(UNKNOWN);

/// The counter, or 0 for ever where there is none to be trusted.
#[inline]
pub(super) fn read() -> u64 {
    match COUNTER.load(Relaxed) {
        TRUSTED => counter(),
        NOT_TRUSTED => 0,
        _ => find_out(),
    }
}

#[cold]
fn find_out() -> u64 {
    COUNTER.store(if trusted() { TRUSTED } else { NOT_TRUSTED }, Relaxed);
    read()
}

/// Whether the system keeps its own time by the counter. It does so only if the counter has a constant rate, never
/// stops, and is the same on all processors, and it watches that.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn trusted() -> bool {
    std::fs::read("/sys/devices/system/clocksource/clocksource0/current_clocksource")
        .is_ok_and(|source| source.trim_ascii() == b"tsc")
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn trusted() -> bool {
    false
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn counter() -> u64 {
    // SAFETY: every x86-64 processor has the instruction. Where a process is forbidden to use it, the system's own
    // clock, which uses it from inside the process as soon as it is trusted, would fail as well.
    unsafe { std::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
fn counter() -> u64 {
    0
}
