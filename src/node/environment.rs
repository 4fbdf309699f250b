//! One environment (the main thread of Node, or one worker): its scheduler, its libuv handles, its loop's thread.
//!
//! Everything in here belongs to the environment's JavaScript thread, except `notify`, which the loop's thread calls.
//! An environment lives from the load of the addon until libuv has closed its handles. No borrow of the scheduler is
//! held while JavaScript runs.

use std::cell::{Cell, RefCell, RefMut};
use std::ffi::c_void;
use std::io;
use std::ptr;

use napi::sys;

use super::memory::Memory;
use super::rounds::Rounds;
use super::ticks;
use super::turn;
use super::uv::{Handle, Kind, Uv};
use crate::driver::doorbells::Doorbells;
use crate::driver::starts::Starts;
use crate::driver::{Armed, LoopThread, clock};
use crate::scheduler::{Nanos, Scheduler};

pub(super) struct Environment {
    pub(super) env: sys::napi_env,
    pub(super) uv: &'static Uv,
    pub(super) event_loop: *mut sys::uv_loop_s,
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
    pub(super) thread: RefCell<Option<LoopThread>>,
    pub(super) doorbells: RefCell<Option<Doorbells>>,
    prepare: Handle,
    check: Handle,
    idle: Handle,
    wake: Handle,
    /// A timer of libuv, for the end of a round.
    end: Handle,
    awake: Cell<bool>,
    keeps_alive: Cell<bool>,
    keeps_polling: Cell<bool>,
    pub(super) rounds: Rounds,
    open_handles: Cell<u32>,
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

/// A libuv handle that another thread may send to.
struct Wake(Handle, &'static Uv);

// SAFETY: the handle is used for uv_async_send only, which libuv allows from any thread. Before the handle is closed, the
// thread that holds one of these is joined, and the one with the doorbells is dropped inside the lock it is used in.
unsafe impl Send for Wake {}

impl Wake {
    fn send(&self) {
        // SAFETY: the handle is open, see above.
        unsafe { (self.1.async_send)(self.0) };
    }
}

impl Environment {
    /// # Safety
    /// On the JavaScript thread of `env`, whose loop is `event_loop`; `memory` stays valid as long as there is `buffer`, a
    /// reference that is this environment's from now on.
    pub(super) unsafe fn create(
        env: sys::napi_env,
        uv: &'static Uv,
        event_loop: *mut sys::uv_loop_s,
        memory: Memory,
        buffer: sys::napi_ref,
    ) -> *const Self {
        let this = Box::into_raw(Box::new(Self {
            env,
            uv,
            event_loop,
            memory,
            buffer,
            scheduler: RefCell::default(),
            starts: RefCell::default(),
            functions: Functions::default(),
            callback_start: Cell::new(0),
            goes_on: Cell::new(false),
            over: Cell::new(false),
            had_timers: Cell::new(false),
            thread: RefCell::new(None),
            doorbells: RefCell::new(None),
            prepare: uv.allocate(Kind::Prepare),
            check: uv.allocate(Kind::Check),
            idle: uv.allocate(Kind::Idle),
            wake: uv.allocate(Kind::Async),
            end: uv.allocate(Kind::Timer),
            awake: Cell::new(false),
            keeps_alive: Cell::new(false),
            keeps_polling: Cell::new(false),
            rounds: Rounds::default(),
            open_handles: Cell::new(5),
            cleanup: Cell::new(ptr::null_mut()),
        }));
        memory.set_tell(true);
        // SAFETY: `this` was just made and lives until `on_closed` frees it; the handles are fresh memory of the right
        // size for their kind, and the loop is this thread's.
        unsafe {
            let environment = &*this;
            (uv.prepare_init)(event_loop, environment.prepare);
            (uv.check_init)(event_loop, environment.check);
            (uv.idle_init)(event_loop, environment.idle);
            (uv.async_init)(event_loop, environment.wake, turn::on_wake);
            (uv.timer_init)(event_loop, environment.end);
            for handle in environment.handles() {
                (uv.set_data)(handle, this.cast());
            }
            // Only pending work that is ref'd keeps the loop alive: through `wake` (timers) and `idle` (immediates).
            (uv.unrefer)(environment.wake);
            (uv.unrefer)(environment.prepare);
            (uv.unrefer)(environment.check);
            (uv.unrefer)(environment.end);
            let mut hook = ptr::null_mut();
            sys::napi_add_async_cleanup_hook(env, Some(on_cleanup), this.cast(), &mut hook);
            environment.cleanup.set(hook);
        }
        this
    }

    fn handles(&self) -> [Handle; 5] {
        [self.prepare, self.check, self.idle, self.wake, self.end]
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

    /// Takes part in the loop from now on; before the first use nothing in here costs anything.
    pub(super) fn wake_up(&self) {
        if !self.awake.replace(true) {
            // SAFETY: both handles are open and of this thread's loop.
            unsafe {
                (self.uv.prepare_start)(self.prepare, turn::on_prepare);
                (self.uv.check_start)(self.check, turn::on_check);
            }
        }
    }

    /// Makes sure that the loop's thread is there. The first timer needs it, and can still be refused.
    pub(super) fn need_thread(&self) -> io::Result<()> {
        let mut thread = self.thread.borrow_mut();
        if thread.is_none() {
            let wake = Wake(self.wake, self.uv);
            *thread = Some(LoopThread::start(move || wake.send())?);
        }
        Ok(())
    }

    /// Lets the loop come by in its poll phase.
    pub(super) fn ask_for_poll(&self) {
        // SAFETY: the handle is open and of this thread's loop.
        unsafe { (self.uv.async_send)(self.wake) };
    }

    pub(super) fn panic_thread_for_test(&self) {
        if let Some(thread) = &*self.thread.borrow() {
            thread.panic_for_test();
        }
    }

    /// What has ended the loop's thread, if something did. It is started again: now if it watched anything, else when it
    /// is needed.
    pub(super) fn take_thread_failure(&self) -> Option<String> {
        let failure = self.thread.borrow().as_ref()?.failure()?;
        let ended = self.thread.take();
        #[cfg(unix)]
        if let Some(ended) = ended
            && !ended.watches().is_empty()
            && self.need_thread().is_ok()
            && let Some(thread) = &*self.thread.borrow()
        {
            thread.watches().continue_from(ended.watches());
        }
        Some(failure)
    }

    /// Whether there is news for the poll phase from other threads.
    pub(super) fn something_came(&self) -> bool {
        #[cfg(unix)]
        if self.thread.borrow().as_ref().is_some_and(|thread| thread.watches().has_ready()) {
            return true;
        }
        self.doorbells.borrow().as_ref().is_some_and(Doorbells::has_rung)
    }

    /// Does something with the doorbells of this environment.
    pub(super) fn with_doorbells<T>(&self, body: impl FnOnce(&Doorbells) -> T) -> T {
        let mut doorbells = self.doorbells.borrow_mut();
        body(doorbells.get_or_insert_with(|| {
            let wake = Wake(self.wake, self.uv);
            Doorbells::new(move || wake.send())
        }))
    }

    /// Lets the loop live, and sleep, as the pending work wants. Not inside a turn, which does it once at its end.
    pub(super) fn settle(&self, scheduler: &Scheduler) {
        if scheduler.in_turn() {
            return;
        }
        self.keep_alive(scheduler.refed_timers() > 0 || self.memory.held());
        self.keep_polling(scheduler.refed_immediates() > 0);
        self.memory.set_tell(scheduler.refed_immediates() == 0);
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

    /// Tells the loop's thread until when it may let the loop sleep.
    pub(super) fn arm(&self, scheduler: &Scheduler) -> io::Result<()> {
        if scheduler.refed_immediates() > 0 {
            return Ok(()); // The loop is not going to sleep.
        }
        let deadline = scheduler.next_expiry();
        if deadline.is_some() {
            self.need_thread()?;
        }
        if let Some(thread) = &*self.thread.borrow()
            && thread.arm(deadline.unwrap_or(Nanos::MAX))? == Armed::HasPassed
        {
            self.ask_for_poll();
        }
        Ok(())
    }

    /// Lets the end of this round come by: it is where Node's own timers are, after its immediates.
    pub(super) fn ask_for_end(&self) {
        // SAFETY: the handle is open and of this thread's loop.
        unsafe { (self.uv.timer_start)(self.end, turn::on_end, 0, 0) };
    }

    pub(super) fn loop_is_alive(&self) -> bool {
        // SAFETY: this thread's loop.
        unsafe { (self.uv.loop_alive)(self.event_loop) != 0 }
    }
}

/// Node ends the environment: stop and join the loop's thread, then let libuv close the handles.
unsafe extern "C" fn on_cleanup(_: sys::napi_async_cleanup_hook_handle, data: *mut c_void) {
    // SAFETY: `data` is the environment, alive until its last handle is closed.
    let environment = unsafe { &*data.cast::<Environment>() };
    drop(environment.thread.take());
    drop(environment.doorbells.take());
    // Node leaves strong references to whoever made them. Nothing of ours runs any more that would use one.
    for reference in environment.functions.take_all().chain([environment.buffer]).filter(|one| !one.is_null()) {
        // SAFETY: it was made in this environment, which is there until its hooks have run, and is deleted once.
        unsafe { sys::napi_delete_reference(environment.env, reference) };
    }
    for handle in environment.handles() {
        // SAFETY: the handle is open; nobody uses it any more.
        unsafe { (environment.uv.close)(handle, Some(on_closed)) };
    }
}

unsafe extern "C" fn on_closed(handle: Handle) {
    // SAFETY: one of the five handles; the environment is alive until the last one is closed, which is below.
    let Some(this) = (unsafe { of_handle(handle) }) else { return };
    let open = this.open_handles.get() - 1;
    this.open_handles.set(open);
    if open == 0 {
        // SAFETY: libuv has closed all five handles and this was the last use of each; nobody else has the pointer now.
        unsafe {
            let this = Box::from_raw(ptr::from_ref(this).cast_mut());
            this.uv.reclaim(Kind::Prepare, this.prepare);
            this.uv.reclaim(Kind::Check, this.check);
            this.uv.reclaim(Kind::Idle, this.idle);
            this.uv.reclaim(Kind::Async, this.wake);
            this.uv.reclaim(Kind::Timer, this.end);
            sys::napi_remove_async_cleanup_hook(this.cleanup.get());
        }
    }
}

/// The environment a libuv handle belongs to.
///
/// # Safety
/// `handle` is one of an environment's five handles.
pub(super) unsafe fn of_handle<'a>(handle: Handle) -> Option<&'a Environment> {
    let uv = Uv::find().ok()?;
    // SAFETY: by the contract; the environment outlives its handles.
    unsafe { (uv.get_data)(handle).cast::<Environment>().as_ref() }
}
