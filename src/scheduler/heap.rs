//! A 4-ary min-heap of numbered things, ordered by (expiry, id), that lets each one know where it stands.
//!
//! Called by `timers`, for its lists, and by `deadlines`, for single timers. The keys are kept inside the heap, so a
//! sift reads none of the things. It never decides what a key means and never frees a thing.

use super::{Nanos, OutOfSlots};

const ARITY: usize = 4;

/// What orders a thing among the others: when it is due, then which one was keyed first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) expiry: Nanos,
    pub(super) id: u64,
}

/// The things of a heap.
pub(super) trait Members {
    /// The thing with this number stands at `position` now.
    fn placed(&mut self, number: u32, position: u32);
}

#[derive(Default)]
pub(super) struct Heap {
    entries: Vec<(Key, u32)>,
}

impl Heap {
    /// The thing that comes first, and its key.
    pub(super) fn first(&self) -> Option<(Key, u32)> {
        self.entries.first().copied()
    }

    /// Makes sure that there is room for one more.
    pub(super) fn reserve(&mut self) -> Result<(), OutOfSlots> {
        self.entries.try_reserve(1).map_err(|_| OutOfSlots)
    }

    pub(super) fn push(&mut self, key: Key, number: u32, members: &mut impl Members) {
        self.entries.push((key, number));
        self.sift_up(self.entries.len() - 1, members);
    }

    /// Takes the thing at `position` out.
    pub(super) fn remove(&mut self, position: usize, members: &mut impl Members) {
        self.entries.swap_remove(position);
        if position < self.entries.len() {
            self.restore(position, members);
        }
    }

    /// Gives the thing at `position` another key.
    pub(super) fn rekey(&mut self, position: usize, key: Key, members: &mut impl Members) {
        self.entries[position].0 = key;
        self.restore(position, members);
    }

    fn restore(&mut self, position: usize, members: &mut impl Members) {
        if self.sift_up(position, members) == position {
            self.sift_down(position, members);
        }
    }

    fn sift_up(&mut self, mut position: usize, members: &mut impl Members) -> usize {
        let moving = self.entries[position];
        while position > 0 {
            let parent = (position - 1) / ARITY;
            if self.entries[parent].0 <= moving.0 {
                break;
            }
            self.place(position, self.entries[parent], members);
            position = parent;
        }
        self.place(position, moving, members);
        position
    }

    fn sift_down(&mut self, mut position: usize, members: &mut impl Members) {
        let moving = self.entries[position];
        loop {
            let from = position * ARITY + 1;
            let to = (from + ARITY).min(self.entries.len());
            let Some(least) = (from..to).min_by_key(|&child| self.entries[child].0) else {
                break;
            };
            if moving.0 <= self.entries[least].0 {
                break;
            }
            self.place(position, self.entries[least], members);
            position = least;
        }
        self.place(position, moving, members);
    }

    fn place(&mut self, position: usize, entry: (Key, u32), members: &mut impl Members) {
        self.entries[position] = entry;
        members.placed(entry.1, position as u32);
    }
}
