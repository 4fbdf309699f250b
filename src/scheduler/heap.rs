//! A 4-ary min-heap of timer lists, ordered by (expiry, id), that knows where each list stands.
//!
//! Called by `timers` only. The keys are kept inside the heap, so a sift touches no list.
//! It never decides what a key means and never frees a list.

use super::Nanos;
use super::timers::{List, ListIndex};

const ARITY: usize = 4;

/// What orders a list among the others: when it is due, then which one was keyed first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) expiry: Nanos,
    pub(super) id: u64,
}

#[derive(Default)]
pub(super) struct Heap {
    entries: Vec<(Key, ListIndex)>,
}

impl Heap {
    /// The list that comes first, and its key.
    pub(super) fn first(&self) -> Option<(Key, ListIndex)> {
        self.entries.first().copied()
    }

    pub(super) fn push(&mut self, key: Key, list: ListIndex, lists: &mut [List]) {
        self.entries.push((key, list));
        self.sift_up(self.entries.len() - 1, lists);
    }

    /// Takes the list at `position` out.
    pub(super) fn remove(&mut self, position: usize, lists: &mut [List]) {
        self.entries.swap_remove(position);
        if position < self.entries.len() {
            self.restore(position, lists);
        }
    }

    /// Gives the list at `position` another key.
    pub(super) fn rekey(&mut self, position: usize, key: Key, lists: &mut [List]) {
        self.entries[position].0 = key;
        self.restore(position, lists);
    }

    fn restore(&mut self, position: usize, lists: &mut [List]) {
        if self.sift_up(position, lists) == position {
            self.sift_down(position, lists);
        }
    }

    fn sift_up(&mut self, mut position: usize, lists: &mut [List]) -> usize {
        let moving = self.entries[position];
        while position > 0 {
            let parent = (position - 1) / ARITY;
            if self.entries[parent].0 <= moving.0 {
                break;
            }
            self.place(position, self.entries[parent], lists);
            position = parent;
        }
        self.place(position, moving, lists);
        position
    }

    fn sift_down(&mut self, mut position: usize, lists: &mut [List]) {
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
            self.place(position, self.entries[least], lists);
            position = least;
        }
        self.place(position, moving, lists);
    }

    fn place(&mut self, position: usize, entry: (Key, ListIndex), lists: &mut [List]) {
        self.entries[position] = entry;
        lists[entry.1 as usize].position = position as u32;
    }
}
