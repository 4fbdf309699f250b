//! Numbered places for pending things, linked into first-in-first-out chains.
//!
//! A slot is the number JavaScript knows a pending timer or immediate by. Slots are reused, last freed first,
//! so that the tables on both sides stay small and warm. Chains are linked through the slots themselves:
//! append, unlink and free cost the same however many are pending. Called by the scheduler only.
//! It never looks into what a slot holds.

use super::OutOfSlots;

/// The number of a pending timer or immediate.
pub type Slot = u32;

/// "No slot": the end of a chain, and an entry of a batch that must not run any more.
pub const NO_SLOT: Slot = Slot::MAX;

/// `prev` of a slot that is free or that is in no chain.
const DETACHED: Slot = Slot::MAX - 1;

/// How many slots there may be. Tests have to come to the end of them.
pub(super) const MOST: usize = if cfg!(test) { 1 << 18 } else { DETACHED as usize };

struct Node<T> {
    prev: Slot,
    next: Slot,
    data: T,
}

pub(super) struct Slots<T> {
    nodes: Vec<Node<T>>,
    first_free: Slot,
}

/// One chain: its first and its last slot.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    head: Slot,
    tail: Slot,
}

impl Default for Chain {
    fn default() -> Self {
        Self { head: NO_SLOT, tail: NO_SLOT }
    }
}

impl Chain {
    pub(super) fn is_empty(&self) -> bool {
        self.head == NO_SLOT
    }

    pub(super) fn head(&self) -> Option<Slot> {
        (self.head != NO_SLOT).then_some(self.head)
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { nodes: Vec::new(), first_free: NO_SLOT }
    }
}

impl<T> Slots<T> {
    /// A slot holding `data`, in no chain yet. Fails rather than aborts when memory or numbers run out.
    pub(super) fn take(&mut self, data: T) -> Result<Slot, OutOfSlots> {
        let slot = self.first_free;
        if slot != NO_SLOT {
            let node = &mut self.nodes[slot as usize];
            self.first_free = node.next;
            *node = Node { prev: DETACHED, next: NO_SLOT, data };
            return Ok(slot);
        }
        let slot = self.nodes.len();
        if slot >= MOST {
            return Err(OutOfSlots);
        }
        if slot == self.nodes.capacity() {
            self.nodes.try_reserve(1).map_err(|_| OutOfSlots)?;
        }
        self.nodes.push(Node { prev: DETACHED, next: NO_SLOT, data });
        Ok(slot as Slot)
    }

    /// Whether the slot is in a chain, that is, whether something is pending under this number.
    pub(super) fn is_linked(&self, slot: Slot) -> bool {
        self.nodes.get(slot as usize).is_some_and(|node| node.prev != DETACHED)
    }

    /// What a slot holds, provided it is linked.
    pub(super) fn get(&self, slot: Slot) -> &T {
        &self.nodes[slot as usize].data
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> &mut T {
        &mut self.nodes[slot as usize].data
    }

    pub(super) fn next(&self, slot: Slot) -> Option<Slot> {
        let next = self.nodes[slot as usize].next;
        (next != NO_SLOT).then_some(next)
    }

    pub(super) fn append(&mut self, chain: &mut Chain, slot: Slot) {
        let node = &mut self.nodes[slot as usize];
        node.prev = chain.tail;
        node.next = NO_SLOT;
        match chain.tail {
            NO_SLOT => chain.head = slot,
            tail => self.nodes[tail as usize].next = slot,
        }
        chain.tail = slot;
    }

    pub(super) fn unlink(&mut self, chain: &mut Chain, slot: Slot) {
        let Node { prev, next, .. } = self.nodes[slot as usize];
        match prev {
            NO_SLOT => chain.head = next,
            prev => self.nodes[prev as usize].next = next,
        }
        match next {
            NO_SLOT => chain.tail = prev,
            next => self.nodes[next as usize].prev = prev,
        }
        self.nodes[slot as usize].prev = DETACHED;
    }

    /// Gives an unlinked slot back.
    pub(super) fn release(&mut self, slot: Slot) {
        self.nodes[slot as usize].next = self.first_free;
        self.first_free = slot;
    }
}
