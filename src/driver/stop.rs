//! How the loop's thread is told to end.
//!
//! It sleeps, looks whether it is to end, and works, again and again. Whoever wants it to end says so first and wakes it
//! then: a thread that is woken and finds nothing sleeps on, and nobody would wake it again. A wake that comes while it
//! is not asleep ends its next sleep at once. Then it waits for the thread, which tells nobody anything any more after that.

use std::sync::atomic::Ordering::SeqCst;

use super::sync::AtomicBool;

pub(super) struct Stop(AtomicBool);

impl Stop {
    pub(super) fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Ends the rounds, and returns when they have ended. `wake` ends a sleep, or the next one, and `join` waits for the
    /// thread.
    pub(super) fn end(&self, wake: impl FnOnce(), join: impl FnOnce()) {
        self.0.store(true, SeqCst);
        wake();
        join();
    }

    /// Loop's thread: sleeps and works until it is told to end, or until something fails.
    pub(super) fn rounds<E>(
        &self,
        mut sleep: impl FnMut() -> Result<(), E>,
        mut work: impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            sleep()?;
            if self.0.load(SeqCst) {
                return Ok(());
            }
            work()?;
        }
    }
}

#[cfg(all(test, loom))]
mod model;
