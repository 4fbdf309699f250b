//! How the JavaScript thread tells the loop's thread until when to sleep.
//!
//! Two words. `wanted` is the deadline JavaScript waits for now; only the JavaScript thread writes it. `armed` is the
//! time at which the platform's timer will go off, `NEVER` if it will not; it is written under the lock, together
//! with the timer itself, by either thread.
//!
//! A deadline that moves to a later time costs nothing: the timer stays where it is, goes off too soon, and `ring`
//! sets it anew without disturbing JavaScript. Only a deadline before `armed` costs a system call.
//!
//! No wake is lost: `arm` writes `wanted`, then reads `armed`; `ring` writes `armed`, then reads `wanted`, all
//! sequentially consistent. So either `arm` sees that the timer has gone off and sets it, or `ring` sees the new
//! deadline and does. If both do, the lock puts one after the other, and whoever comes second reads what the first
//! has written: the timer ends at or before `wanted`.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use crossbeam_utils::CachePadded;
use mio::{Registry, Token, Waker};

use super::clock;
use super::sync::{AtomicU64, Mutex};
use crate::scheduler::Nanos;

pub(super) const NEVER: Nanos = Nanos::MAX;

/// What makes the loop's thread return from its sleep at a given time.
pub(super) trait Timer: Send + Sync + Sized + 'static {
    fn new(registry: &Registry, token: Token, waker: &Arc<Waker>) -> io::Result<Self>;

    /// Goes off at `deadline`, and no more at the one set before. Any thread may call it.
    fn set(&self, deadline: Nanos) -> io::Result<()>;

    /// The clock that deadlines are on.
    fn now(&self) -> Nanos {
        clock::now()
    }

    /// How long the thread may sleep by itself when the timer is to go off at `armed`.
    fn poll_timeout(&self, armed: Nanos) -> Option<Duration>;
}

/// What has become of a deadline that JavaScript wants to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Armed {
    /// The loop's thread will tell.
    WillRing,
    /// It was in the past: there is nothing to wait for, and the loop's thread knows nothing of it.
    HasPassed,
}

pub(super) struct Alarm<T> {
    wanted: CachePadded<AtomicU64>,
    armed: CachePadded<AtomicU64>,
    setting: Mutex<()>,
    timer: T,
}

impl<T: Timer> Alarm<T> {
    pub(super) fn new(timer: T) -> Self {
        Self {
            wanted: CachePadded::new(AtomicU64::new(NEVER)),
            armed: CachePadded::new(AtomicU64::new(NEVER)),
            setting: Mutex::new(()),
            timer,
        }
    }

    /// JavaScript thread: wants to be told at `deadline`, or is told at once, by the result, that it has passed.
    pub(super) fn arm(&self, deadline: Nanos) -> io::Result<Armed> {
        self.wanted.store(deadline, SeqCst);
        if deadline >= self.armed.load(SeqCst) {
            return Ok(Armed::WillRing);
        }
        if deadline <= self.timer.now() {
            self.wanted.store(NEVER, SeqCst);
            return Ok(Armed::HasPassed);
        }
        let _setting = self.setting.lock();
        if deadline < self.armed.load(SeqCst) {
            self.set(deadline)?;
        }
        Ok(Armed::WillRing)
    }

    /// Loop's thread, after each sleep: whether the wanted deadline has passed. It then is wanted no more.
    pub(super) fn ring(&self) -> io::Result<bool> {
        let now = self.timer.now();
        if now < self.armed.load(SeqCst) {
            return Ok(false);
        }
        let _setting = self.setting.lock();
        if now < self.armed.load(SeqCst) {
            return Ok(false);
        }
        self.armed.store(NEVER, SeqCst);
        let wanted = self.wanted.load(SeqCst);
        if wanted <= now {
            return Ok(true);
        }
        if wanted != NEVER {
            self.set(wanted)?;
        }
        Ok(false)
    }

    /// Loop's thread: how long it may sleep.
    pub(super) fn poll_timeout(&self) -> Option<Duration> {
        self.timer.poll_timeout(self.armed.load(SeqCst))
    }

    /// `armed` first: the timer may go off before this returns, and `ring` must then know why.
    fn set(&self, deadline: Nanos) -> io::Result<()> {
        self.armed.store(deadline, SeqCst);
        self.timer.set(deadline).inspect_err(|_| self.armed.store(NEVER, SeqCst))
    }
}

#[cfg(all(test, loom))]
mod model;
