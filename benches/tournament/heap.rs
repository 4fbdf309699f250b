//! Timers in one binary heap, from which the cleared ones are dropped when they come to its top, and in an ordered tree.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::timers::Timers;

#[derive(Default)]
pub(crate) struct LazyHeap {
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    cleared: Vec<bool>,
    free: Vec<u32>,
}

impl LazyHeap {
    fn drop_cleared(&mut self) {
        while let Some(&Reverse((_, slot))) = self.heap.peek()
            && self.cleared[slot as usize]
        {
            self.heap.pop();
            self.free.push(slot);
        }
    }
}

impl Timers for LazyHeap {
    type Key = u32;

    fn set(&mut self, deadline: u64, _: u64) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.cleared.push(false);
            (self.cleared.len() - 1) as u32
        });
        self.cleared[slot as usize] = false;
        self.heap.push(Reverse((deadline, slot)));
        slot
    }

    fn clear(&mut self, slot: u32) {
        self.cleared[slot as usize] = true;
        self.drop_cleared();
    }

    fn next(&self) -> Option<u64> {
        self.heap.peek().map(|&Reverse((deadline, _))| deadline)
    }

    fn fire(&mut self, now: u64) -> usize {
        let mut fired = 0;
        while let Some(&Reverse((deadline, slot))) = self.heap.peek()
            && deadline <= now
        {
            self.heap.pop();
            self.free.push(slot);
            fired += 1;
            self.drop_cleared();
        }
        fired
    }
}

#[derive(Default)]
pub(crate) struct Tree {
    timers: BTreeMap<(u64, u64), ()>,
    set: u64,
}

impl Timers for Tree {
    type Key = (u64, u64);

    fn set(&mut self, deadline: u64, _: u64) -> (u64, u64) {
        self.set += 1;
        self.timers.insert((deadline, self.set), ());
        (deadline, self.set)
    }

    fn clear(&mut self, key: (u64, u64)) {
        self.timers.remove(&key);
    }

    fn next(&self) -> Option<u64> {
        self.timers.first_key_value().map(|(&(deadline, _), ())| deadline)
    }

    fn fire(&mut self, now: u64) -> usize {
        let later = self.timers.split_off(&(now + 1, 0));
        std::mem::replace(&mut self.timers, later).len()
    }
}
