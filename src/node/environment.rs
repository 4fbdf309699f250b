//! One environment (the main thread of Node, or one worker): its scheduler, and what else there is one of for each.
//!
//! Everything in here belongs to the environment's JavaScript thread, except what `Wake` is sent by.
//! An environment lives from the load of the addon until libuv has closed its handles. No borrow of the scheduler is
//! held while JavaScript runs.

use std::cell::{Cell, RefCell, RefMut};
use std::ffi::c_void;
use std::ptr;

use napi::sys;

use super::handles::Handles;
use super::memory::Memory;
use super::rounds::Rounds;
use super::thread::Thread;
use super::ticks;
use super::uv::{Handle, Uv};
use crate::driver::clock;
use crate::driver::doorbells::{Doorbells, NoMemory};
use crate::driver::starts::Starts;
use crate::scheduler::{Nanos, Scheduler};

pub(super) struct Environment {
    pub(super) env: sys::napi_env,
    pub(super) handles: Handles,
    pub(super) thread: Thread,
    pub(super) memory: Memory,
    /// Keeps the memory where it is.
    buffer: sys::napi_ref,
    scheduler: RefCell<Scheduler>,
    starts: RefCell<Starts>,
    pub(super) functions: Functions,
    /// The clock just before the callback that runs now, for intervals.
    pub(super) callback_start: Cell<Nanos>,
    /// The loop was alive at the end of its last round, so that the next timers phase is in the same run of it.
    pub(super) goes_on: Cell<bool>,
    /// Our last timers phase has ended the loop.
    pub(super) over: Cell<bool>,
    /// The timers phase that the next prepare handle stands for was had with the last check phase.
    pub(super) had_timers: Cell<bool>,
    doorbells: RefCell<Option<Doorbells>>,
    pub(super) rounds: Rounds,
    cleanup: Cell<sys::napi_async_cleanup_hook_handle>,
}

/// References to the functions of `lib/turn.js` that Rust calls.
#[derive(Default)]
pub(super) struct Functions {
    pub(super) timers: Cell<sys::napi_ref>,
    pub(super) check: Cell<sys::napi_ref>,
    pub(super) poll: Cell<sys::napi_ref>,
    pub(super) fail: Cell<sys::napi_ref>,
}

impl Functions {
    fn take_all(&self) -> impl Iterator<Item = sys::napi_ref> {
        [&self.timers, &self.check, &self.poll, &self.fail].map(|place| place.replace(ptr::null_mut())).into_iter()
    }
}

impl Environment {
    /// # Safety
    /// On the JavaScript thread of `env`, whose loop is `event_loop`; `memory` stays valid as long as there is `buffer`, a
    /// reference that is this environment's from now on, also if this fails.
    pub(super) unsafe fn create(
        env: sys::napi_env,
        uv: &'static Uv,
        event_loop: *mut sys::uv_loop_s,
        memory: Memory,
        buffer: sys::napi_ref,
    ) -> Result<*const Self, String> {
        let this = Box::into_raw(Box::new(Self {
            env,
            // SAFETY: by the contract; from `begin` to `end` they are open.
            handles: unsafe { Handles::allocate(uv, event_loop) },
            thread: Thread::default(),
            memory,
            buffer,
            scheduler: RefCell::default(),
            starts: RefCell::default(),
            functions: Functions::default(),
            callback_start: Cell::new(0),
            goes_on: Cell::new(false),
            over: Cell::new(false),
            had_timers: Cell::new(false),
            doorbells: RefCell::new(None),
            rounds: Rounds::default(),
            cleanup: Cell::new(ptr::null_mut()),
        }));
        memory.set_tell(true);
        // SAFETY: `this` was just made and lives until `end` or `on_closed` frees it; the loop is this thread's.
        unsafe {
            if let Err(why) = begin(this) {
                end(this);
                return Err(why);
            }
        }
        Ok(this)
    }

    /// The scheduler, told what JavaScript has done by itself. To be given back before JavaScript runs.
    pub(super) fn scheduler(&self) -> RefMut<'_, Scheduler> {
        let mut scheduler = self.scheduler.borrow_mut();
        scheduler.catch_up(self.memory.progress(), &self.memory.batch());
        scheduler
    }

    /// The time now, for a timer to count from. JavaScript finds it in the shared words.
    pub(super) fn start_time(&self) -> Nanos {
        let mut starts = self.starts.borrow_mut();
        let before = ticks::read();
        let time = starts.at(before).unwrap_or_else(|| starts.learn(before, clock::now(), ticks::read()));
        self.memory.set_time(time);
        time
    }

    /// Whether there is news for the poll phase from other threads.
    pub(super) fn something_came(&self) -> bool {
        self.thread.has_ready() || self.doorbells.borrow().as_ref().is_some_and(Doorbells::has_rung)
    }

    /// Makes sure that doorbells can be opened.
    pub(super) fn need_doorbells(&self) -> Result<(), NoMemory> {
        let mut doorbells = self.doorbells.borrow_mut();
        if doorbells.is_none() {
            let wake = self.handles.wake();
            *doorbells = Some(Doorbells::new(move || wake.send())?);
        }
        Ok(())
    }

    /// Does something with the doorbells of this environment, if it has ever had one.
    pub(super) fn with_doorbells<T>(&self, body: impl FnOnce(&Doorbells) -> T) -> Option<T> {
        self.doorbells.borrow().as_ref().map(body)
    }

    /// Lets the loop live, and sleep, as the pending work wants. Not inside a turn, which does it once at its end.
    pub(super) fn settle(&self, scheduler: &Scheduler) {
        if scheduler.in_turn() {
            return;
        }
        self.handles.keep_alive(scheduler.refed_timers() > 0 || self.memory.held());
        self.handles.keep_polling(scheduler.refed_immediates() > 0);
        self.memory.set_tell(scheduler.refed_immediates() == 0);
    }
}

/// Opens the handles and lets Node tell when the environment ends. What was opened before something failed stays open.
///
/// # Safety
/// On the environment's thread, once. It is there until `end`, or until libuv has closed the last of its handles.
unsafe fn begin(this: *mut Environment) -> Result<(), String> {
    let mut hook = ptr::null_mut();
    // SAFETY: by the contract; `on_cleanup` gets what it asks for.
    unsafe {
        (*this).handles.open(this.cast())?;
        let status = sys::napi_add_async_cleanup_hook((*this).env, Some(on_cleanup), this.cast(), &mut hook);
        if status != sys::Status::napi_ok {
            return Err("this runtime does not tell an addon when an environment ends".to_owned());
        }
        (*this).cleanup.set(hook);
    }
    Ok(())
}

/// Node ends the environment: stop and join the loop's thread, then let libuv close the handles.
unsafe extern "C" fn on_cleanup(_: sys::napi_async_cleanup_hook_handle, data: *mut c_void) {
    // SAFETY: `data` is the environment, alive until its last handle is closed. Node calls this once.
    unsafe { end(data.cast()) };
}

/// Gives up all that the environment has. It is freed at once, or when libuv has closed the handles that are open.
///
/// # Safety
/// On its thread, once; nobody uses it any more.
unsafe fn end(this: *mut Environment) {
    // SAFETY: by the contract it is there, and not freed before the end of this.
    let environment = unsafe { &*this };
    environment.thread.end();
    drop(environment.doorbells.take());
    // Node leaves strong references to whoever made them. Nothing of ours runs any more that would use one.
    for reference in environment.functions.take_all().chain([environment.buffer]).filter(|one| !one.is_null()) {
        // SAFETY: it was made in this environment, which is there until its hooks have run, and is deleted once.
        unsafe { sys::napi_delete_reference(environment.env, reference) };
    }
    // SAFETY: nobody uses the handles any more. If there is none, nobody else has the environment.
    unsafe {
        if !environment.handles.close(on_closed) {
            free(this);
        }
    }
}

unsafe extern "C" fn on_closed(handle: Handle) {
    // SAFETY: one of the five handles; the environment is alive until the last one is closed, which is below.
    // Then libuv has closed the handles that were open, and nobody else has the pointer.
    unsafe {
        let this = pointer_of(handle);
        if (*this).handles.was_last() {
            free(this);
        }
    }
}

/// # Safety
/// No handle of the environment is open, and nobody uses it after this.
unsafe fn free(this: *mut Environment) {
    // SAFETY: `create` has made it and its handles so. There is a hook if it came so far.
    unsafe {
        let this = Box::from_raw(this);
        this.handles.reclaim();
        let hook = this.cleanup.get();
        if !hook.is_null() {
            sys::napi_remove_async_cleanup_hook(hook);
        }
    }
}

/// # Safety
/// `handle` is one of an environment's five handles.
unsafe fn pointer_of(handle: Handle) -> *mut Environment {
    // SAFETY: by the contract.
    Uv::find().map_or(ptr::null_mut(), |uv| unsafe { (uv.get_data)(handle) }.cast())
}

/// The environment a libuv handle belongs to.
///
/// # Safety
/// `handle` is one of an environment's five handles.
pub(super) unsafe fn of_handle<'a>(handle: Handle) -> Option<&'a Environment> {
    // SAFETY: by the contract; the environment outlives its handles.
    unsafe { pointer_of(handle).as_ref() }
}
