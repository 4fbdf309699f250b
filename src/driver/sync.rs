//! What the protocols between the threads are made of: the system's atomics and lock, or, under `--cfg loom`, those of a
//! checker that tries every order in which the threads can get their turns (`scripts/loom.sh`).

#[cfg(not(loom))]
pub(super) use parking_lot::Mutex;
#[cfg(not(loom))]
pub(super) use std::sync::atomic::{AtomicBool, AtomicU64};

#[cfg(loom)]
pub(super) use loom::sync::atomic::{AtomicBool, AtomicU64};

/// The checker's lock, with the face of ours.
#[cfg(loom)]
pub(super) struct Mutex<T>(loom::sync::Mutex<T>);

#[cfg(loom)]
impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

#[cfg(loom)]
impl<T> Mutex<T> {
    pub(super) fn new(value: T) -> Self {
        Self(loom::sync::Mutex::new(value))
    }

    pub(super) fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
        self.0.lock().expect("nobody panics with the lock held")
    }
}
