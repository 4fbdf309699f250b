//! One environment (the main thread of Node, or one worker): its scheduler, its libuv handles, its loop's thread.
//!
//! Everything in here belongs to the environment's JavaScript thread, except `notify`, which the loop's thread calls.
//! An environment lives from the load of the addon until libuv has closed its handles. No borrow of the scheduler is
//! held while JavaScript runs.

use std::cell::{Cell, RefCell, RefMut};
use std::ffi::{c_int, c_void};
use std::io;
use std::ptr;

use napi::sys;

use super::memory::Memory;
use super::rounds::Rounds;
use super::ticks;
use super::turn;
use super::uv::{Handle, Kind, Uv};
use crate::driver::doorbells::{Doorbells, NoMemory};
use crate::driver::starts::Starts;
#[cfg(unix)]
use crate::driver::watches::{Left, WatchId};
use crate::driver::{Armed, LoopThread, clock};
use crate::scheduler::{Nanos, Scheduler};

const NANOS_PER_MILLI: Nanos = 1_000_000;
/// How long the loop sleeps at most when its thread could not be had.
const RETRY: Nanos = 100 * NANOS_PER_MILLI;

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
    /// What a thread that has ended watched, until another one does.
    #[cfg(unix)]
    left: RefCell<Option<Left>>,
    /// While the loop's thread cannot be told when to wake: when that is tried again. Else 0.
    retry_at: Cell<Nanos>,
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
    open_handles: Cell<usize>,
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
            #[cfg(unix)]
            left: RefCell::new(None),
            retry_at: Cell::new(0),
            prepare: uv.allocate(Kind::Prepare),
            check: uv.allocate(Kind::Check),
            idle: uv.allocate(Kind::Idle),
            wake: uv.allocate(Kind::Async),
            end: uv.allocate(Kind::Timer),
            awake: Cell::new(false),
            keeps_alive: Cell::new(false),
            keeps_polling: Cell::new(false),
            rounds: Rounds::default(),
            open_handles: Cell::new(0),
            cleanup: Cell::new(ptr::null_mut()),
        }));
        memory.set_tell(true);
        // SAFETY: `this` was just made and lives until `end` or `on_closed` frees it; the loop is this thread's.
        unsafe {
            if let Err(why) = (*this).begin() {
                end(this);
                return Err(why);
            }
        }
        Ok(this)
    }

    /// Opens the handles and lets Node tell when the environment ends. What was opened before something failed stays open.
    ///
    /// # Safety
    /// On the environment's thread, once.
    unsafe fn begin(&self) -> Result<(), String> {
        let (uv, event_loop) = (self.uv, self.event_loop);
        // SAFETY: the handles are fresh memory of the right size for their kind, and the loop is this thread's.
        unsafe {
            // In the order of `handles`.
            self.opened(self.wake, (uv.async_init)(event_loop, self.wake, turn::on_wake))?;
            self.opened(self.prepare, (uv.prepare_init)(event_loop, self.prepare))?;
            self.opened(self.check, (uv.check_init)(event_loop, self.check))?;
            self.opened(self.idle, (uv.idle_init)(event_loop, self.idle))?;
            self.opened(self.end, (uv.timer_init)(event_loop, self.end))?;
            // Only pending work that is ref'd keeps the loop alive: through `wake` (timers) and `idle` (immediates).
            for handle in [self.wake, self.prepare, self.check, self.end] {
                (uv.unrefer)(handle);
            }
            let mut hook = ptr::null_mut();
            let data = ptr::from_ref(self).cast_mut().cast();
            if sys::napi_add_async_cleanup_hook(self.env, Some(on_cleanup), data, &mut hook) != sys::Status::napi_ok {
                return Err("this runtime does not tell an addon when an environment ends".to_owned());
            }
            self.cleanup.set(hook);
        }
        Ok(())
    }

    /// # Safety
    /// `status` is what libuv said when it was to initialize `handle`.
    unsafe fn opened(&self, handle: Handle, status: c_int) -> Result<(), String> {
        if status < 0 {
            return Err(format!("libuv opens no handle: {}", io::Error::from_raw_os_error(-status)));
        }
        self.open_handles.set(self.open_handles.get() + 1);
        // SAFETY: libuv has initialized the handle, which is this environment's.
        unsafe { (self.uv.set_data)(handle, ptr::from_ref(self).cast_mut().cast()) };
        Ok(())
    }

    /// In the order in which they are opened.
    fn handles(&self) -> [Handle; 5] {
        [self.wake, self.prepare, self.check, self.idle, self.end]
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
            // What is started in a prepare callback, which the timers of another copy of this addon run in, has its first
            // turn in the next round: the loop must not sleep before.
            self.ask_for_poll();
        }
    }

    /// Makes sure that the loop's thread is there. The first timer needs it, and can still be refused.
    pub(super) fn need_thread(&self) -> io::Result<()> {
        let mut thread = self.thread.borrow_mut();
        if thread.is_none() {
            let wake = Wake(self.wake, self.uv);
            let started = LoopThread::start(move || wake.send())?;
            #[cfg(unix)]
            if let Some(left) = self.left.take() {
                started.watches().continue_from(left);
                self.ask_for_poll();
            }
            *thread = Some(started);
            self.retry_at.set(0);
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

    /// What has ended the loop's thread, if something did. It is started again when it is needed, which is before the
    /// loop sleeps if it watched anything.
    pub(super) fn take_thread_failure(&self) -> Option<String> {
        let failure = self.thread.borrow().as_ref()?.failure()?;
        let ended = self.thread.take();
        #[cfg(unix)]
        self.left.replace(ended.and_then(|ended| ended.watches().leave()));
        Some(failure)
    }

    /// Ends a watch while there is no thread.
    #[cfg(unix)]
    pub(super) fn close_left(&self, id: WatchId) {
        let mut left = self.left.borrow_mut();
        if left.as_mut().is_some_and(|left| left.close(id)) {
            *left = None;
        }
    }

    /// Whether the loop's thread has something to do although there is no deadline.
    fn has_left(&self) -> bool {
        #[cfg(unix)]
        return self.left.borrow().is_some();
        #[cfg(not(unix))]
        return false;
    }

    /// Whether there is news for the poll phase from other threads.
    pub(super) fn something_came(&self) -> bool {
        #[cfg(unix)]
        if self.thread.borrow().as_ref().is_some_and(|thread| thread.watches().has_ready()) {
            return true;
        }
        self.doorbells.borrow().as_ref().is_some_and(Doorbells::has_rung)
    }

    /// Makes sure that doorbells can be opened.
    pub(super) fn need_doorbells(&self) -> Result<(), NoMemory> {
        let mut doorbells = self.doorbells.borrow_mut();
        if doorbells.is_none() {
            let wake = Wake(self.wake, self.uv);
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

    /// Tells the loop's thread until when it may let the loop sleep. Where that fails libuv wakes the loop, and after a while
    /// it is tried again. Only the first failure is told: who hears of each would hear of nothing else.
    pub(super) fn arm(&self, scheduler: &Scheduler) -> io::Result<()> {
        let retry_at = self.retry_at.get();
        if retry_at != 0 && clock::now() < retry_at {
            self.sleep_without_thread(scheduler, retry_at);
            return Ok(());
        }
        let armed = self.arm_thread(scheduler);
        if armed.is_ok() {
            self.retry_at.set(0);
            return armed;
        }
        self.retry_at.set(clock::now() + RETRY);
        self.sleep_without_thread(scheduler, self.retry_at.get());
        if retry_at == 0 { armed } else { Ok(()) }
    }

    fn arm_thread(&self, scheduler: &Scheduler) -> io::Result<()> {
        if self.has_left() {
            self.need_thread()?;
        }
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

    /// The loop's thread cannot tell when to wake up. libuv can, in whole milliseconds.
    fn sleep_without_thread(&self, scheduler: &Scheduler, most: Nanos) {
        let end = scheduler.next_expiry().map_or(most, |expiry| expiry.min(most));
        let left = end.saturating_sub(clock::now());
        // SAFETY: the handle is open and of this thread's loop.
        unsafe { (self.uv.timer_start)(self.end, turn::on_end, left.div_ceil(NANOS_PER_MILLI), 0) };
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
    // SAFETY: `data` is the environment, alive until its last handle is closed. Node calls this once.
    unsafe { end(data.cast()) };
}

/// Gives up all that the environment has. It is freed at once, or when libuv has closed the handles that are open.
///
/// # Safety
/// On its thread, once; nobody uses it any more.
unsafe fn end(this: *const Environment) {
    // SAFETY: by the contract it is there, and not freed before the end of this.
    let environment = unsafe { &*this };
    drop(environment.thread.take());
    drop(environment.doorbells.take());
    // Node leaves strong references to whoever made them. Nothing of ours runs any more that would use one.
    for reference in environment.functions.take_all().chain([environment.buffer]).filter(|one| !one.is_null()) {
        // SAFETY: it was made in this environment, which is there until its hooks have run, and is deleted once.
        unsafe { sys::napi_delete_reference(environment.env, reference) };
    }
    let open = environment.open_handles.get();
    for handle in environment.handles().into_iter().take(open) {
        // SAFETY: the handle is open; nobody uses it any more.
        unsafe { (environment.uv.close)(handle, Some(on_closed)) };
    }
    if open == 0 {
        // SAFETY: libuv has seen no handle, and by the contract nobody else has the environment.
        unsafe { free(this) };
    }
}

unsafe extern "C" fn on_closed(handle: Handle) {
    // SAFETY: one of the five handles; the environment is alive until the last one is closed, which is below.
    let Some(this) = (unsafe { of_handle(handle) }) else { return };
    let open = this.open_handles.get() - 1;
    this.open_handles.set(open);
    if open == 0 {
        // SAFETY: libuv has closed the handles that were open, and this was the last use of each; nobody else has the
        // pointer now.
        unsafe { free(this) };
    }
}

/// # Safety
/// No handle of the environment is open, and nobody uses it after this.
unsafe fn free(this: *const Environment) {
    // SAFETY: `create` has made it and its handles so. There is a hook if it came so far.
    unsafe {
        let this = Box::from_raw(this.cast_mut());
        this.uv.reclaim(Kind::Prepare, this.prepare);
        this.uv.reclaim(Kind::Check, this.check);
        this.uv.reclaim(Kind::Idle, this.idle);
        this.uv.reclaim(Kind::Async, this.wake);
        this.uv.reclaim(Kind::Timer, this.end);
        let hook = this.cleanup.get();
        if !hook.is_null() {
            sys::napi_remove_async_cleanup_hook(hook);
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
