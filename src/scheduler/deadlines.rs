//! Timers in the order of their deadlines, to the nanosecond: a heap of slots, and what becomes of an interval's
//! deadlines that have passed before it was called.
//!
//! The deadlines of an interval lie on a grid, `start + n * period`, so that it does not drift however late it is
//! called. A deadline is *missed* when the next one has passed, too, before its callback began.
//! Used by `Timers` only, which keeps the slots, on the JavaScript thread. It reads no clock.

use super::heap::{Heap, Key};
use super::slots::{Chain, Slot, Slots};
use super::timers::Timer;
use super::{Nanos, OutOfSlots};

/// How many callbacks that catch up may run in a timers phase, before everything else of the loop has its turn.
const CATCH_UPS: u32 = 64;

/// What an interval does about deadlines it has missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// Catches up: one callback for each of them, one after the other.
    Burst,
    /// Begins a new grid: the next period counts from the call.
    Delay,
    /// Leaves them out: on with the next one to come.
    Skip,
}

/// The last timer that has begun.
#[derive(Default)]
struct Running {
    deadline: Nanos,
    called: Nanos,
    missed: u64,
}

#[derive(Default)]
pub(super) struct Deadlines {
    heap: Heap,
    next_id: u64,
    running: Running,
    caught_up: u32,
}

impl Deadlines {
    /// The earliest deadline.
    pub(super) fn first(&self) -> Option<Nanos> {
        self.heap.first().map(|(key, _)| key.expiry)
    }

    /// The timer whose turn it is, and its deadline.
    pub(super) fn first_due(&self, now: Nanos) -> Option<(Nanos, Slot)> {
        let (key, slot) = self.heap.first()?;
        (key.expiry <= now && self.caught_up < CATCH_UPS).then_some((key.expiry, slot))
    }

    /// Makes sure that `insert` finds room.
    pub(super) fn reserve(&mut self) -> Result<(), OutOfSlots> {
        self.heap.reserve()
    }

    /// Puts a timer behind all that have the same deadline.
    pub(super) fn insert(&mut self, slot: Slot, deadline: Nanos, timers: &mut Slots<Timer>) {
        // A chain of its own makes it as pending as any other.
        timers.append(&mut Chain::default(), slot);
        let key = self.key(deadline);
        self.heap.push(key, slot, timers);
    }

    /// Gives the timer at `position` another deadline.
    pub(super) fn postpone(&mut self, position: u32, deadline: Nanos, timers: &mut Slots<Timer>) {
        let key = self.key(deadline);
        self.heap.rekey(position as usize, key, timers);
    }

    /// Takes out the timer at `position`. Not inlined: timers in lists are the faster for it.
    #[inline(never)]
    pub(super) fn remove(&mut self, slot: Slot, position: u32, timers: &mut Slots<Timer>) {
        self.heap.remove(position as usize, timers);
        timers.unlink(&mut Chain::default(), slot);
    }

    pub(super) fn begin_phase(&mut self) {
        self.caught_up = 0;
    }

    /// The timer with this deadline has begun.
    pub(super) fn begin(&mut self, deadline: Nanos) {
        self.running = Running { deadline, called: deadline, missed: 0 };
    }

    /// The timer that has begun is an interval, and is about to be called: how many deadlines it has missed, and
    /// its own.
    pub(super) fn miss(&mut self, now: Nanos, period: Nanos) -> (u64, Nanos) {
        let missed = now.saturating_sub(self.running.deadline) / period;
        self.running = Running { called: now, missed, ..self.running };
        (missed, self.running.deadline)
    }

    /// The next deadline of the interval that has run.
    pub(super) fn next(&mut self, period: Nanos, policy: Missed) -> Nanos {
        let Running { deadline, called, missed } = self.running;
        match policy {
            _ if missed == 0 => deadline.saturating_add(period),
            Missed::Burst => {
                self.caught_up += 1;
                deadline.saturating_add(period)
            }
            Missed::Delay => called.saturating_add(period),
            Missed::Skip => deadline.saturating_add(period.saturating_mul(missed + 1)),
        }
    }

    fn key(&mut self, deadline: Nanos) -> Key {
        let id = self.next_id;
        self.next_id += 1;
        Key { expiry: deadline, id }
    }
}
