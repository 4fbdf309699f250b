//! Timers as Node keeps them: one first-in-first-out list per whole-millisecond delay, the lists in a heap.
//!
//! A list's place in the heap is set when the list is made and changes only when the list is left with timers that
//! are not due: clearing or refreshing its head does not move it. Which list runs first, and that a due list is
//! emptied before the next one, is what Node programs observe as the order of timers; a plain heap of timers
//! orders them differently. Times are nanoseconds, so that a timer is due only when its delay has truly passed.
//!
//! Used by `Scheduler` only, on the JavaScript thread. It reads no clock and calls nobody.

use rustc_hash::FxHashMap;

use super::heap::{Heap, Key};
use super::slots::{Chain, NO_SLOT, Slot, Slots};
use super::{Nanos, OutOfSlots};

/// A delay in whole milliseconds.
pub type Millis = u64;

pub(super) type ListIndex = u32;

const NANOS_PER_MILLI: u64 = 1_000_000;
const NO_LIST: ListIndex = ListIndex::MAX;

/// Not offered to JavaScript in the current batch.
const NOT_OFFERED: u16 = u16::MAX;

struct Timer {
    start: Nanos,
    list: ListIndex,
    /// The position in the current batch, or `NOT_OFFERED`.
    offered: u16,
    refed: bool,
}

/// The timers of one delay.
pub(super) struct List {
    delay: Millis,
    chain: Chain,
    /// Its place in the heap.
    pub(super) position: u32,
}

/// The list being emptied in this timers phase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Current {
    /// None yet, or the last one was left in an orderly way.
    None,
    List(ListIndex),
    /// It vanished under its own callbacks: its last timer was cleared.
    Dropped,
}

pub(super) struct Timers {
    slots: Slots<Timer>,
    lists: Vec<List>,
    free_lists: Vec<ListIndex>,
    by_delay: FxHashMap<Millis, ListIndex>,
    /// The delay looked up last, and its list: most programs use one delay many times in a row.
    recent: (Millis, ListIndex),
    heap: Heap,
    next_id: u64,
    refed: usize,
    pending: usize,
    current: Current,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            lists: Vec::new(),
            free_lists: Vec::new(),
            by_delay: FxHashMap::default(),
            recent: (0, NO_LIST),
            heap: Heap::default(),
            next_id: 0,
            refed: 0,
            pending: 0,
            current: Current::None,
        }
    }
}

/// When a timer of this delay is due. Saturates: 584 years from boot is never.
fn due_at(start: Nanos, delay: Millis) -> Nanos {
    start.saturating_add(delay.saturating_mul(NANOS_PER_MILLI))
}

impl Timers {
    pub(super) fn pending(&self) -> usize {
        self.pending
    }

    pub(super) fn refed(&self) -> usize {
        self.refed
    }

    /// When the first list wants to be looked at.
    pub(super) fn first_expiry(&self) -> Option<Nanos> {
        self.heap.first().map(|(key, _)| key.expiry)
    }

    pub(super) fn set(&mut self, delay: Millis, start: Nanos, refed: bool) -> Result<Slot, OutOfSlots> {
        let slot = self.slots.take(Timer { start, list: NO_LIST, offered: NOT_OFFERED, refed })?;
        self.append(slot, delay, start);
        self.pending += 1;
        self.refed += usize::from(refed);
        Ok(slot)
    }

    /// Moves a pending timer to the back of the list of `delay`, counting from `start`. The list it leaves stays.
    pub(super) fn refresh(&mut self, slot: Slot, delay: Millis, start: Nanos, batch: &mut [Slot]) {
        if !self.slots.is_linked(slot) {
            return;
        }
        self.withdraw(slot, batch);
        let list = self.slots.get(slot).list;
        self.slots.unlink(&mut self.lists[list as usize].chain, slot);
        self.append(slot, delay, start);
    }

    /// Ends a pending timer. The last timer to keep the process alive takes its emptied list with it.
    pub(super) fn clear(&mut self, slot: Slot, batch: &mut [Slot]) {
        if !self.slots.is_linked(slot) {
            return;
        }
        self.withdraw(slot, batch);
        let (list, refed) = self.detach(slot);
        if refed {
            self.drop_if_empty(list);
        }
    }

    /// A ref'd timer of `delay` was cleared by its own callback, when it no longer was in its list: the list goes
    /// nevertheless, if that timer was its last.
    pub(super) fn clear_running(&mut self, delay: Millis) {
        if let Some(&list) = self.by_delay.get(&delay) {
            self.drop_if_empty(list);
        }
    }

    /// Removes a timer that is about to run, wherever it stands. Its list stays.
    pub(super) fn take(&mut self, slot: Slot, batch: &mut [Slot]) {
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

    /// Goes to the next list that stands before `now`, if any, and offers its due timers. `passed`: a list has been
    /// left before, and a drain comes before this one. If it has no due timers it is then left after the drain, which
    /// may set, clear and refresh timers, and the offer is empty. Without `passed` it is passed over at once.
    pub(super) fn offer_next_list(&mut self, now: Nanos, batch: &mut [Slot], passed: &mut bool) -> Option<usize> {
        while let Some((key, list)) = self.heap.first() {
            if key.expiry > now {
                break;
            }
            self.current = Current::List(list);
            let count = self.offer(list, now, batch);
            if count > 0 || *passed {
                return Some(count);
            }
            *passed = true;
            self.leave_list();
        }
        None
    }

    /// Offers more due timers of the list being emptied.
    pub(super) fn offer_more(&mut self, now: Nanos, batch: &mut [Slot]) -> usize {
        match self.current {
            Current::List(list) => self.offer(list, now, batch),
            _ => 0,
        }
    }

    /// Leaves the list being emptied: an empty one goes, another one is keyed by its head.
    /// Tells whether it was still there.
    pub(super) fn leave_list(&mut self) -> bool {
        let Current::List(index) = std::mem::replace(&mut self.current, Current::None) else {
            return false;
        };
        let list = &self.lists[index as usize];
        match list.chain.head() {
            None => self.drop_list(index),
            Some(head) => {
                let key = Key { expiry: due_at(self.slots.get(head).start, list.delay), id: self.next_id };
                self.next_id += 1;
                self.heap.rekey(list.position as usize, key, &mut self.lists);
            }
        }
        true
    }

    /// The timer of a batch entry has begun to run: it leaves its list and its slot is free.
    pub(super) fn begin(&mut self, slot: Slot) {
        self.detach(slot);
    }

    /// An offered timer was not reached: it stays pending and is offered again another time.
    pub(super) fn decline(&mut self, slot: Slot) {
        self.slots.get_mut(slot).offered = NOT_OFFERED;
    }

    fn offer(&mut self, list: ListIndex, now: Nanos, batch: &mut [Slot]) -> usize {
        let List { delay, chain, .. } = self.lists[list as usize];
        let capacity = batch.len().min(NOT_OFFERED as usize);
        let mut count = 0;
        let mut at = chain.head();
        while let Some(slot) = at {
            let timer = self.slots.get_mut(slot);
            if count == capacity || due_at(timer.start, delay) > now {
                break;
            }
            timer.offered = count as u16;
            batch[count] = slot;
            count += 1;
            at = self.slots.next(slot);
        }
        count
    }

    fn append(&mut self, slot: Slot, delay: Millis, start: Nanos) {
        let list = self.list_of(delay, start);
        let timer = self.slots.get_mut(slot);
        timer.start = start;
        timer.list = list;
        self.slots.append(&mut self.lists[list as usize].chain, slot);
    }

    fn list_of(&mut self, delay: Millis, start: Nanos) -> ListIndex {
        if self.recent.0 == delay && self.recent.1 != NO_LIST {
            return self.recent.1;
        }
        let list = match self.by_delay.get(&delay) {
            Some(&list) => list,
            None => self.make_list(delay, start),
        };
        self.recent = (delay, list);
        list
    }

    fn make_list(&mut self, delay: Millis, start: Nanos) -> ListIndex {
        let list = List { delay, chain: Chain::default(), position: 0 };
        let index = match self.free_lists.pop() {
            Some(index) => {
                self.lists[index as usize] = list;
                index
            }
            None => {
                self.lists.push(list);
                (self.lists.len() - 1) as ListIndex
            }
        };
        self.by_delay.insert(delay, index);
        let key = Key { expiry: due_at(start, delay), id: self.next_id };
        self.next_id += 1;
        self.heap.push(key, index, &mut self.lists);
        index
    }

    fn drop_if_empty(&mut self, list: ListIndex) {
        if self.lists[list as usize].chain.is_empty() {
            if self.current == Current::List(list) {
                self.current = Current::Dropped;
            }
            self.drop_list(list);
        }
    }

    fn drop_list(&mut self, index: ListIndex) {
        let List { delay, position, .. } = self.lists[index as usize];
        self.heap.remove(position as usize, &mut self.lists);
        self.by_delay.remove(&delay);
        self.free_lists.push(index);
        if self.recent.1 == index {
            self.recent.1 = NO_LIST;
        }
    }

    fn withdraw(&mut self, slot: Slot, batch: &mut [Slot]) {
        let timer = self.slots.get_mut(slot);
        if timer.offered != NOT_OFFERED {
            batch[timer.offered as usize] = NO_SLOT;
            timer.offered = NOT_OFFERED;
        }
    }

    fn detach(&mut self, slot: Slot) -> (ListIndex, bool) {
        let &Timer { list, refed, .. } = self.slots.get(slot);
        self.slots.unlink(&mut self.lists[list as usize].chain, slot);
        self.slots.release(slot);
        self.pending -= 1;
        self.refed -= usize::from(refed);
        (list, refed)
    }
}
