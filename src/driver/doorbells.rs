//! Doorbells: numbers by which any thread of the process makes a loop call something.
//!
//! One table for the whole process, under one lock. Each environment has an entry in it, its `Doorbells`, with the way
//! to wake it and the list of its doorbells that were rung. A ring notes itself and wakes the environment inside the
//! lock, and an environment takes its entry out inside the lock before it closes what wakes it: whoever rings finds
//! either both or neither. JavaScript never runs inside the lock, and `notify` must neither block nor ring.

use parking_lot::Mutex;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// The number of a doorbell, in the whole process. None is given twice.
pub type DoorbellId = u64;

/// The doorbells of one environment. Dropped, all of them are dead.
pub struct Doorbells(u64);

/// There is no doorbell with this number, or not any more.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSuchDoorbell;

static TABLE: Mutex<Table> = Mutex::new(Table::new());

struct Table {
    last: u64,
    doorbells: FxHashMap<DoorbellId, Doorbell>,
    homes: FxHashMap<u64, Home>,
}

struct Doorbell {
    home: u64,
    rung: u64,
}

struct Home {
    notify: Box<dyn Fn() + Send>,
    /// Those that were rung.
    rung: Vec<DoorbellId>,
}

impl Table {
    const fn new() -> Self {
        Self { last: 0, doorbells: FxHashMap::with_hasher(FxBuildHasher), homes: FxHashMap::with_hasher(FxBuildHasher) }
    }

    fn fresh_number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

/// Rings a doorbell, from any thread. Its loop calls it once for all rings since the call before.
///
/// What a thread wrote before it rings, the callback sees.
pub fn ring(id: DoorbellId) -> Result<(), NoSuchDoorbell> {
    let mut table = TABLE.lock();
    let Table { doorbells, homes, .. } = &mut *table;
    let doorbell = doorbells.get_mut(&id).ok_or(NoSuchDoorbell)?;
    let home = homes.get_mut(&doorbell.home).ok_or(NoSuchDoorbell)?;
    if doorbell.rung == 0 {
        home.rung.push(id);
        if home.rung.len() == 1 {
            (home.notify)();
        }
    }
    doorbell.rung += 1;
    Ok(())
}

impl Doorbells {
    /// Those of an environment that `notify` wakes.
    pub fn new(notify: impl Fn() + Send + 'static) -> Self {
        let mut table = TABLE.lock();
        let home = table.fresh_number();
        table.homes.insert(home, Home { notify: Box::new(notify), rung: Vec::new() });
        Self(home)
    }

    /// A new one.
    pub fn open(&self) -> DoorbellId {
        let mut table = TABLE.lock();
        let id = table.fresh_number();
        table.doorbells.insert(id, Doorbell { home: self.0, rung: 0 });
        id
    }

    /// Ends one. How often it was rung since it was taken last.
    pub fn close(&self, id: DoorbellId) -> u64 {
        let mut table = TABLE.lock();
        let Some(doorbell) = table.doorbells.remove(&id) else { return 0 };
        if doorbell.rung > 0
            && let Some(home) = table.homes.get_mut(&doorbell.home)
        {
            home.rung.retain(|&other| other != id);
        }
        doorbell.rung
    }

    /// Whether there is something to take.
    pub fn has_rung(&self) -> bool {
        TABLE.lock().homes.get(&self.0).is_some_and(|home| !home.rung.is_empty())
    }

    /// Takes what was rung, up to the length of `taken`: which, and how often. Returns how many.
    pub fn take(&self, taken: &mut [(DoorbellId, u64)]) -> usize {
        let mut table = TABLE.lock();
        let Table { doorbells, homes, .. } = &mut *table;
        let Some(home) = homes.get_mut(&self.0) else { return 0 };
        let count = home.rung.len().min(taken.len());
        for (place, id) in taken.iter_mut().zip(home.rung.drain(..count)) {
            if let Some(doorbell) = doorbells.get_mut(&id) {
                *place = (id, std::mem::take(&mut doorbell.rung));
            }
        }
        count
    }
}

impl Drop for Doorbells {
    fn drop(&mut self) {
        let mut table = TABLE.lock();
        table.homes.remove(&self.0);
        table.doorbells.retain(|_, doorbell| doorbell.home != self.0);
    }
}

#[cfg(test)]
mod tests;
