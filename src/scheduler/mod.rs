//! What runs next: the phases of a turn, the timers and the immediates. Numbers in, a batch out.
//!
//! The scheduler belongs to the JavaScript thread and is a plain value: no clock, no thread, no lock, no Node in here.
//! Time comes in as an argument, so a virtual clock is just another caller.
//!
//! A turn is entered at the timers phase or at the check phase. From then on JavaScript asks [`Scheduler::next`] again
//! and again and does what the answer says, until the answer is [`Step::Done`].
//!
//! A batch is an offer, not a removal. JavaScript writes down how many of the entries have *begun*, each just before
//! its callback, and how many immediates it has put into the queue; every call in here first catches up with these
//! numbers ([`Progress`]). So the lists are at any moment what Node's lists would be, without a call per callback or
//! immediate. A timer that is cleared or refreshed before its turn is struck out of the batch with [`NO_SLOT`].

mod deadlines;
mod heap;
mod immediates;
mod lists;
mod promises;
mod slots;
#[cfg(test)]
mod tests;
mod timers;

use std::ops::Range;

pub use deadlines::Missed;
use immediates::Immediates;
pub use lists::Millis;
pub use promises::{BLOCK, Care, Counts, Note, Pack, Promises, Settled};
pub use slots::{NO_SLOT, Slot};
use timers::{Offer, Timers};

/// A point in time on the monotonic clock, in nanoseconds.
pub type Nanos = u64;

/// No slot is left, or no memory for one. Nothing was scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfSlots;

/// What JavaScript is to do before it asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing more: leave the turn.
    Done,
    /// Run next ticks and microtasks: a phase has ended and another one follows.
    Drain,
    /// Run the timers of the batch, with a drain between any two of them. There may be none, only a drain to run first.
    Timers {
        /// How many entries of the batch are offered.
        count: usize,
        /// Drain before the first one, too.
        drain_first: bool,
        /// They go on with the list of the batch before: Node has picked the first one when it drains.
        same_list: bool,
    },
    /// Run immediates, with a drain between any two of them and, if `drain_last`, after the last.
    Immediates {
        /// The queue is cut off and has become the batch. Otherwise this is the rest of the batch before.
        new_batch: bool,
        /// How many are offered, those included that were cleared.
        count: usize,
        /// Drain before the first one, too.
        drain_first: bool,
        /// Drain after the last one, too.
        drain_last: bool,
    },
}

/// What JavaScript has done by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// How many entries of the current offer have begun.
    pub begun: usize,
    /// How many immediates the queue has got since it was last cut off or emptied.
    pub queued: usize,
}

/// Where a batch is laid out: memory that JavaScript sees, or a plain array.
pub trait Batch {
    /// How many entries it has room for.
    fn capacity(&self) -> usize;
    /// What stands at `index`, which is below the capacity.
    fn entry(&self, index: usize) -> Slot;
    /// Puts `slot` at `index`, which is below the capacity.
    fn set_entry(&mut self, index: usize, slot: Slot);
}

impl<T: AsRef<[Slot]> + AsMut<[Slot]>> Batch for T {
    fn capacity(&self) -> usize {
        self.as_ref().len()
    }

    fn entry(&self, index: usize) -> Slot {
        self.as_ref()[index]
    }

    fn set_entry(&mut self, index: usize, slot: Slot) {
        self.as_mut()[index] = slot;
    }
}

/// Those of a part of the batch that were not struck out.
fn entries(batch: &impl Batch, part: Range<usize>) -> impl Iterator<Item = Slot> {
    part.map(|index| batch.entry(index)).filter(|&slot| slot != NO_SLOT)
}

/// Decides whether a turn may go on after its check phase, instead of letting Node's loop breathe.
pub trait Pace {
    /// The time now if another round may follow, `None` if not.
    fn another_round(&mut self) -> Option<Nanos>;
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Outside,
    Timers {
        /// The clock when the phase began; the phase never looks again.
        now: Nanos,
        /// A list has been passed since the phase began or since a callback threw: drain before the next one.
        passed: bool,
        /// Another check phase follows in the same turn.
        then_check: bool,
    },
    Check {
        /// No batch has been cut off yet.
        fresh: bool,
    },
}

/// Timers and immediates of one loop, and where its turn stands.
pub struct Scheduler {
    timers: Timers,
    immediates: Immediates,
    phase: Phase,
    /// Whether rounds may follow the first check phase of this turn.
    rounds: bool,
    offered: usize,
    begun: usize,
}

impl Default for Scheduler {
    fn default() -> Self {
        Self {
            timers: Timers::default(),
            immediates: Immediates::default(),
            phase: Phase::Outside,
            rounds: false,
            offered: 0,
            begun: 0,
        }
    }
}

impl Scheduler {
    /// Timers that wait.
    pub fn pending_timers(&self) -> usize {
        self.timers.pending()
    }

    /// Immediates that wait.
    pub fn pending_immediates(&self) -> usize {
        self.immediates.pending()
    }

    /// Timers that keep the process alive.
    pub fn refed_timers(&self) -> usize {
        self.timers.refed()
    }

    /// Immediates that keep the process alive, and keep it from sleeping.
    pub fn refed_immediates(&self) -> usize {
        self.immediates.refed()
    }

    /// When the timers want to be looked at next.
    pub fn next_expiry(&self) -> Option<Nanos> {
        self.timers.first_expiry()
    }

    /// Sets a timer of `delay` counting from `start`.
    pub fn set_timer(&mut self, delay: Millis, start: Nanos, refed: bool) -> Result<Slot, OutOfSlots> {
        self.timers.set(delay, start, refed)
    }

    /// Moves a pending timer to the back of its list, counting from `start`.
    pub fn refresh_timer(
        &mut self,
        slot: Slot,
        delay: Millis,
        start: Nanos,
        batch: &mut impl Batch,
    ) -> Result<(), OutOfSlots> {
        self.timers.refresh(slot, delay, start, batch)
    }

    /// Ends a pending timer. A slot under which nothing is pending is ignored, here and in the calls below.
    pub fn clear_timer(&mut self, slot: Slot, batch: &mut impl Batch) {
        self.timers.clear(slot, batch);
    }

    /// Ends a ref'd timer of `delay` that is running: nothing is pending, but its list may go.
    pub fn clear_running_timer(&mut self, delay: Millis) {
        self.timers.clear_running(delay);
    }

    /// Removes a timer that JavaScript runs although it is no longer in the batch.
    pub fn take_timer(&mut self, slot: Slot, batch: &mut impl Batch) {
        self.timers.take(slot, batch);
    }

    /// Sets a timer that is due at `deadline` and ordered by it among all others.
    pub fn set_deadline(&mut self, deadline: Nanos, refed: bool) -> Result<Slot, OutOfSlots> {
        self.timers.set_deadline(deadline, refed)
    }

    /// Gives a pending timer that is ordered by its deadline another one.
    pub fn postpone(&mut self, slot: Slot, deadline: Nanos, batch: &mut impl Batch) {
        self.timers.postpone(slot, deadline, batch);
    }

    /// The timer that has begun is an interval by deadline, about to be called: how many deadlines it has missed,
    /// and its own.
    pub fn miss(&mut self, now: Nanos, period: Nanos) -> (u64, Nanos) {
        self.timers.miss(now, period)
    }

    /// Sets the interval by deadline that has run to its next one.
    pub fn repeat(&mut self, period: Nanos, missed: Missed, refed: bool) -> Result<Slot, OutOfSlots> {
        self.timers.repeat(period, missed, refed)
    }

    /// Whether a pending timer keeps the process alive.
    pub fn set_timer_ref(&mut self, slot: Slot, refed: bool) {
        self.timers.set_ref(slot, refed);
    }

    /// The length of the queue of immediates, as JavaScript should have it. Cutting off and clearing change it.
    pub fn queued_immediates(&self) -> usize {
        self.immediates.queued()
    }

    /// Ends a pending immediate. Its slot is its index in queue or batch, times two, plus the side of that queue, which
    /// is 0 at first and changes with each new batch.
    pub fn clear_immediate(&mut self, slot: Slot) -> Result<(), OutOfSlots> {
        self.immediates.clear(slot)
    }

    /// Whether a pending immediate keeps the process alive.
    pub fn set_immediate_ref(&mut self, slot: Slot, refed: bool) -> Result<(), OutOfSlots> {
        self.immediates.set_ref(slot, refed)
    }

    /// Whether a turn is under way.
    pub fn in_turn(&self) -> bool {
        self.phase != Phase::Outside
    }

    /// Enters a turn at its timers phase if a list is due, and tells whether it did.
    pub fn enter_timers(&mut self, now: Nanos) -> bool {
        let due = self.timers_due(now);
        if due {
            self.timers.begin_phase();
            self.phase = Phase::Timers { now, passed: false, then_check: false };
        }
        due
    }

    /// Enters a turn at its check phase if there is an immediate, and tells whether it did.
    /// With `rounds` the turn may go on as long as its pace allows.
    pub fn enter_check(&mut self, rounds: bool) -> bool {
        let any = self.immediates.pending() > 0;
        if any {
            self.phase = Phase::Check { fresh: true };
            self.rounds = rounds;
        }
        any
    }

    /// Learns what JavaScript has done. To be called before anything is changed.
    pub fn catch_up(&mut self, progress: Progress, batch: &impl Batch) {
        self.immediates.learn(progress.queued);
        let begun = progress.begun.clamp(self.begun, self.offered);
        match self.phase {
            Phase::Timers { .. } => {
                for slot in entries(batch, self.begun..begun) {
                    self.timers.begin(slot);
                }
            }
            Phase::Check { .. } => self.immediates.begin(begun - self.begun),
            Phase::Outside => {}
        }
        self.begun = begun;
    }

    /// The next step of the turn. `threw`: what ran last, the last callback or a drain between two, threw.
    pub fn next(&mut self, progress: Progress, threw: bool, batch: &mut impl Batch, pace: &mut impl Pace) -> Step {
        self.close_batch(progress, batch);
        let (step, offered) = match self.phase {
            Phase::Outside => (Step::Done, 0),
            Phase::Timers { now, passed, then_check } => self.next_timers(now, passed, then_check, threw, batch),
            Phase::Check { fresh } => self.next_check(fresh, threw, batch, pace),
        };
        self.offered = offered;
        if step == Step::Done {
            self.phase = Phase::Outside;
        }
        step
    }

    /// Ends a turn that JavaScript left in the middle. What had not begun stays pending.
    pub fn leave(&mut self, progress: Progress, batch: &impl Batch) {
        self.close_batch(progress, batch);
        if let Phase::Timers { .. } = self.phase {
            self.timers.leave_list();
        }
        self.phase = Phase::Outside;
    }

    fn timers_due(&self, now: Nanos) -> bool {
        self.timers.first_expiry().is_some_and(|expiry| expiry <= now)
    }

    fn close_batch(&mut self, progress: Progress, batch: &impl Batch) {
        self.catch_up(progress, batch);
        if let Phase::Timers { .. } = self.phase {
            for slot in entries(batch, self.begun..self.offered) {
                self.timers.decline(slot);
            }
        }
        self.offered = 0;
        self.begun = 0;
    }

    fn next_timers(
        &mut self,
        now: Nanos,
        mut passed: bool,
        then_check: bool,
        threw: bool,
        batch: &mut impl Batch,
    ) -> (Step, usize) {
        if let Some(was_there) = self.timers.leave_finished_list(now)
            && threw
        {
            // Node starts the phase anew after a throw. It then finds the list that threw first, now without due
            // timers, and has passed it; unless the callback had cleared the list away.
            passed = was_there;
        }
        let (count, drain_first, same_list) = match self.timers.offer(now, &mut passed, batch) {
            Offer::Deadline => (1, passed && !threw, false),
            Offer::SameList(count) => (count, !threw, true),
            Offer::NextList(count) => (count, passed, false),
            Offer::Nothing if then_check => {
                self.phase = Phase::Check { fresh: true };
                return (Step::Drain, 0);
            }
            Offer::Nothing => return (Step::Done, 0),
        };
        self.phase = Phase::Timers { now, passed: true, then_check };
        (Step::Timers { count, drain_first, same_list }, count)
    }

    fn next_check(&mut self, fresh: bool, threw: bool, batch: &mut impl Batch, pace: &mut impl Pace) -> (Step, usize) {
        if !fresh {
            if let Some(rest) = self.immediates.rest() {
                return self.immediates_step(false, rest, !threw);
            }
            // After a throw Node runs what was set meanwhile in the same check phase.
            if !threw {
                let Some(now) = (if self.rounds { pace.another_round() } else { None }) else {
                    return (Step::Done, 0);
                };
                if self.timers_due(now) {
                    self.timers.begin_phase();
                    return self.next_timers(now, false, true, false, batch);
                }
            }
        }
        let new_batch = self.immediates.cut_off();
        let Some(rest) = self.immediates.rest() else { return (Step::Done, 0) };
        self.phase = Phase::Check { fresh: false };
        self.immediates_step(new_batch, rest, false)
    }

    fn immediates_step(&self, new_batch: bool, count: usize, drain_first: bool) -> (Step, usize) {
        (Step::Immediates { new_batch, count, drain_first, drain_last: self.rounds }, count)
    }
}
