//! The libuv handles of one environment: by them it is called, wakes the loop, and lets it live or end.
//!
//! They belong to the environment's JavaScript thread, except `Wake`, which any thread may send. Nothing in here knows what
//! is pending, or calls JavaScript.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::io;

use napi::sys::uv_loop_s;

use super::turn;
use super::uv::{Callback, Handle, Kind, Uv};

pub(super) struct Handles {
    uv: &'static Uv,
    event_loop: *mut uv_loop_s,
    wake: Handle,
    prepare: Handle,
    check: Handle,
    idle: Handle,
    /// A timer of libuv, for the end of a round; and for that of a sleep if nobody else can end it.
    end: Handle,
    open: Cell<usize>,
    awake: Cell<bool>,
    keeps_alive: Cell<bool>,
    keeps_polling: Cell<bool>,
}

/// A libuv handle that another thread may send to.
pub(super) struct Wake(Handle, &'static Uv);

// SAFETY: the handle is used for uv_async_send only, which libuv allows from any thread. Before the handle is closed, the
// thread that holds one of these is joined, and the one with the doorbells is dropped inside the lock it is used in.
unsafe impl Send for Wake {}

impl Wake {
    pub(super) fn send(&self) {
        // SAFETY: the handle is open, see above.
        unsafe { (self.1.async_send)(self.0) };
    }
}

impl Handles {
    /// Memory for them, which is the caller's until `reclaim`.
    ///
    /// # Safety
    /// `event_loop` is that of the thread on which all of the functions below are called. Between `open` and `close` alone
    /// they may use the handles.
    pub(super) unsafe fn allocate(uv: &'static Uv, event_loop: *mut uv_loop_s) -> Self {
        Self {
            uv,
            event_loop,
            wake: uv.allocate(Kind::Async),
            prepare: uv.allocate(Kind::Prepare),
            check: uv.allocate(Kind::Check),
            idle: uv.allocate(Kind::Idle),
            end: uv.allocate(Kind::Timer),
            open: Cell::new(0),
            awake: Cell::new(false),
            keeps_alive: Cell::new(false),
            keeps_polling: Cell::new(false),
        }
    }

    /// Opens them, with `data` for each. What was opened before one failed stays open.
    ///
    /// # Safety
    /// Once. `data` is the environment that they belong to, and is there until the last one is closed.
    pub(super) unsafe fn open(&self, data: *mut c_void) -> Result<(), String> {
        let (uv, event_loop) = (self.uv, self.event_loop);
        // SAFETY: the handles are fresh memory of the right size for their kind, and the loop is this thread's.
        unsafe {
            // In the order of `all`.
            self.opened(self.wake, (uv.async_init)(event_loop, self.wake, turn::on_wake), data)?;
            self.opened(self.prepare, (uv.prepare_init)(event_loop, self.prepare), data)?;
            self.opened(self.check, (uv.check_init)(event_loop, self.check), data)?;
            self.opened(self.idle, (uv.idle_init)(event_loop, self.idle), data)?;
            self.opened(self.end, (uv.timer_init)(event_loop, self.end), data)?;
            // Only pending work that is ref'd keeps the loop alive: through `wake` (timers) and `idle` (immediates).
            for handle in [self.wake, self.prepare, self.check, self.end] {
                (uv.unrefer)(handle);
            }
        }
        Ok(())
    }

    /// # Safety
    /// `status` is what libuv said when it was to initialize `handle`.
    unsafe fn opened(&self, handle: Handle, status: c_int, data: *mut c_void) -> Result<(), String> {
        if status < 0 {
            return Err(format!("libuv opens no handle: {}", io::Error::from_raw_os_error(-status)));
        }
        self.open.set(self.open.get() + 1);
        // SAFETY: libuv has initialized the handle.
        unsafe { (self.uv.set_data)(handle, data) };
        Ok(())
    }

    /// In the order in which they are opened.
    fn all(&self) -> [Handle; 5] {
        [self.wake, self.prepare, self.check, self.idle, self.end]
    }

    /// Takes part in the loop from now on; before the first use nothing of this costs anything.
    pub(super) fn wake_up(&self) {
        if !self.awake.replace(true) {
            // SAFETY: both handles are open and of this thread's loop.
            unsafe {
                (self.uv.prepare_start)(self.prepare, turn::on_prepare);
                (self.uv.check_start)(self.check, turn::on_check);
            }
            // What is started in a prepare callback, which the timers of another copy of this addon run in, has its first
            // turn in the next round: the loop must not sleep before.
            self.ask_for_poll();
        }
    }

    /// What wakes the loop from another thread.
    pub(super) fn wake(&self) -> Wake {
        Wake(self.wake, self.uv)
    }

    /// Lets the loop come by in its poll phase.
    pub(super) fn ask_for_poll(&self) {
        // SAFETY: the handle is open and of this thread's loop.
        unsafe { (self.uv.async_send)(self.wake) };
    }

    /// Lets the end of a round come by in so many milliseconds, in this one if it is 0: it is where Node's own timers are,
    /// after its immediates.
    pub(super) fn ask_for_end(&self, millis: u64) {
        // SAFETY: the handle is open and of this thread's loop.
        unsafe { (self.uv.timer_start)(self.end, turn::on_end, millis, 0) };
    }

    pub(super) fn keep_alive(&self, wanted: bool) {
        if self.keeps_alive.replace(wanted) != wanted {
            let change = if wanted { self.uv.refer } else { self.uv.unrefer };
            // SAFETY: the handle is open and of this thread's loop.
            unsafe { change(self.wake) };
        }
    }

    pub(super) fn keep_polling(&self, wanted: bool) {
        if self.keeps_polling.replace(wanted) != wanted {
            // SAFETY: the handle is open and of this thread's loop.
            unsafe {
                if wanted {
                    (self.uv.idle_start)(self.idle, turn::on_idle);
                } else {
                    (self.uv.idle_stop)(self.idle);
                }
            }
        }
    }

    pub(super) fn loop_is_alive(&self) -> bool {
        // SAFETY: this thread's loop.
        unsafe { (self.uv.loop_alive)(self.event_loop) != 0 }
    }

    /// How long the loop would sleep now, and what it waits on.
    pub(super) fn sleep_of_loop(&self) -> (c_int, c_int) {
        // SAFETY: this thread's loop.
        unsafe { ((self.uv.backend_timeout)(self.event_loop), (self.uv.backend_fd)(self.event_loop)) }
    }

    /// Closes those that are open: libuv calls `on_closed` for each of them. False if none is.
    ///
    /// # Safety
    /// Nobody uses them any more, but for `was_last` and `reclaim`.
    pub(super) unsafe fn close(&self, on_closed: Callback) -> bool {
        for handle in self.all().into_iter().take(self.open.get()) {
            // SAFETY: the handle is open, and by the contract nobody uses it any more.
            unsafe { (self.uv.close)(handle, Some(on_closed)) };
        }
        self.open.get() > 0
    }

    /// libuv has closed one. Whether none is left.
    pub(super) fn was_last(&self) -> bool {
        self.open.set(self.open.get() - 1);
        self.open.get() == 0
    }

    /// Frees their memory.
    ///
    /// # Safety
    /// None of them is open, and nobody uses them after this.
    pub(super) unsafe fn reclaim(&self) {
        // SAFETY: `allocate` has made them so.
        unsafe {
            self.uv.reclaim(Kind::Async, self.wake);
            self.uv.reclaim(Kind::Prepare, self.prepare);
            self.uv.reclaim(Kind::Check, self.check);
            self.uv.reclaim(Kind::Idle, self.idle);
            self.uv.reclaim(Kind::Timer, self.end);
        }
    }
}
