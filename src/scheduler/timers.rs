//! The pending timers: their slots, and in which of the two orders each one stands.
//!
//! Most stand in Node's order (`lists`), those that are set by their deadline in the order of these (`deadlines`).
//! Which of the two comes next is decided by when the next timer of each was due. Neither changes the order within the
//! other: a timer by deadline may come between two of a list, as a callback of I/O may come between two lists.
//!
//! Used by `Scheduler` only, on the JavaScript thread. It reads no clock and calls nobody.

use super::deadlines::{Deadlines, Missed};
use super::heap::Members;
use super::lists::{ListIndex, Lists, Millis};
use super::slots::{NO_SLOT, Slot, Slots};
use super::{Batch, Nanos, OutOfSlots};

/// Not offered to JavaScript in the current batch.
pub(super) const NOT_OFFERED: u16 = u16::MAX;

/// A pending timer.
pub(super) struct Timer {
    /// What its delay counts from. By deadline: when it is due.
    pub(super) time: Nanos,
    /// The list it stands in. By deadline: its position in that heap.
    pub(super) place: u32,
    /// The position in the current batch, or `NOT_OFFERED`.
    pub(super) offered: u16,
    refed: bool,
    by_deadline: bool,
}

impl Members for Slots<Timer> {
    fn placed(&mut self, number: u32, position: u32) {
        self.get_mut(number).place = position;
    }
}

/// What comes next in a timers phase.
pub(super) enum Offer {
    /// The one timer by deadline in the batch.
    Deadline,
    /// So many more timers of the list being emptied.
    SameList(usize),
    /// So many timers of the next list.
    NextList(usize),
    Nothing,
}

#[derive(Default)]
pub(super) struct Timers {
    slots: Slots<Timer>,
    lists: Lists,
    deadlines: Deadlines,
    refed: usize,
    pending: usize,
}

impl Timers {
    pub(super) fn pending(&self) -> usize {
        self.pending
    }

    pub(super) fn refed(&self) -> usize {
        self.refed
    }

    /// When the first list wants to be looked at, or the first deadline has come.
    pub(super) fn first_expiry(&self) -> Option<Nanos> {
        [self.lists.first_expiry(), self.deadlines.first()].into_iter().flatten().min()
    }

    pub(super) fn set(&mut self, delay: Millis, start: Nanos, refed: bool) -> Result<Slot, OutOfSlots> {
        let list = self.lists.list_of(delay, start)?;
        let slot = self.take_slot(start, refed, false).inspect_err(|_| self.lists.drop_if_empty(list))?;
        self.lists.append(slot, list, start, &mut self.slots);
        Ok(slot)
    }

    /// Moves a pending timer to the back of the list of `delay`, counting from `start`. The list it leaves stays.
    pub(super) fn refresh(
        &mut self,
        slot: Slot,
        delay: Millis,
        start: Nanos,
        batch: &mut impl Batch,
    ) -> Result<(), OutOfSlots> {
        if self.slots.is_linked(slot) {
            let list = self.lists.list_of(delay, start)?;
            self.withdraw(slot, batch);
            self.lists.remove(slot, self.slots.get(slot).place, &mut self.slots);
            self.lists.append(slot, list, start, &mut self.slots);
        }
        Ok(())
    }

    pub(super) fn set_deadline(&mut self, deadline: Nanos, refed: bool) -> Result<Slot, OutOfSlots> {
        self.deadlines.reserve()?;
        let slot = self.take_slot(deadline, refed, true)?;
        self.deadlines.insert(slot, deadline, &mut self.slots);
        Ok(slot)
    }

    pub(super) fn postpone(&mut self, slot: Slot, deadline: Nanos, batch: &mut impl Batch) {
        if self.slots.is_linked(slot) {
            self.withdraw(slot, batch);
            let timer = self.slots.get_mut(slot);
            timer.time = deadline;
            self.deadlines.postpone(timer.place, deadline, &mut self.slots);
        }
    }

    pub(super) fn miss(&mut self, now: Nanos, period: Nanos) -> (u64, Nanos) {
        self.deadlines.miss(now, period)
    }

    pub(super) fn repeat(&mut self, period: Nanos, policy: Missed, refed: bool) -> Result<Slot, OutOfSlots> {
        let deadline = self.deadlines.next(period, policy);
        self.set_deadline(deadline, refed)
    }

    /// Ends a pending timer. The last timer to keep the process alive takes its emptied list with it.
    pub(super) fn clear(&mut self, slot: Slot, batch: &mut impl Batch) {
        if !self.slots.is_linked(slot) {
            return;
        }
        self.withdraw(slot, batch);
        let refed = self.slots.get(slot).refed;
        if let Some(list) = self.detach(slot).filter(|_| refed) {
            self.lists.drop_if_empty(list);
        }
    }

    /// A ref'd timer of `delay` was cleared by its own callback, when it no longer was in its list: the list goes
    /// nevertheless, if that timer was its last.
    pub(super) fn clear_running(&mut self, delay: Millis) {
        if let Some(list) = self.lists.find(delay) {
            self.lists.drop_if_empty(list);
        }
    }

    /// Removes a timer that is about to run, wherever it stands. Its list stays.
    pub(super) fn take(&mut self, slot: Slot, batch: &mut impl Batch) {
        if self.slots.is_linked(slot) {
            self.withdraw(slot, batch);
            self.detach(slot);
        }
    }

    pub(super) fn set_ref(&mut self, slot: Slot, refed: bool) {
        if self.slots.is_linked(slot) {
            let timer = self.slots.get_mut(slot);
            match (timer.refed, refed) {
                (false, true) => self.refed += 1,
                (true, false) => self.refed -= 1,
                _ => return,
            }
            timer.refed = refed;
        }
    }

    pub(super) fn begin_phase(&mut self) {
        self.deadlines.begin_phase();
    }

    /// Leaves the list being emptied if none of it is due. Tells whether one was left, and not cleared away.
    pub(super) fn leave_finished_list(&mut self, now: Nanos) -> Option<bool> {
        match self.lists.due_in_current(now, &self.slots) {
            Some(_) => None,
            None => Some(self.leave_list()),
        }
    }

    pub(super) fn leave_list(&mut self) -> bool {
        self.lists.leave(&self.slots)
    }

    /// Offers what comes next. Timers by deadline come one at a time, because an interval that catches up may be next
    /// again. `passed`: a list has been left before, and a drain comes before this one. If a list then has no due timers
    /// it is left after the drain, which may set, clear and refresh timers, and the offer is empty. Without `passed` such
    /// a list is passed over at once.
    pub(super) fn offer(&mut self, now: Nanos, passed: &mut bool, batch: &mut impl Batch) -> Offer {
        let deadline = self.deadlines.first_due(now);
        let bound = deadline.map_or(now, |(deadline, _)| deadline);
        let more = self.lists.due_in_current(now, &self.slots);
        loop {
            let listed = more.or_else(|| self.lists.due_in_next(now, &self.slots));
            if let Some((deadline, slot)) = deadline
                && listed.is_none_or(|due| deadline < due)
            {
                self.slots.get_mut(slot).offered = 0;
                batch.set_entry(0, slot);
                return Offer::Deadline;
            }
            if listed.is_none() {
                return Offer::Nothing;
            }
            if more.is_some() {
                return Offer::SameList(self.lists.offer(bound, &mut self.slots, batch));
            }
            self.lists.enter_next();
            let count = self.lists.offer(bound, &mut self.slots, batch);
            if count > 0 || *passed {
                return Offer::NextList(count);
            }
            *passed = true;
            self.leave_list();
        }
    }

    /// The timer of a batch entry has begun to run: it leaves its place and its slot is free.
    pub(super) fn begin(&mut self, slot: Slot) {
        let &Timer { time, by_deadline, .. } = self.slots.get(slot);
        if by_deadline {
            self.deadlines.begin(time);
        }
        self.detach(slot);
    }

    /// An offered timer was not reached: it stays pending and is offered again another time.
    pub(super) fn decline(&mut self, slot: Slot) {
        self.slots.get_mut(slot).offered = NOT_OFFERED;
    }

    fn take_slot(&mut self, time: Nanos, refed: bool, by_deadline: bool) -> Result<Slot, OutOfSlots> {
        let slot = self.slots.take(Timer { time, place: 0, offered: NOT_OFFERED, refed, by_deadline })?;
        self.pending += 1;
        self.refed += usize::from(refed);
        Ok(slot)
    }

    fn withdraw(&mut self, slot: Slot, batch: &mut impl Batch) {
        let timer = self.slots.get_mut(slot);
        if timer.offered != NOT_OFFERED {
            batch.set_entry(timer.offered as usize, NO_SLOT);
            timer.offered = NOT_OFFERED;
        }
    }

    /// Takes a timer out and frees its slot. Gives the list it was in, if it was in one.
    fn detach(&mut self, slot: Slot) -> Option<ListIndex> {
        let &Timer { place, refed, by_deadline, .. } = self.slots.get(slot);
        if by_deadline {
            self.deadlines.remove(slot, place, &mut self.slots);
        } else {
            self.lists.remove(slot, place, &mut self.slots);
        }
        self.slots.release(slot);
        self.pending -= 1;
        self.refed -= usize::from(refed);
        (!by_deadline).then_some(place)
    }
}
