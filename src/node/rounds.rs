//! How far a turn goes on after its check phase, in rounds, without libuv in between.
//!
//! Belongs to the environment's JavaScript thread, and never waits for anything.

use std::cell::Cell;
use std::ffi::c_int;

use super::environment::Environment;
use crate::driver::clock;
use crate::scheduler::{Nanos, Pace, Scheduler};

/// How many turns in a row must end with immediates waiting before a turn goes on without libuv in between. Until then
/// each check phase is followed by a poll phase, exactly as in Node; a long chain of immediates is worth more speed.
const TURNS_BEFORE_ROUNDS: u32 = 8;
/// How much further such a turn may go: the time by which it may make everything else in the process wait.
const ROUNDS: u32 = 256;
const ROUNDS_NANOS: Nanos = 500_000;
/// How many rounds are made until libuv's events are looked at: a system call, worth many callbacks.
const ROUNDS_BETWEEN_LOOKS: u32 = 16;

/// Where an environment stands with its rounds.
#[derive(Default)]
pub(super) struct Rounds {
    /// How many turns in a row have ended with immediates waiting.
    turns_with_more: Cell<u32>,
    left: Cell<u32>,
    until: Cell<Nanos>,
}

impl Environment {
    /// Begins a check phase, and decides whether rounds may follow it.
    pub(super) fn begin_rounds(&self) -> bool {
        let rounds = self.rounds.turns_with_more.get() >= TURNS_BEFORE_ROUNDS;
        if rounds {
            self.rounds.left.set(ROUNDS);
            self.rounds.until.set(clock::now() + ROUNDS_NANOS);
            // So that `backend_timeout` speaks of everything but us.
            self.handles.keep_polling(false);
            self.handles.keep_alive(true);
        }
        rounds
    }

    pub(super) fn end_rounds(&self, scheduler: &Scheduler) {
        let turns =
            if scheduler.pending_immediates() > 0 { self.rounds.turns_with_more.get().saturating_add(1) } else { 0 };
        self.rounds.turns_with_more.set(turns);
    }

    /// Whether libuv has anything to do. Whether an event has come from outside is asked every so many rounds.
    fn work_waits(&self, round: u32) -> bool {
        let (timeout, fd) = self.handles.sleep_of_loop();
        timeout == 0 || round.is_multiple_of(ROUNDS_BETWEEN_LOOKS) && event_has_come(fd)
    }
}

/// Whether what libuv waits on has an event for it.
#[cfg(unix)]
fn event_has_come(fd: c_int) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    // SAFETY: the loop is open, and so is its file descriptor.
    let fd = unsafe { std::os::fd::BorrowedFd::borrow_raw(fd) };
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // A failure is a reason to let libuv have its turn, too.
    poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::IN)], Some(&now)) != Ok(0)
}

/// Whether what libuv waits on has an event for it.
#[cfg(not(unix))]
fn event_has_come(_: c_int) -> bool {
    false
}

/// The pace of a turn: on, as long as nothing else waits for libuv and its time is not over.
pub(super) struct TurnPace<'a>(pub(super) &'a Environment);

impl Pace for TurnPace<'_> {
    fn another_round(&mut self) -> Option<Nanos> {
        let left = self.0.rounds.left.get().checked_sub(1)?;
        self.0.rounds.left.set(left);
        if self.0.work_waits(left) {
            return None;
        }
        let now = clock::now();
        (now < self.0.rounds.until.get()).then_some(now)
    }
}
