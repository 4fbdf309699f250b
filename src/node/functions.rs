//! The addon's raw functions. They take and return their numbers through the shared words (`memory.rs`).
//!
//! Each is called on its environment's JavaScript thread. A panic or a failure becomes a JavaScript error with a code,
//! and nothing is then scheduled.

use std::collections::TryReserveError;
use std::ffi::{CStr, CString, c_void};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::sys;

use super::environment::Environment;
use super::memory::SharedBatch;
use super::rounds::TurnPace;
use crate::driver::doorbells::NoMemory;
use crate::driver::{clock, panic_message};
use crate::scheduler::{Nanos, OutOfSlots, Scheduler, Slot};

/// Why a call failed, as the code JavaScript sees.
pub(super) enum Failure {
    OutOfSlots,
    Thread(io::Error),
    Panic(String),
}

impl From<OutOfSlots> for Failure {
    fn from(_: OutOfSlots) -> Self {
        Self::OutOfSlots
    }
}

impl From<TryReserveError> for Failure {
    fn from(_: TryReserveError) -> Self {
        Self::OutOfSlots
    }
}

impl From<NoMemory> for Failure {
    fn from(_: NoMemory) -> Self {
        Self::OutOfSlots
    }
}

impl Failure {
    fn code_and_message(self) -> (&'static CStr, String) {
        match self {
            Self::OutOfSlots => {
                (c"ERR_LOOP_OUT_OF_MEMORY", "No memory is left for another timer, immediate or promise".into())
            }
            Self::Thread(error) => (c"ERR_LOOP_THREAD", format!("The loop's thread could not be started: {error}")),
            Self::Panic(message) => (c"ERR_LOOP_PANIC", format!("The loop failed inside: {message}")),
        }
    }
}

pub(super) type Body = fn(&Environment) -> Result<(), Failure>;

/// Every raw function, under the name `lib/` knows it by.
const FUNCTIONS: &[(&CStr, sys::napi_callback)] = &[
    (c"setTimer", Some(set_timer)),
    (c"setTimerFromStart", Some(set_timer_from_start)),
    (c"markStart", Some(mark_start)),
    (c"clearTimer", Some(clear_timer)),
    (c"clearRunningTimer", Some(clear_running_timer)),
    (c"takeTimer", Some(take_timer)),
    (c"refreshTimer", Some(refresh_timer)),
    (c"setDeadline", Some(set_deadline)),
    (c"postponeDeadline", Some(postpone_deadline)),
    (c"countMissed", Some(count_missed)),
    (c"repeatDeadline", Some(repeat_deadline)),
    (c"refTimer", Some(ref_timer)),
    (c"unrefTimer", Some(unref_timer)),
    (c"tellOfImmediate", Some(tell_of_immediate)),
    (c"clearImmediate", Some(clear_immediate)),
    (c"refImmediate", Some(ref_immediate)),
    (c"unrefImmediate", Some(unref_immediate)),
    (c"readClock", Some(read_clock)),
    (c"askForPoll", Some(ask_for_poll)),
    (c"settle", Some(settle)),
    (c"next", Some(next)),
    (c"start", Some(start)),
    (c"reportUncaught", Some(report_uncaught)),
    (c"panicForTest", Some(panic_for_test)),
    (c"panicThreadForTest", Some(panic_thread_for_test)),
];

/// # Safety
/// `exports` is an object of `env`, and `environment` lives as long as JavaScript runs in it.
pub(super) unsafe fn define(env: sys::napi_env, exports: sys::napi_value, environment: *const Environment) {
    for &(name, callback) in FUNCTIONS.iter().chain(super::doorbells::FUNCTIONS).chain(super::WATCHING) {
        let mut function = ptr::null_mut();
        // SAFETY: by the contract; the name is terminated.
        unsafe {
            sys::napi_create_function(env, name.as_ptr(), -1, callback, environment.cast_mut().cast(), &mut function);
            sys::napi_set_named_property(env, exports, name.as_ptr(), function);
        }
    }
}

/// Runs the body of a raw function.
///
/// # Safety
/// Called by Node-API with the arguments it passed to a function of `FUNCTIONS`.
pub(super) unsafe fn entry(env: sys::napi_env, info: sys::napi_callback_info, body: Body) -> sys::napi_value {
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: by the contract; `data` is what `define` gave, an environment that lives as long as its JavaScript.
    let environment = unsafe {
        sys::napi_get_cb_info(env, info, ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), &mut data);
        &*data.cast::<Environment>()
    };
    // SAFETY: by the contract.
    unsafe { guard(env, || body(environment)) };
    ptr::null_mut()
}

/// Runs `body`; a failure or a panic becomes a JavaScript error.
///
/// # Safety
/// On the JavaScript thread of `env`, inside a call from JavaScript.
#[inline(always)]
pub(super) unsafe fn guard(env: sys::napi_env, body: impl FnOnce() -> Result<(), Failure>) {
    let outcome =
        catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Failure::Panic(panic_message(&*panic))));
    if let Err(failure) = outcome {
        // SAFETY: by the contract.
        unsafe { throw(env, failure) };
    }
}

/// # Safety
/// As for `guard`.
#[cold]
unsafe fn throw(env: sys::napi_env, failure: Failure) {
    let (code, message) = failure.code_and_message();
    let message = CString::new(message.replace('\0', " ")).unwrap_or_default();
    // SAFETY: both strings are terminated and live through the call.
    unsafe { sys::napi_throw_error(env, code.as_ptr(), message.as_ptr()) };
}

macro_rules! raw_functions {
    ($($(#[$doc:meta])* fn $name:ident($environment:ident) $body:block)+) => {
        $($(#[$doc])*
        unsafe extern "C" fn $name(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
            // SAFETY: Node-API calls this as it was defined above.
            unsafe { entry(env, info, |$environment| $body) }
        })+
    };
}

pub(super) use raw_functions;

/// Changes what is pending, and lets the loop live accordingly afterwards.
fn change<T>(environment: &Environment, change: impl FnOnce(&mut Scheduler, &mut SharedBatch) -> T) -> T {
    let mut scheduler = environment.scheduler();
    let result = change(&mut scheduler, &mut environment.memory.batch());
    environment.settle(&scheduler);
    result
}

fn add_timer(environment: &Environment, start: Nanos) -> Result<(), Failure> {
    let delay = environment.memory.delay();
    add(environment, |scheduler| scheduler.set_timer(delay, start, true))
}

/// What is new can still be refused. What repeats goes on without a thread, and with one as soon as it is to be had.
pub(super) fn need_thread(environment: &Environment) -> Result<(), Failure> {
    environment.thread.need(&environment.handles).map_err(Failure::Thread)
}

fn add(environment: &Environment, add: impl FnOnce(&mut Scheduler) -> Result<Slot, OutOfSlots>) -> Result<(), Failure> {
    environment.handles.wake_up();
    environment.memory.set_slot(change(environment, |scheduler, _| add(scheduler))?);
    Ok(())
}

/// When a timer in deadline order is due that is set now.
fn deadline(environment: &Environment) -> Nanos {
    environment.start_time().saturating_add(environment.memory.fine_delay())
}

raw_functions! {
    fn set_timer(environment) {
        need_thread(environment)?;
        add_timer(environment, environment.start_time())
    }

    /// Sets an interval's next run, counting from the start of the callback that is ending.
    fn set_timer_from_start(environment) { add_timer(environment, environment.callback_start.get()) }

    fn mark_start(environment) {
        environment.callback_start.set(environment.start_time());
        Ok(())
    }

    fn clear_timer(environment) {
        let slot = environment.memory.slot();
        change(environment, |scheduler, batch| scheduler.clear_timer(slot, batch));
        Ok(())
    }

    fn clear_running_timer(environment) {
        let delay = environment.memory.delay();
        change(environment, |scheduler, _| scheduler.clear_running_timer(delay));
        Ok(())
    }

    fn take_timer(environment) {
        let slot = environment.memory.slot();
        change(environment, |scheduler, batch| scheduler.take_timer(slot, batch));
        Ok(())
    }

    fn refresh_timer(environment) {
        let (slot, delay) = (environment.memory.slot(), environment.memory.delay());
        let start = environment.start_time();
        Ok(change(environment, |scheduler, batch| scheduler.refresh_timer(slot, delay, start, batch))?)
    }

    fn set_deadline(environment) {
        need_thread(environment)?;
        let deadline = deadline(environment);
        add(environment, |scheduler| scheduler.set_deadline(deadline, true))
    }

    fn postpone_deadline(environment) {
        let (slot, deadline) = (environment.memory.slot(), deadline(environment));
        change(environment, |scheduler, batch| scheduler.postpone(slot, deadline, batch));
        Ok(())
    }

    /// The interval in deadline order that has begun is about to be called: how many deadlines it has missed, and its own.
    fn count_missed(environment) {
        let memory = environment.memory;
        let (missed, deadline) = environment.scheduler().miss(clock::now(), memory.fine_delay());
        memory.set_missed(missed);
        memory.set_time(deadline);
        Ok(())
    }

    /// Sets the next deadline of the interval that has run.
    fn repeat_deadline(environment) {
        let (period, policy) = (environment.memory.fine_delay(), environment.memory.policy());
        add(environment, |scheduler| scheduler.repeat(period, policy, true))
    }

    fn ref_timer(environment) {
        let slot = environment.memory.slot();
        change(environment, |scheduler, _| scheduler.set_timer_ref(slot, true));
        Ok(())
    }

    fn unref_timer(environment) {
        let slot = environment.memory.slot();
        change(environment, |scheduler, _| scheduler.set_timer_ref(slot, false));
        Ok(())
    }

    /// An immediate is about to be put into the queue. Called only when the word `TELL` asks for it.
    fn tell_of_immediate(environment) {
        let memory = environment.memory;
        environment.handles.wake_up();
        memory.set_queued(memory.progress().queued + 1);
        memory.set_tell(false);
        change(environment, |_, _| ());
        Ok(())
    }

    fn clear_immediate(environment) {
        let memory = environment.memory;
        memory.set_queued(change(environment, |scheduler, _| {
            scheduler.clear_immediate(memory.slot()).map(|()| scheduler.queued_immediates())
        })?);
        Ok(())
    }

    fn ref_immediate(environment) {
        let slot = environment.memory.slot();
        Ok(change(environment, |scheduler, _| scheduler.set_immediate_ref(slot, true))?)
    }

    fn unref_immediate(environment) {
        let slot = environment.memory.slot();
        Ok(change(environment, |scheduler, _| scheduler.set_immediate_ref(slot, false))?)
    }

    /// The time now.
    fn read_clock(environment) {
        environment.start_time();
        Ok(())
    }

    fn ask_for_poll(environment) {
        environment.handles.wake_up();
        environment.handles.ask_for_poll();
        Ok(())
    }

    /// What keeps the process alive has changed in the shared words; or turns are to be counted.
    fn settle(environment) {
        environment.handles.wake_up();
        change(environment, |_, _| ());
        Ok(())
    }

    /// The next step of the turn, left in the shared words.
    fn next(environment) {
        let memory = environment.memory;
        let mut scheduler = environment.scheduler();
        let step = scheduler.next(memory.progress(), memory.threw(), &mut memory.batch(), &mut TurnPace(environment));
        memory.set_step(step);
        memory.set_queued(scheduler.queued_immediates());
        Ok(())
    }

    fn panic_for_test(_environment) { panic!("a panic asked for by a test") }

    fn panic_thread_for_test(environment) {
        if let Some(thread) = &*environment.thread.get() {
            thread.panic_for_test();
        }
        Ok(())
    }
}

/// Reads up to `N` arguments.
///
/// # Safety
/// As for `entry`.
unsafe fn arguments<const N: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> ([sys::napi_value; N], *const Environment) {
    let mut values = [ptr::null_mut(); N];
    let mut count = N;
    let mut data = ptr::null_mut();
    // SAFETY: by the contract; missing arguments are filled with undefined.
    unsafe { sys::napi_get_cb_info(env, info, &mut count, values.as_mut_ptr(), ptr::null_mut(), &mut data) };
    (values, data.cast_const().cast())
}

/// `start(timersTurn, checkTurn, pollTurn, fail)`: keeps the functions of `lib/turn.js` that Rust calls. Only the first call
/// counts.
unsafe extern "C" fn start(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: Node-API calls this as it was defined above; the references live as long as the environment.
    unsafe {
        let (values, environment) = arguments::<4>(env, info);
        let functions = &(*environment).functions;
        for (place, value) in
            [&functions.timers, &functions.check, &functions.poll, &functions.fail].into_iter().zip(values)
        {
            let mut kind = 0;
            let mut reference = ptr::null_mut();
            sys::napi_typeof(env, value, &mut kind);
            if place.get().is_null()
                && kind == sys::ValueType::napi_function
                && sys::napi_create_reference(env, value, 1, &mut reference) == sys::Status::napi_ok
            {
                place.set(reference);
            }
        }
    }
    ptr::null_mut()
}

/// `reportUncaught(error)`: `uncaughtException`, at once. Returns only if somebody handled it.
unsafe extern "C" fn report_uncaught(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: Node-API calls this as it was defined above; no borrow of the scheduler is held.
    unsafe {
        let ([error], _) = arguments::<1>(env, info);
        sys::napi_fatal_exception(env, error);
    }
    ptr::null_mut()
}
