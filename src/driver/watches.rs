//! File descriptors watched by the loop's thread. The JavaScript thread registers them, the loop's thread notes what
//! comes, the JavaScript thread takes it.
//!
//! A watch has a number of its own, which is its token in mio as well. Nothing is known by the number of the file
//! descriptor alone: the system drops a closed one by itself and may give its number to another file, whose events come
//! under another token, or not at all. Only what is closed, and its number used again, between the end of a thread and
//! the beginning of the next is taken for what it was before.
//!
//! mio tells of changes only. What must be told again as long as it lasts, the JavaScript thread looks up by itself and
//! hands over with `found`.
//!
//! There is one lock, around the table. The loop's thread holds it while it notes what one sleep has brought, the
//! JavaScript thread for one system call, or, when a new thread begins, for one per watch. What is noted of one watch is noted
//! once, however often it comes, so the list of those that are ready is never longer than that of the watches.

use std::collections::{TryReserveError, VecDeque};
use std::io;
use std::os::fd::RawFd;

use arrayvec::ArrayVec;
use mio::event::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Registry, Token};
use rustc_hash::FxHashMap;
use rustix::io::Errno;

use super::sync::Mutex;

/// What a file descriptor is ready for or is watched for, as bits. `lib/watcher.js` has the same numbers.
pub mod readiness {
    /// Something can be read, or the end is reached.
    pub const READABLE: u32 = 1;
    /// Something can be written.
    pub const WRITABLE: u32 = 2;
    /// What the file calls exceptional.
    pub const PRIORITY: u32 = 4;
    /// It failed, or the reader of a pipe has gone.
    pub const ERROR: u32 = 8;
    /// The other side has gone.
    pub const HANGUP: u32 = 16;
    /// The other side writes no more.
    pub const READ_CLOSED: u32 = 32;
    /// The number is not that of the file any more: nothing will ever come.
    pub const GONE: u32 = 64;
}
use readiness::{ERROR, GONE, HANGUP, PRIORITY, READ_CLOSED, READABLE, WRITABLE};

/// The number of a watch.
pub type WatchId = u32;

/// Tokens below belong to the loop's thread itself.
const FIRST_TOKEN: usize = 2;
/// A number comes again late, and never while its watch is alive.
const IDS: WatchId = 1 << 31;

/// A watch that something has come for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its number.
    pub id: WatchId,
    /// What it watches.
    pub fd: RawFd,
    /// What for.
    pub wanted: u32,
    /// What has come.
    pub found: u32,
}

/// How many are taken at once: on the stack, for there may be no memory left when something has come.
pub const AT_ONCE: usize = 64;
/// Some watches that something has come for.
pub type Batch = ArrayVec<Ready, AT_ONCE>;

/// The watches of one environment.
pub struct Watches {
    registry: Registry,
    table: Mutex<Table>,
}

/// What a thread that has ended watched.
pub struct Left(Table);

#[derive(Default)]
struct Table {
    watches: FxHashMap<WatchId, Watch>,
    /// Whose a number is now.
    by_fd: FxHashMap<RawFd, WatchId>,
    /// Those for which something has come.
    ready: VecDeque<WatchId>,
    last: WatchId,
}

struct Watch {
    fd: RawFd,
    wanted: u32,
    found: u32,
}

impl Watches {
    pub(super) fn new(registry: Registry) -> Self {
        Self { registry, table: Mutex::default() }
    }

    /// Begins to watch. The file descriptor stays the caller's, who closes it.
    pub fn watch(&self, fd: RawFd, wanted: u32) -> io::Result<WatchId> {
        let interest = interest(wanted)?;
        let mut table = self.table.lock();
        let id = table.fresh_id();
        if !cfg!(target_os = "linux") && table.by_fd.contains_key(&fd) {
            return Err(Errno::EXIST.into());
        }
        table.reserve().map_err(|_| Errno::NOMEM)?;
        self.registry.register(&mut SourceFd(&fd), token(id), interest)?;
        table.watches.insert(id, Watch { fd, wanted, found: 0 });
        // The system knows the file under this number not yet, so whoever watched the number watched another file.
        if let Some(before) = table.by_fd.insert(fd, id) {
            table.note(before, GONE);
        }
        Ok(id)
    }

    /// Watches for something else.
    pub fn update(&self, id: WatchId, wanted: u32) -> io::Result<()> {
        let interest = interest(wanted)?;
        let mut table = self.table.lock();
        let fd = table.fd_of(id).ok_or(Errno::BADF)?;
        match self.registry.reregister(&mut SourceFd(&fd), token(id), interest) {
            // Another file has the number now.
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NOENT) => return Err(Errno::BADF.into()),
            result => result?,
        }
        if let Some(watch) = table.watches.get_mut(&id) {
            watch.wanted = wanted;
        }
        Ok(())
    }

    /// Ends a watch. Nothing of it is taken any more.
    pub fn close(&self, id: WatchId) {
        if let Some(fd) = self.table.lock().remove(id) {
            // The system knows nothing of it any more if it was closed.
            let _ = self.registry.deregister(&mut SourceFd(&fd));
        }
    }

    /// For how many watches there is something to take.
    pub fn count_ready(&self) -> usize {
        self.table.lock().ready.len()
    }

    /// Takes what has come for up to `most` watches, if they are no more than a batch, in the order in which it came.
    pub fn take(&self, most: usize) -> Batch {
        let mut table = self.table.lock();
        let Table { watches, ready, .. } = &mut *table;
        let count = ready.len().min(most).min(AT_ONCE);
        let taken = ready.drain(..count).filter_map(|id| {
            let watch = watches.get_mut(&id)?;
            let found = std::mem::take(&mut watch.found);
            Some(Ready { id, fd: watch.fd, wanted: watch.wanted, found })
        });
        taken.collect()
    }

    /// What a watch watches, as if all had come that can be asked for again.
    pub fn get(&self, id: WatchId) -> Option<Ready> {
        let table = self.table.lock();
        let watch = table.watches.get(&id)?;
        Some(Ready { id, fd: watch.fd, wanted: watch.wanted, found: watch.wanted & !PRIORITY })
    }

    /// Something was found by looking, to be taken as if it had come.
    pub fn found(&self, id: WatchId, found: u32) {
        self.table.lock().note(id, found);
    }

    /// Whether the number of a watch is still that of the file it watches.
    pub fn is_same_file(&self, ready: &Ready) -> bool {
        self.table.lock().fd_of(ready.id).is_some() && self.knows(ready.id, ready.fd, ready.wanted)
    }

    /// Whether the system has that watch, for the file that has the number now.
    fn knows(&self, id: WatchId, fd: RawFd, wanted: u32) -> bool {
        if !cfg!(target_os = "linux") {
            return true;
        }
        // The system compares number and file, and refuses a pair that it knows without touching it.
        let Ok(interest) = interest(wanted) else { return false };
        match self.registry.register(&mut SourceFd(&fd), token(id), interest) {
            Ok(()) => {
                let _ = self.registry.deregister(&mut SourceFd(&fd));
                false
            }
            Err(error) => Errno::from_io_error(&error) == Some(Errno::EXIST),
        }
    }

    /// What was watched when the thread ended, for another one to go on with. `None` if that is nothing.
    pub fn leave(&self) -> Option<Left> {
        let mut table = std::mem::take(&mut *self.table.lock());
        let Table { watches, by_fd, ready, .. } = &mut table;
        for (&fd, &id) in &*by_fd {
            let Some(watch) = watches.get_mut(&id) else { continue };
            if !self.knows(id, fd, watch.wanted) {
                watch.note(GONE, id, ready);
            }
        }
        (!table.watches.is_empty()).then_some(Left(table))
    }

    /// Goes on where the watches of a thread that has ended stopped, under their numbers.
    pub fn continue_from(&self, left: Left) {
        let mut table = self.table.lock();
        *table = left.0;
        let Table { watches, by_fd, ready, .. } = &mut *table;
        for (fd, &id) in &*by_fd {
            let Some(watch) = watches.get_mut(&id).filter(|watch| watch.found & GONE == 0) else { continue };
            let known = interest(watch.wanted)
                .and_then(|interest| self.registry.register(&mut SourceFd(fd), token(id), interest));
            if known.is_err() {
                watch.note(GONE, id, ready);
            }
        }
    }

    /// Loop's thread: notes what one sleep has brought. Whether there is something to take that was not there before.
    pub(super) fn collect(&self, events: &Events) -> bool {
        self.note(events.iter().filter_map(|event| Some((id_of(event.token())?, readiness_of(event)))))
    }

    fn note(&self, came: impl Iterator<Item = (WatchId, u32)>) -> bool {
        let mut came = came.peekable();
        if came.peek().is_none() {
            return false;
        }
        let mut table = self.table.lock();
        let nothing_waited = table.ready.is_empty();
        for (id, found) in came {
            table.note(id, found);
        }
        nothing_waited && !table.ready.is_empty()
    }
}

impl Left {
    /// Ends a watch. Whether that was the last one.
    pub fn close(&mut self, id: WatchId) -> bool {
        self.0.remove(id);
        self.0.watches.is_empty()
    }
}

impl Table {
    /// Makes sure that there is room for another watch, and to note what comes for it.
    fn reserve(&mut self) -> Result<(), TryReserveError> {
        self.watches.try_reserve(1)?;
        self.by_fd.try_reserve(1)?;
        self.ready.try_reserve(self.watches.len() + 1 - self.ready.len())?;
        Ok(())
    }

    fn fresh_id(&mut self) -> WatchId {
        loop {
            self.last = (self.last + 1) % IDS;
            if !self.watches.contains_key(&self.last) {
                return self.last;
            }
        }
    }

    /// The file descriptor of a watch, if its number is nobody else's now.
    fn fd_of(&self, id: WatchId) -> Option<RawFd> {
        let fd = self.watches.get(&id)?.fd;
        (self.by_fd.get(&fd) == Some(&id)).then_some(fd)
    }

    fn note(&mut self, id: WatchId, found: u32) {
        if let Some(watch) = self.watches.get_mut(&id) {
            watch.note(found, id, &mut self.ready);
        }
    }

    /// Takes a watch out. Its file descriptor, if the number is nobody else's now.
    fn remove(&mut self, id: WatchId) -> Option<RawFd> {
        let fd = self.fd_of(id);
        if let Some(fd) = fd {
            self.by_fd.remove(&fd);
        }
        if self.watches.remove(&id).is_some_and(|watch| watch.found != 0) {
            self.ready.retain(|&other| other != id);
        }
        fd
    }
}

impl Watch {
    /// It stands among the ready ones exactly as long as something is found, and once.
    fn note(&mut self, found: u32, id: WatchId, ready: &mut VecDeque<WatchId>) {
        if self.found == 0 && found != 0 {
            ready.push_back(id);
        }
        self.found |= found;
    }
}

fn token(id: WatchId) -> Token {
    Token(id as usize + FIRST_TOKEN)
}

fn id_of(token: Token) -> Option<WatchId> {
    token.0.checked_sub(FIRST_TOKEN).map(|id| id as WatchId)
}

fn interest(wanted: u32) -> io::Result<Interest> {
    let mut interest = None;
    let mut add = |bit, one: Interest| {
        if wanted & bit != 0 {
            interest = Some(interest.map_or(one, |others: Interest| others.add(one)));
        }
    };
    add(READABLE, Interest::READABLE);
    add(WRITABLE, Interest::WRITABLE);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    add(PRIORITY, Interest::PRIORITY);
    interest.ok_or(Errno::INVAL.into())
}

/// mio calls what has priority readable, too.
fn readiness_of(event: &Event) -> u32 {
    let read_closed = event.is_read_closed();
    [
        (event.is_readable(), READABLE),
        (event.is_writable(), WRITABLE),
        (event.is_priority(), PRIORITY),
        (event.is_error(), ERROR),
        (read_closed && event.is_write_closed(), HANGUP),
        (read_closed, READ_CLOSED),
    ]
    .into_iter()
    .fold(0, |found, (is, bit)| if is { found | bit } else { found })
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
