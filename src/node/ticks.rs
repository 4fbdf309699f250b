//! The processor's counter of time, where it can be trusted. Any thread may read it.

use std::sync::OnceLock;

/// The counter, or 0 for ever where there is none to be trusted.
#[inline]
pub(super) fn read() -> u64 {
    static TRUSTED: OnceLock<bool> = OnceLock::new();
    if *TRUSTED.get_or_init(trusted) { counter() } else { 0 }
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
