//! Promises: which state each is in, who may still settle it, how many reactions wait for it, whether anybody handles
//! its rejection, and which of them are pending or unhandled. Values and callbacks are JavaScript's.
//!
//! A promise has a slot only while something can still happen to it here:
//!
//! ```text
//!            lock                fulfill, or reject and handled
//! pending ---------> locked  ------------------------------------> no slot
//!    |                  |                                             ^
//!    +------------------+---- reject, no handler --> unhandled -------+ handle
//! ```
//!
//! and what JavaScript has collected, whatever its state, gives its slot back.
//!
//! Slots are given out in packs, so that making a promise needs no call. A pack is of one *block* of 64 slots, and a
//! wholly free block if memory allows: JavaScript then keeps the promises of a pack in a young array, which is cheap.
//!
//! JavaScript holds a young promise strongly and an old one weakly, and looks after them block by block.
//! [`Promises::look_after`] says which ones have become old, and which old ones may have been collected.

use super::OutOfSlots;
use super::slots::Slot;

/// How many slots a block has.
pub const BLOCK: usize = 64;

/// A block may be given out again while promises are left in it if it has so many free slots.
const ENOUGH: u32 = 16;

/// So many free slots may lie scattered among those in use. An array of JavaScript that is used again is young no more.
const SCATTERED: usize = 2 * BLOCK;

/// JavaScript adds a bit to a slot, and its small integers have 31.
const MOST: usize = 1 << 29;

/// What settling a promise came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Somebody else has resolved the promise before.
    TooLate,
    /// It is settled and has no slot any more. So many reactions run now, in the order of their numbers.
    Reactions(u32),
    /// It is rejected, and nobody handles that. The slot stays.
    Unhandled,
}

/// What JavaScript says of a promise without asking anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Somebody waits for it. Reactions are numbered in the order of these notes.
    Reaction(Slot),
    /// It is settled. Nobody had locked it, and its rejection is handled if it is one.
    Settled(Slot),
}

/// Fresh slots, all of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pack {
    /// How many there are.
    pub count: usize,
    /// No promise is left in their block from before.
    pub fresh: bool,
}

/// What there is to do for the promises of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    /// How many have become old: from now on JavaScript holds them weakly.
    pub aged: usize,
    /// How many were old before: JavaScript says which of them are gone.
    pub old: usize,
}

/// How much there is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Promises that are pending. Slots of a pack that JavaScript has not used yet count, too.
    pub pending: usize,
    /// Rejected promises that nobody handles.
    pub unhandled: usize,
    /// Reactions that wait for a promise.
    pub reactions: usize,
    /// The memory all of it takes here.
    pub bytes: usize,
}

#[derive(Clone, Copy, Default)]
struct Promise {
    /// Those that wait. Somebody handles a rejection if there are any.
    reactions: u32,
    /// Changes when a pair of resolving functions has locked the promise in: older pairs are too late from then on.
    key: u32,
}

/// 64 slots. What is one bit of a promise is in sets of 64 bits.
struct Block {
    free: u64,
    /// Looked after once, and looked after twice.
    grown: u64,
    old: u64,
    rejected: u64,
    promises: [Promise; BLOCK],
}

/// The promises of one environment.
#[derive(Default)]
pub struct Promises {
    /// Each is alone in a slice, as the memory for a slice can be refused.
    #[expect(
        clippy::vec_box,
        reason = "blocks are large: growing must not copy them, nor leave room for as many again"
    )]
    blocks: Vec<Box<[Block; 1]>>,
    /// The blocks that are wholly free.
    empty: Vec<u32>,
    /// Where the search for a partly free block goes on.
    searched: usize,
    taken: usize,
    unhandled: usize,
    reactions: usize,
}

/// The bit of a slot in the sets of its block.
fn bit(slot: Slot) -> u64 {
    1 << (slot as usize % BLOCK)
}

/// The slots of a set, lowest first.
fn slots(block: usize, mut set: u64) -> impl Iterator<Item = Slot> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros() as usize;
        set &= set.checked_sub(1)?;
        Some((block * BLOCK + place) as Slot)
    })
}

impl Promises {
    /// Fills `pack`, which has room for a block, with fresh slots, each of a pending promise that JavaScript may make.
    pub fn take_pack(&mut self, pack: &mut [Slot]) -> Result<Pack, OutOfSlots> {
        let block = match self.partly_free() {
            Some(block) => block,
            None => self.wholly_free()?,
        };
        let [Block { free, grown, old, rejected, promises }] = &mut *self.blocks[block];
        let given = std::mem::take(free);
        for set in [grown, old, rejected] {
            *set &= !given;
        }
        let count = given.count_ones() as usize;
        for (entry, slot) in pack.iter_mut().zip(slots(block, given)) {
            promises[slot as usize % BLOCK] = Promise::default();
            *entry = slot;
        }
        self.taken += count;
        Ok(Pack { count, fresh: given == u64::MAX })
    }

    /// A block with some room, if more than half of all slots, and not only a few, are free without being in a wholly free block.
    fn partly_free(&mut self) -> Option<usize> {
        let blocks = self.blocks.len();
        let scattered = (blocks - self.empty.len()) * BLOCK - self.taken;
        if scattered <= SCATTERED.max(blocks * BLOCK / 2) {
            return None;
        }
        for step in 0..blocks {
            let block = (self.searched + step) % blocks;
            let free = self.blocks[block][0].free;
            if free != u64::MAX && free.count_ones() >= ENOUGH {
                self.searched = block + 1;
                return Some(block);
            }
        }
        None
    }

    fn wholly_free(&mut self) -> Result<usize, OutOfSlots> {
        if let Some(block) = self.empty.pop() {
            return Ok(block as usize);
        }
        let block = self.blocks.len();
        if (block + 1) * BLOCK > MOST {
            return Err(OutOfSlots);
        }
        self.blocks.try_reserve(1).map_err(|_| OutOfSlots)?;
        // So that releasing a slot never needs memory.
        self.empty.try_reserve(block + 1).map_err(|_| OutOfSlots)?;
        let promises = [Promise::default(); BLOCK];
        let mut one = Vec::new();
        one.try_reserve_exact(1).map_err(|_| OutOfSlots)?;
        one.push(Block { free: u64::MAX, grown: 0, old: 0, rejected: 0, promises });
        self.blocks.push(one.into_boxed_slice().try_into().map_err(|_| OutOfSlots)?);
        Ok(block)
    }

    fn promise(&mut self, slot: Slot) -> &mut Promise {
        &mut self.blocks[slot as usize / BLOCK][0].promises[slot as usize % BLOCK]
    }

    /// Takes the notes in their order. What they add to the counts, and those of one block that are settled one after the
    /// other, are put down together: one by one each would have to wait for the one before.
    ///
    /// # Panics
    /// If somebody has locked a promise that is noted as settled.
    pub fn note(&mut self, notes: impl Iterator<Item = Note>) {
        let mut reactions = self.reactions;
        let (mut index, mut settled) = (0, 0);
        for note in notes {
            match note {
                Note::Reaction(slot) => {
                    self.promise(slot).reactions += 1;
                    reactions += 1;
                }
                Note::Settled(slot) => {
                    let promise = self.promise(slot);
                    assert!(promise.key == 0, "promise {slot} was locked before it was settled");
                    reactions -= promise.reactions as usize;
                    let block = slot as usize / BLOCK;
                    if block != index {
                        self.give_back(index, settled);
                        (index, settled) = (block, 0);
                    }
                    settled |= bit(slot);
                }
            }
        }
        self.give_back(index, settled);
        self.reactions = reactions;
    }

    /// The promise will follow something else. The key of whoever settles it then, unless `key` is not valid any more.
    pub fn lock(&mut self, slot: Slot, key: u32) -> Option<u32> {
        let promise = self.promise(slot);
        if promise.key != key {
            return None;
        }
        promise.key = key.wrapping_add(1);
        Some(promise.key)
    }

    /// Fulfills a pending promise.
    pub fn fulfill(&mut self, slot: Slot, key: u32) -> Settled {
        let Promise { key: valid, reactions } = *self.promise(slot);
        if valid != key {
            return Settled::TooLate;
        }
        self.release(slot);
        Settled::Reactions(reactions)
    }

    /// Rejects a pending promise.
    pub fn reject(&mut self, slot: Slot, key: u32) -> Settled {
        let promise = self.promise(slot);
        if promise.reactions > 0 || promise.key != key {
            return self.fulfill(slot, key);
        }
        self.blocks[slot as usize / BLOCK][0].rejected |= bit(slot);
        self.unhandled += 1;
        Settled::Unhandled
    }

    /// A rejection that nobody had handled is handled now, or its promise is gone, or a pending one is.
    pub fn release(&mut self, slot: Slot) {
        self.reactions -= self.promise(slot).reactions as usize;
        self.give_back(slot as usize / BLOCK, bit(slot));
    }

    /// The slots of this set are free.
    fn give_back(&mut self, index: usize, set: u64) {
        if set == 0 {
            return;
        }
        let [block] = &mut *self.blocks[index];
        self.taken -= set.count_ones() as usize;
        self.unhandled -= (block.rejected & set).count_ones() as usize;
        block.free |= set;
        if block.free == u64::MAX {
            self.empty.push(index as u32);
        }
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Lets the promises of a block grow older, except those of the `unused` slots. Fills `aged` and `old`, which have
    /// room for a block, with the slots that need care.
    pub fn look_after(&mut self, block: usize, unused: &[Slot], aged: &mut [Slot], old: &mut [Slot]) -> Care {
        let Some([sets]) = self.blocks.get_mut(block).map(|block| &mut **block) else {
            return Care { aged: 0, old: 0 };
        };
        let unused =
            unused.iter().filter(|&&slot| slot as usize / BLOCK == block).fold(0, |set, &slot| set | bit(slot));
        let taken = !sets.free & !unused;
        let were_old = taken & sets.old;
        let have_aged = taken & sets.grown & !sets.old;
        sets.old |= have_aged;
        sets.grown |= taken;
        for (list, set) in [(aged, have_aged), (old, were_old)] {
            for (entry, slot) in list.iter_mut().zip(slots(block, set)) {
                *entry = slot;
            }
        }
        Care { aged: have_aged.count_ones() as usize, old: were_old.count_ones() as usize }
    }

    /// How much there is.
    pub fn counts(&self) -> Counts {
        Counts {
            pending: self.taken - self.unhandled,
            unhandled: self.unhandled,
            reactions: self.reactions,
            bytes: self.blocks.len() * size_of::<Block>()
                + self.blocks.capacity() * size_of::<usize>()
                + self.empty.capacity() * size_of::<u32>(),
        }
    }
}
