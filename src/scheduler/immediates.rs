//! Immediates: one queue, cut off at the start of each check phase.
//!
//! What is set while a batch runs waits for the next batch. Used by `Scheduler` only, on the JavaScript thread.

use super::OutOfSlots;
use super::slots::{Chain, NO_SLOT, Slot, Slots};

const NOT_OFFERED: u16 = u16::MAX;

struct Immediate {
    offered: u16,
    /// Which of the two chains it is in: the queue has `Immediates::side`, the running batch the other one.
    side: bool,
    refed: bool,
}

#[derive(Default)]
pub(super) struct Immediates {
    slots: Slots<Immediate>,
    queue: Chain,
    running: Chain,
    refed: usize,
    pending: usize,
    /// The queue's mark. It alternates with each batch, so that cutting the queue off touches none of its members.
    side: bool,
}

impl Immediates {
    pub(super) fn pending(&self) -> usize {
        self.pending
    }

    pub(super) fn refed(&self) -> usize {
        self.refed
    }

    pub(super) fn set(&mut self) -> Result<Slot, OutOfSlots> {
        let slot = self.slots.take(Immediate { offered: NOT_OFFERED, side: self.side, refed: true })?;
        self.slots.append(&mut self.queue, slot);
        self.pending += 1;
        self.refed += 1;
        Ok(slot)
    }

    pub(super) fn clear(&mut self, slot: Slot, batch: &mut [Slot]) {
        if !self.slots.is_linked(slot) {
            return;
        }
        let offered = self.slots.get(slot).offered;
        if offered != NOT_OFFERED {
            batch[offered as usize] = NO_SLOT;
        }
        self.begin(slot);
    }

    pub(super) fn set_ref(&mut self, slot: Slot, refed: bool) {
        if self.slots.is_linked(slot) {
            let immediate = self.slots.get_mut(slot);
            match (immediate.refed, refed) {
                (false, true) => self.refed += 1,
                (true, false) => self.refed -= 1,
                _ => return,
            }
            immediate.refed = refed;
        }
    }

    /// Cuts the queue off as the batch to run, unless one is still unfinished. False when there is nothing to run.
    pub(super) fn begin_batch(&mut self) -> bool {
        if self.running.is_empty() {
            self.running = std::mem::take(&mut self.queue);
            self.side = !self.side;
        }
        !self.running.is_empty()
    }

    /// Offers the next members of the batch, and tells how many and whether more are to come.
    pub(super) fn offer(&mut self, batch: &mut [Slot]) -> (usize, bool) {
        let capacity = batch.len().min(NOT_OFFERED as usize);
        let mut count = 0;
        let mut at = self.running.head();
        while let Some(slot) = at {
            if count == capacity {
                return (count, true);
            }
            self.slots.get_mut(slot).offered = count as u16;
            batch[count] = slot;
            count += 1;
            at = self.slots.next(slot);
        }
        (count, false)
    }

    /// The immediate has begun to run or was cleared: it leaves its chain and its slot is free.
    pub(super) fn begin(&mut self, slot: Slot) {
        let &Immediate { side, refed, .. } = self.slots.get(slot);
        let chain = if side == self.side { &mut self.queue } else { &mut self.running };
        self.slots.unlink(chain, slot);
        self.slots.release(slot);
        self.pending -= 1;
        self.refed -= usize::from(refed);
    }

    /// An offered immediate was not reached: it stays first in line.
    pub(super) fn decline(&mut self, slot: Slot) {
        self.slots.get_mut(slot).offered = NOT_OFFERED;
    }
}
