//! The loop's thread of one environment: there from the first use on, anew if it has ended, and what wakes the loop when
//! there can be none.
//!
//! All of it is called on the environment's JavaScript thread, and none of it calls JavaScript.

use std::cell::{Cell, Ref, RefCell};
use std::io;

use super::handles::Handles;
#[cfg(unix)]
use crate::driver::watches::{Left, WatchId};
use crate::driver::{Armed, LoopThread, clock};
use crate::scheduler::{Nanos, Scheduler};

const NANOS_PER_MILLI: Nanos = 1_000_000;
/// How long the loop sleeps at most when its thread could not be had.
const RETRY: Nanos = 100 * NANOS_PER_MILLI;

#[derive(Default)]
pub(super) struct Thread {
    running: RefCell<Option<LoopThread>>,
    /// What a thread that has ended watched, until another one does.
    #[cfg(unix)]
    left: RefCell<Option<Left>>,
    /// While it cannot be told when to wake: when that is tried again. Else 0.
    retry_at: Cell<Nanos>,
}

impl Thread {
    /// Makes sure that it is there. The first timer needs it, and can still be refused.
    pub(super) fn need(&self, handles: &Handles) -> io::Result<()> {
        let mut running = self.running.borrow_mut();
        if running.is_none() {
            let wake = handles.wake();
            let started = LoopThread::start(move || wake.send())?;
            #[cfg(unix)]
            if let Some(left) = self.left.take() {
                started.watches().continue_from(left);
                handles.ask_for_poll();
            }
            *running = Some(started);
            self.retry_at.set(0);
        }
        Ok(())
    }

    /// It, if it is there. To be given back before JavaScript runs.
    pub(super) fn get(&self) -> Ref<'_, Option<LoopThread>> {
        self.running.borrow()
    }

    /// Stops and joins it.
    pub(super) fn end(&self) {
        drop(self.running.take());
    }

    /// What has ended it, if something did. It is started again when it is needed, which is before the loop sleeps if it
    /// watched anything.
    pub(super) fn take_failure(&self) -> Option<String> {
        let failure = self.get().as_ref()?.failure()?;
        let ended = self.running.take();
        #[cfg(unix)]
        self.left.replace(ended.and_then(|ended| ended.watches().leave()));
        Some(failure)
    }

    /// Ends a watch, also while there is no thread.
    #[cfg(unix)]
    pub(super) fn close_watch(&self, id: WatchId) {
        if let Some(thread) = &*self.get() {
            thread.watches().close(id);
            return;
        }
        let mut left = self.left.borrow_mut();
        if left.as_mut().is_some_and(|left| left.close(id)) {
            *left = None;
        }
    }

    /// Whether something has come for what it watches.
    pub(super) fn has_ready(&self) -> bool {
        #[cfg(unix)]
        return self.get().as_ref().is_some_and(|thread| thread.watches().count_ready() > 0);
        #[cfg(not(unix))]
        return false;
    }

    /// Whether it has something to do although there is no deadline.
    fn has_left(&self) -> bool {
        #[cfg(unix)]
        return self.left.borrow().is_some();
        #[cfg(not(unix))]
        return false;
    }

    /// Tells it until when it may let the loop sleep. Where that fails libuv wakes the loop, and after a while it is tried
    /// again. Only the first failure is told: who hears of each would hear of nothing else.
    pub(super) fn arm(&self, handles: &Handles, scheduler: &Scheduler) -> io::Result<()> {
        let retry_at = self.retry_at.get();
        if retry_at != 0 && clock::now() < retry_at {
            sleep_without(handles, scheduler, retry_at);
            return Ok(());
        }
        let armed = self.try_to_arm(handles, scheduler);
        if armed.is_ok() {
            // With immediates waiting it was not tried.
            if scheduler.refed_immediates() == 0 {
                self.retry_at.set(0);
            }
            return armed;
        }
        self.retry_at.set(clock::now() + RETRY);
        sleep_without(handles, scheduler, self.retry_at.get());
        if retry_at == 0 { armed } else { Ok(()) }
    }

    fn try_to_arm(&self, handles: &Handles, scheduler: &Scheduler) -> io::Result<()> {
        if self.has_left() {
            self.need(handles)?;
        }
        if scheduler.refed_immediates() > 0 {
            return Ok(()); // The loop is not going to sleep.
        }
        let deadline = scheduler.next_expiry();
        if deadline.is_some() {
            self.need(handles)?;
        }
        if let Some(thread) = &*self.get()
            && thread.arm(deadline.unwrap_or(Nanos::MAX))? == Armed::HasPassed
        {
            handles.ask_for_poll();
        }
        Ok(())
    }
}

/// Nobody else can tell when to wake up. libuv can, in whole milliseconds.
fn sleep_without(handles: &Handles, scheduler: &Scheduler, most: Nanos) {
    let end = scheduler.next_expiry().map_or(most, |expiry| expiry.min(most));
    handles.ask_for_end(end.saturating_sub(clock::now()).div_ceil(NANOS_PER_MILLI));
}
