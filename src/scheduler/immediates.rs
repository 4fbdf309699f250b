//! Immediates: one queue, cut off at the start of each check phase.
//!
//! What is set while a batch runs waits for the next batch. JavaScript appends to the queue without a call and lets the
//! scheduler know its length, so an immediate's slot follows from its index: `index * 2 + side`. The side alternates
//! with each batch, which tells a member of the queue from one of the batch that runs. Each entry's fate is kept here.
//! Used by `Scheduler` only, on the JavaScript thread.

use super::OutOfSlots;
use super::slots::Slot;

/// How many entries can be marked one by one. JavaScript has no room for as many handles; but it is JavaScript that says
/// how long the queue is, and nothing it says may take all memory.
const MOST: usize = 1 << 26;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Refed,
    Unrefed,
    Cleared,
}

/// Entries in the order in which they were set. Those before `at` have begun.
#[derive(Default)]
struct Entries {
    count: usize,
    at: usize,
    live: usize,
    refed: usize,
    /// As far as any entry is not `Refed`; the rest is.
    marks: Vec<Mark>,
}

impl Entries {
    fn reset(&mut self) {
        *self = Self { marks: std::mem::take(&mut self.marks), ..Self::default() };
        self.marks.clear();
    }

    /// The mark of an entry that waits.
    fn mark(&self, index: usize) -> Option<Mark> {
        let mark = self.marks.get(index).copied().unwrap_or(Mark::Refed);
        ((self.at..self.count).contains(&index) && mark != Mark::Cleared).then_some(mark)
    }

    fn set_mark(&mut self, index: usize, mark: Mark) -> Result<(), OutOfSlots> {
        let Some(old) = self.mark(index) else { return Ok(()) };
        if index >= MOST {
            return Err(OutOfSlots);
        }
        if let Some(missing) = (index + 1).checked_sub(self.marks.len()) {
            self.marks.try_reserve(missing).map_err(|_| OutOfSlots)?;
            self.marks.resize(index + 1, Mark::Refed);
        }
        self.marks[index] = mark;
        self.live -= usize::from(mark == Mark::Cleared);
        self.refed += usize::from(mark == Mark::Refed);
        self.refed -= usize::from(old == Mark::Refed);
        Ok(())
    }

    fn append(&mut self, more: usize) {
        self.count += more;
        self.live += more;
        self.refed += more;
    }

    fn begin(&mut self, more: usize) {
        let marked = self.marks.len().clamp(self.at, self.at + more);
        let unmarked = self.at + more - marked;
        for index in self.at..marked {
            let mark = self.mark(index);
            self.live -= usize::from(mark.is_some());
            self.refed -= usize::from(mark == Some(Mark::Refed));
        }
        self.live -= unmarked;
        self.refed -= unmarked;
        self.at += more;
    }
}

#[derive(Default)]
pub(super) struct Immediates {
    queue: Entries,
    running: Entries,
    /// The lowest bit of the slots in the queue. Those of the running batch have the other one.
    side: u32,
}

impl Immediates {
    pub(super) fn pending(&self) -> usize {
        self.queue.live + self.running.live
    }

    pub(super) fn refed(&self) -> usize {
        self.queue.refed + self.running.refed
    }

    /// How long the queue is, cleared entries included.
    pub(super) fn queued(&self) -> usize {
        self.queue.count
    }

    /// Learns how long the queue has become.
    pub(super) fn learn(&mut self, queued: usize) {
        self.queue.append(queued.saturating_sub(self.queue.count));
    }

    /// Ends a pending immediate. When no live one is left in the queue, the queue begins anew.
    pub(super) fn clear(&mut self, slot: Slot) -> Result<(), OutOfSlots> {
        let (entries, index) = self.find(slot);
        entries.set_mark(index, Mark::Cleared)?;
        if self.queue.live == 0 {
            self.queue.reset();
        }
        Ok(())
    }

    pub(super) fn set_ref(&mut self, slot: Slot, refed: bool) -> Result<(), OutOfSlots> {
        let (entries, index) = self.find(slot);
        entries.set_mark(index, if refed { Mark::Refed } else { Mark::Unrefed })
    }

    /// Cuts the queue off as the batch to run, unless one is still unfinished; tells whether it did.
    pub(super) fn cut_off(&mut self) -> bool {
        let cut = self.running.live == 0 && self.queue.live > 0;
        if cut {
            std::mem::swap(&mut self.queue, &mut self.running);
            self.queue.reset();
            self.side ^= 1;
        }
        cut
    }

    /// How many of the running batch have not begun, cleared ones included; `None` when nothing in it is live.
    pub(super) fn rest(&self) -> Option<usize> {
        let Entries { at, count, live, .. } = self.running;
        (live > 0).then_some(count - at)
    }

    /// That many more entries of the running batch have begun, or were passed over because they were cleared.
    pub(super) fn begin(&mut self, more: usize) {
        self.running.begin(more);
    }

    fn find(&mut self, slot: Slot) -> (&mut Entries, usize) {
        let entries = if slot & 1 == self.side { &mut self.queue } else { &mut self.running };
        (entries, (slot >> 1) as usize)
    }
}
