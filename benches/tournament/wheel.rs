//! Timers in a hierarchical wheel: levels of 64 places, a place of one level as long as the whole level before it. A timer
//! moves down a level each time its place is reached, until it is due.

use super::timers::Timers;

const LEVELS: usize = 6;
const PLACES: usize = 64;
const BITS: u32 = 6;
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Entry {
    deadline: u64,
    place: u32,
    previous: u32,
    next: u32,
}

pub(crate) struct Wheel {
    entries: Vec<Entry>,
    free: Vec<u32>,
    heads: [u32; LEVELS * PLACES],
    /// The places of each level that hold something.
    taken: [u64; LEVELS],
    now: u64,
}

impl Default for Wheel {
    fn default() -> Self {
        Self { entries: Vec::new(), free: Vec::new(), heads: [NONE; LEVELS * PLACES], taken: [0; LEVELS], now: 0 }
    }
}

impl Wheel {
    /// The level is that of the highest bit in which the deadline differs from now.
    fn place(&self, deadline: u64) -> u32 {
        let differs = (deadline ^ self.now) | 1;
        let level = ((63 - differs.leading_zeros()) / BITS).min(LEVELS as u32 - 1);
        level * PLACES as u32 + (deadline >> (level * BITS)) as u32 % PLACES as u32
    }

    fn link(&mut self, slot: u32) {
        let place = self.place(self.entries[slot as usize].deadline);
        let next = std::mem::replace(&mut self.heads[place as usize], slot);
        self.taken[place as usize / PLACES] |= 1 << (place as usize % PLACES);
        let entry = &mut self.entries[slot as usize];
        (entry.place, entry.previous, entry.next) = (place, NONE, next);
        if next != NONE {
            self.entries[next as usize].previous = slot;
        }
    }

    /// Empties a place. Calls `each` with its entries, one after the other.
    fn empty(&mut self, place: usize, mut each: impl FnMut(&mut Self, u32)) {
        self.taken[place / PLACES] &= !(1 << (place % PLACES));
        let mut slot = std::mem::replace(&mut self.heads[place], NONE);
        while slot != NONE {
            let next = self.entries[slot as usize].next;
            each(self, slot);
            slot = next;
        }
    }
}

impl Timers for Wheel {
    type Key = u32;

    fn set(&mut self, deadline: u64, _: u64) -> u32 {
        let entry = Entry { deadline, place: 0, previous: NONE, next: NONE };
        let slot = match self.free.pop() {
            Some(slot) => {
                self.entries[slot as usize] = entry;
                slot
            }
            None => {
                self.entries.push(entry);
                (self.entries.len() - 1) as u32
            }
        };
        self.link(slot);
        slot
    }

    fn clear(&mut self, slot: u32) {
        let Entry { place, previous, next, .. } = self.entries[slot as usize];
        match previous {
            NONE => self.heads[place as usize] = next,
            _ => self.entries[previous as usize].next = next,
        }
        if next != NONE {
            self.entries[next as usize].previous = previous;
        }
        if self.heads[place as usize] == NONE {
            self.taken[place as usize / PLACES] &= !(1 << (place as usize % PLACES));
        }
        self.free.push(slot);
    }

    /// The beginning of the first place that holds something: the lowest level that does has it.
    fn next(&self) -> Option<u64> {
        let level = self.taken.iter().position(|&taken| taken != 0)?;
        let shift = level as u32 * BITS;
        let here = self.now >> shift;
        let ahead = self.taken[level].rotate_right(here as u32 % PLACES as u32).trailing_zeros();
        Some((here + u64::from(ahead)) << shift)
    }

    fn fire(&mut self, now: u64) -> usize {
        let mut fired = 0;
        while self.now < now {
            self.now += 1;
            for level in (1..LEVELS).rev() {
                let shift = level as u32 * BITS;
                if self.now.trailing_zeros() >= shift {
                    let place = level * PLACES + (self.now >> shift) as usize % PLACES;
                    self.empty(place, Self::link);
                }
            }
            self.empty(self.now as usize % PLACES, |wheel, slot| {
                fired += 1;
                wheel.free.push(slot);
            });
        }
        fired
    }
}
