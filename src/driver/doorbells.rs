//! Doorbells: numbers by which any thread of the process makes a loop call something.
//!
//! One table for the whole process, under one lock. Each environment has an entry in it, its `Doorbells`, with the way
//! to wake it and the list of its doorbells that were rung. A ring notes itself inside the lock and wakes the environment
//! after it, so that the one that wakes up finds the lock free. The way to wake has a lock of its own, in which it is used
//! and in which it is taken away before the environment closes what wakes it: whoever rings late finds nothing to use.
//! JavaScript never runs inside a lock, and `notify` must neither block nor ring.

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::sync::Mutex;

/// The number of a doorbell, in the whole process. None is given twice.
pub type DoorbellId = u64;

/// The doorbells of one environment. Dropped, all of them are dead, and nobody wakes it any more.
pub struct Doorbells {
    home: u64,
    wake: Arc<Wake>,
}

/// The way to wake an environment, as long as there is one.
type Wake = Mutex<Option<Box<dyn Fn() + Send>>>;

/// There is no memory for another one. None was made.
#[derive(Debug, PartialEq, Eq)]
pub struct NoMemory;

/// There is no doorbell with this number, or not any more.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSuchDoorbell;

#[cfg(not(loom))]
static TABLE: Mutex<Table> = Mutex::new(Table::new());
// A model begins with an empty one each time.
#[cfg(loom)]
loom::lazy_static! {
    static ref TABLE: Mutex<Table> = Mutex::new(Table::new());
}

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
    wake: Arc<Wake>,
    /// How many there are.
    doorbells: usize,
    /// Those that were rung. It has room for all there are, so that nobody who rings needs memory.
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
    doorbell.rung += 1;
    if doorbell.rung > 1 {
        return Ok(());
    }
    home.rung.push(id);
    if home.rung.len() > 1 {
        return Ok(());
    }
    let wake = Arc::clone(&home.wake);
    drop(table);
    if let Some(notify) = &*wake.lock() {
        notify();
    }
    Ok(())
}

impl Doorbells {
    /// Those of an environment that `notify` wakes.
    pub fn new(notify: impl Fn() + Send + 'static) -> Result<Self, NoMemory> {
        let mut table = TABLE.lock();
        table.homes.try_reserve(1).map_err(|_| NoMemory)?;
        let home = table.fresh_number();
        // The language has no way to be refused these few bytes.
        let wake: Arc<Wake> = Arc::new(Mutex::new(Some(Box::new(notify))));
        table.homes.insert(home, Home { wake: Arc::clone(&wake), doorbells: 0, rung: Vec::new() });
        Ok(Self { home, wake })
    }

    /// A new one.
    pub fn open(&self) -> Result<DoorbellId, NoMemory> {
        let mut table = TABLE.lock();
        let id = table.fresh_number();
        let Table { doorbells, homes, .. } = &mut *table;
        doorbells.try_reserve(1).map_err(|_| NoMemory)?;
        if let Some(home) = homes.get_mut(&self.home) {
            let room = home.doorbells + 1 - home.rung.len();
            home.rung.try_reserve(room).map_err(|_| NoMemory)?;
            home.doorbells += 1;
        }
        doorbells.insert(id, Doorbell { home: self.home, rung: 0 });
        Ok(id)
    }

    /// Ends one. How often it was rung since it was taken last.
    pub fn close(&self, id: DoorbellId) -> u64 {
        let mut table = TABLE.lock();
        let Some(doorbell) = table.doorbells.remove(&id) else { return 0 };
        if let Some(home) = table.homes.get_mut(&doorbell.home) {
            home.doorbells -= 1;
            if doorbell.rung > 0 {
                home.rung.retain(|&other| other != id);
            }
        }
        doorbell.rung
    }

    /// Whether there is something to take.
    pub fn has_rung(&self) -> bool {
        TABLE.lock().homes.get(&self.home).is_some_and(|home| !home.rung.is_empty())
    }

    /// Takes what was rung, up to the length of `taken`: which, and how often. Returns how many.
    pub fn take(&self, taken: &mut [(DoorbellId, u64)]) -> usize {
        let mut table = TABLE.lock();
        let Table { doorbells, homes, .. } = &mut *table;
        let Some(home) = homes.get_mut(&self.home) else { return 0 };
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
        table.homes.remove(&self.home);
        table.doorbells.retain(|_, doorbell| doorbell.home != self.home);
        drop(table);
        *self.wake.lock() = None;
    }
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
