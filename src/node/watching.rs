//! What JavaScript calls to watch file descriptors. Numbers pass through the shared words and, many at a time, through
//! their poll area.

use std::ffi::CStr;
use std::io;
use std::os::fd::BorrowedFd;

use arrayvec::ArrayVec;
use napi::sys;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::environment::Environment;
use super::functions::{Failure, entry, need_thread, raw_functions};
use super::memory::POLL_CAPACITY;
use crate::driver::watches::readiness::{ERROR, GONE, HANGUP, PRIORITY, READ_CLOSED, READABLE, WRITABLE};
use crate::driver::watches::{AT_ONCE, Batch, Watches};

/// Every raw function of this file, under the name `lib/` knows it by.
pub(super) const FUNCTIONS: &[(&CStr, sys::napi_callback)] = &[
    (c"watch", Some(watch)),
    (c"updateWatch", Some(update_watch)),
    (c"closeWatch", Some(close_watch)),
    (c"takeReady", Some(take_ready)),
    (c"lookAgain", Some(look_again)),
];

/// How many watches are taken at once.
const WATCHES: usize = POLL_CAPACITY / 2;

raw_functions! {
    /// Begins to watch the file descriptor in `SLOT`, and leaves the number of the watch there.
    fn watch(environment) {
        need_thread(environment)?;
        let memory = environment.memory;
        let watched = with_watches(environment, |watches| watches.watch(memory.slot().cast_signed(), memory.wanted()));
        memory.set_errno(errno(&watched));
        if let Ok(id) = watched {
            memory.set_slot(id);
        }
        ask_if_ready(environment)
    }

    fn update_watch(environment) {
        need_thread(environment)?;
        let memory = environment.memory;
        let updated = with_watches(environment, |watches| watches.update(memory.slot(), memory.wanted()));
        memory.set_errno(errno(&updated));
        Ok(())
    }

    fn close_watch(environment) {
        environment.thread.close_watch(environment.memory.slot());
        Ok(())
    }

    /// Leaves what has come, each with its watch, in the poll area. What is not true any more is left out.
    fn take_ready(environment) {
        let memory = environment.memory;
        memory.set_polled(0);
        if let Some(thread) = &*environment.thread.get() {
            let watches = thread.watches();
            // What comes meanwhile is for the next time: none is taken twice.
            let mut waiting = watches.count_ready().min(WATCHES);
            let mut count = 0;
            while waiting > 0 {
                let mut taken = watches.take(waiting);
                waiting = waiting.saturating_sub(AT_ONCE);
                look(&mut taken);
                for ready in &mut taken {
                    if ready.found & GONE == 0 && ready.found != 0 && !watches.is_same_file(ready) {
                        ready.found = GONE;
                    }
                    if ready.found != 0 {
                        memory.set_poll_pair(count, ready.id, ready.found);
                        count += 1;
                    }
                }
            }
            memory.set_polled(count);
        }
        ask_if_ready(environment)
    }

    /// Looks whether the watches in the poll area are ready, for them to be taken in the next poll phase.
    fn look_again(environment) {
        let memory = environment.memory;
        if let Some(thread) = &*environment.thread.get() {
            let watches = thread.watches();
            let mut asked = (0..memory.polled()).filter_map(|index| watches.get(memory.poll_word(index)));
            loop {
                let mut looked: Batch = asked.by_ref().take(AT_ONCE).collect();
                look(&mut looked);
                for ready in looked.iter().filter(|ready| ready.found != 0) {
                    watches.found(ready.id, ready.found);
                }
                if !looked.is_full() {
                    break;
                }
            }
        }
        ask_if_ready(environment)
    }
}

fn with_watches<T>(environment: &Environment, body: impl FnOnce(&Watches) -> io::Result<T>) -> io::Result<T> {
    match &*environment.thread.get() {
        Some(thread) => body(thread.watches()),
        None => Err(Errno::BADF.into()),
    }
}

fn ask_if_ready(environment: &Environment) -> Result<(), Failure> {
    if environment.something_came() {
        environment.handles.ask_for_poll();
    }
    Ok(())
}

fn errno<T>(result: &io::Result<T>) -> i32 {
    match result {
        Ok(_) => 0,
        Err(error) => error.raw_os_error().unwrap_or(Errno::IO.raw_os_error()),
    }
}

/// Sets what is found to what is true now. Of some files asking is taking: what came with priority, and as an error
/// with it, stays.
fn look(watches: &mut Batch) {
    let asked = watches.iter().map(|watch| {
        // SAFETY: asking changes nothing of the file. Should the number be that of another one, or of none, then the
        // answer is of no use, which the caller finds out.
        let fd = unsafe { BorrowedFd::borrow_raw(watch.fd) };
        PollFd::from_borrowed_fd(fd, to_ask_for(watch.wanted))
    });
    let mut asked: ArrayVec<PollFd<'_>, AT_ONCE> = asked.collect();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // What could not be asked is believed.
    if poll(&mut asked, Some(&now)).is_ok() {
        for (watch, answer) in watches.iter_mut().zip(&asked) {
            watch.found = watch.found & (PRIORITY | ERROR | GONE) | answered(answer.revents());
            // Who reads finds the end, which some files tell by a hang-up alone.
            if watch.found & HANGUP != 0 {
                watch.found |= watch.wanted & READABLE;
            }
        }
    }
}

fn to_ask_for(wanted: u32) -> PollFlags {
    let mut flags = PollFlags::empty();
    if wanted & READABLE != 0 {
        flags |= PollFlags::IN | READ_CLOSES;
    }
    flags.set(PollFlags::OUT, wanted & WRITABLE != 0);
    flags.set(PollFlags::PRI, wanted & PRIORITY != 0);
    flags
}

#[cfg(target_os = "linux")]
const READ_CLOSES: PollFlags = PollFlags::RDHUP;
#[cfg(not(target_os = "linux"))]
const READ_CLOSES: PollFlags = PollFlags::empty();

fn answered(flags: PollFlags) -> u32 {
    [
        (PollFlags::IN, READABLE),
        (PollFlags::OUT, WRITABLE),
        (PollFlags::PRI, PRIORITY),
        (PollFlags::ERR, ERROR),
        (PollFlags::HUP, HANGUP | READ_CLOSED),
        (READ_CLOSES, READ_CLOSED),
        (PollFlags::NVAL, GONE),
    ]
    .into_iter()
    .fold(0, |found, (flag, bits)| if flags.intersects(flag) { found | bits } else { found })
}
