//! Timers in Node's order: one first-in-first-out list per whole-millisecond delay, the lists in a heap.
//!
//! A list's place in the heap is set when the list is made and changes only when the list is left with timers that
//! are not due: clearing or refreshing its head does not move it. Which list runs first, and that a due list is
//! emptied before the next one, is what Node programs observe as the order of timers; a plain heap of timers
//! orders them differently. Times are nanoseconds, so that a timer is due only when its delay has truly passed.
//!
//! Used by `Timers` only, which keeps the slots, on the JavaScript thread. It reads no clock.

use rustc_hash::FxHashMap;

use super::heap::{Heap, Key, Members};
use super::slots::{Chain, Slot, Slots};
use super::timers::{NOT_OFFERED, Timer};
use super::{Batch, Nanos, OutOfSlots};

/// A delay in whole milliseconds.
pub type Millis = u64;

pub(super) type ListIndex = u32;

const NANOS_PER_MILLI: u64 = 1_000_000;
const NO_LIST: ListIndex = ListIndex::MAX;

/// The timers of one delay.
struct List {
    delay: Millis,
    chain: Chain,
    /// Its place in the heap.
    position: u32,
}

impl Members for Vec<List> {
    fn placed(&mut self, number: u32, position: u32) {
        self[number as usize].position = position;
    }
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

pub(super) struct Lists {
    lists: Vec<List>,
    free: Vec<ListIndex>,
    by_delay: FxHashMap<Millis, ListIndex>,
    /// The delay looked up last, and its list: most programs use one delay many times in a row.
    recent: (Millis, ListIndex),
    heap: Heap,
    next_id: u64,
    current: Current,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            lists: Vec::new(),
            free: Vec::new(),
            by_delay: FxHashMap::default(),
            recent: (0, NO_LIST),
            heap: Heap::default(),
            next_id: 0,
            current: Current::None,
        }
    }
}

/// When a timer of this delay is due. Saturates: 584 years from boot is never.
fn due_at(start: Nanos, delay: Millis) -> Nanos {
    start.saturating_add(delay.saturating_mul(NANOS_PER_MILLI))
}

impl Lists {
    /// When the first list wants to be looked at.
    pub(super) fn first_expiry(&self) -> Option<Nanos> {
        self.heap.first().map(|(key, _)| key.expiry)
    }

    /// Puts a timer to the back of a list, counting from `start`.
    pub(super) fn append(&mut self, slot: Slot, list: ListIndex, start: Nanos, timers: &mut Slots<Timer>) {
        let timer = timers.get_mut(slot);
        timer.time = start;
        timer.place = list;
        timers.append(&mut self.lists[list as usize].chain, slot);
    }

    /// Takes a timer out of its list, which stays.
    pub(super) fn remove(&mut self, slot: Slot, list: ListIndex, timers: &mut Slots<Timer>) {
        timers.unlink(&mut self.lists[list as usize].chain, slot);
    }

    pub(super) fn drop_if_empty(&mut self, list: ListIndex) {
        if self.lists[list as usize].chain.is_empty() {
            if self.current == Current::List(list) {
                self.current = Current::Dropped;
            }
            self.drop_list(list);
        }
    }

    /// The list of `delay`, if there is one.
    pub(super) fn find(&self, delay: Millis) -> Option<ListIndex> {
        self.by_delay.get(&delay).copied()
    }

    /// When the next timer of the list being emptied was due. None if none of it is.
    pub(super) fn due_in_current(&self, now: Nanos, timers: &Slots<Timer>) -> Option<Nanos> {
        let Current::List(list) = self.current else { return None };
        self.due_in(list, now, timers)
    }

    /// When the next timer of the next list that stands before `now` was due. If none of it is, when the list stands.
    pub(super) fn due_in_next(&self, now: Nanos, timers: &Slots<Timer>) -> Option<Nanos> {
        let (key, list) = self.heap.first().filter(|(key, _)| key.expiry <= now)?;
        self.due_in(list, now, timers).or(Some(key.expiry))
    }

    fn due_in(&self, list: ListIndex, now: Nanos, timers: &Slots<Timer>) -> Option<Nanos> {
        let List { delay, chain, .. } = &self.lists[list as usize];
        let due = due_at(timers.get(chain.head()?).time, *delay);
        (due <= now).then_some(due)
    }

    /// Begins to empty the list that stands first.
    pub(super) fn enter_next(&mut self) {
        if let Some((_, list)) = self.heap.first() {
            self.current = Current::List(list);
        }
    }

    /// Offers the timers of the list being emptied that were due by `bound`, as many as the batch has room for.
    pub(super) fn offer(&self, bound: Nanos, timers: &mut Slots<Timer>, batch: &mut impl Batch) -> usize {
        let Current::List(list) = self.current else { return 0 };
        let List { delay, chain, .. } = self.lists[list as usize];
        let capacity = batch.capacity().min(NOT_OFFERED as usize);
        let mut count = 0;
        let mut at = chain.head();
        while let Some(slot) = at {
            let timer = timers.get_mut(slot);
            if count == capacity || due_at(timer.time, delay) > bound {
                break;
            }
            timer.offered = count as u16;
            batch.set_entry(count, slot);
            count += 1;
            at = timers.next(slot);
        }
        count
    }

    /// Leaves the list being emptied: an empty one goes, another one is keyed by its head.
    /// Tells whether it was still there.
    pub(super) fn leave(&mut self, timers: &Slots<Timer>) -> bool {
        let Current::List(index) = std::mem::replace(&mut self.current, Current::None) else {
            return false;
        };
        let list = &self.lists[index as usize];
        match list.chain.head() {
            None => self.drop_list(index),
            Some(head) => {
                let key = Key { expiry: due_at(timers.get(head).time, list.delay), id: self.next_id };
                self.next_id += 1;
                self.heap.rekey(list.position as usize, key, &mut self.lists);
            }
        }
        true
    }

    /// The list of `delay`. If there is none it is made, for a timer that counts from `start`.
    pub(super) fn list_of(&mut self, delay: Millis, start: Nanos) -> Result<ListIndex, OutOfSlots> {
        if self.recent.0 == delay && self.recent.1 != NO_LIST {
            return Ok(self.recent.1);
        }
        let list = match self.find(delay) {
            Some(list) => list,
            None => self.make_list(delay, start)?,
        };
        self.recent = (delay, list);
        Ok(list)
    }

    fn make_list(&mut self, delay: Millis, start: Nanos) -> Result<ListIndex, OutOfSlots> {
        self.reserve()?;
        let list = List { delay, chain: Chain::default(), position: 0 };
        let index = match self.free.pop() {
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
        Ok(index)
    }

    /// Makes sure that there is room for one more list, and to free it.
    fn reserve(&mut self) -> Result<(), OutOfSlots> {
        self.heap.reserve()?;
        self.by_delay.try_reserve(1).map_err(|_| OutOfSlots)?;
        if self.free.is_empty() {
            self.lists.try_reserve(1).map_err(|_| OutOfSlots)?;
            self.free.try_reserve(self.lists.len() + 1).map_err(|_| OutOfSlots)?;
        }
        Ok(())
    }

    fn drop_list(&mut self, index: ListIndex) {
        let List { delay, position, .. } = self.lists[index as usize];
        self.heap.remove(position as usize, &mut self.lists);
        self.by_delay.remove(&delay);
        self.free.push(index);
        if self.recent.1 == index {
            self.recent.1 = NO_LIST;
        }
    }
}
