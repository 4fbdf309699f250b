//! A turn: where libuv lets us in, and how JavaScript is called.
//!
//! ```text
//! libuv:  ... timers | idle, prepare | poll | check | closing, timers | idle, prepare | poll ...
//! ours:                 TIMERS               CHECK                       TIMERS
//! ```
//!
//! All of it runs on the JavaScript thread. A panic in here becomes an error of the process, never an abort.

use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::sys;

use super::environment::{Environment, of_handle};
use super::uv::Handle;
use crate::driver::{clock, panic_message};

/// Just before the loop sleeps, after Node's own timers: the timers phase; then say until when it may sleep.
pub(super) unsafe extern "C" fn on_prepare(handle: Handle) {
    // SAFETY: libuv calls this with the handle it was started with.
    unsafe { guarded(handle, prepare) };
}

/// After the poll phase: the check phase.
pub(super) unsafe extern "C" fn on_check(handle: Handle) {
    // SAFETY: as above.
    unsafe { guarded(handle, check) };
}

/// The timers phase at the end of a round. It may also be what ended a sleep: then the timers phase that follows does
/// the work.
pub(super) unsafe extern "C" fn on_end(handle: Handle) {
    // SAFETY: as above.
    unsafe { guarded(handle, end) };
}

/// The poll phase. Either the loop's thread has ended a sleep, and the timers phase that follows does the work, or
/// something is to run here.
pub(super) unsafe extern "C" fn on_wake(handle: Handle) {
    // SAFETY: as above.
    unsafe { guarded(handle, wake) };
}

/// An idle handle is there to keep libuv from sleeping, and does nothing.
pub(super) unsafe extern "C" fn on_idle(_: Handle) {}

/// # Safety
/// `handle` belongs to an environment, on whose thread this is.
unsafe fn guarded(handle: Handle, body: fn(&Environment)) {
    // SAFETY: by the contract.
    let Some(environment) = (unsafe { of_handle(handle) }) else { return };
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(environment))) {
        fail(environment, "ERR_LOOP_PANIC", &panic_message(&*panic));
    }
}

fn prepare(environment: &Environment) {
    environment.memory.count_turn();
    let ran = !environment.had_timers.take() && run_timers(environment);
    // libuv asks whether it is alive after timers, and we run a little later. If ours were the last to keep it alive,
    // Node would have left by now; libuv goes round once more, in which nothing of ours may run.
    environment.over.set(ran && environment.goes_on.get() && !environment.handles.loop_is_alive());
    let armed = environment.thread.arm(&environment.handles, &environment.scheduler());
    if let Err(error) = armed {
        fail(environment, "ERR_LOOP_THREAD", &error.to_string());
    }
}

fn check(environment: &Environment) {
    if !environment.over.get() {
        check_phase(environment);
    }
    let refed = {
        let scheduler = environment.scheduler();
        scheduler.refed_timers() + scheduler.refed_immediates()
    };
    if refed > 0 {
        environment.goes_on.set(true);
    } else if environment.handles.loop_is_alive() {
        // By what is not ours. Node's own immediates come after ours, and may be the last.
        environment.handles.ask_for_end(0);
    } else {
        end(environment);
    }
}

fn check_phase(environment: &Environment) {
    if environment.scheduler().pending_immediates() > 0 {
        let rounds = environment.begin_rounds();
        environment.scheduler().enter_check(rounds);
        run(environment, environment.functions.check.get());
    }
    environment.end_rounds(&environment.scheduler());
}

/// The end of a round, if nothing of ours keeps the loop alive.
fn end(environment: &Environment) {
    // Node runs timers once more before its loop ends, those that do not keep it alive included.
    let is_last = !environment.over.get() && !environment.handles.loop_is_alive();
    if is_last && environment.scheduler().pending_timers() > 0 {
        run_timers(environment);
        // They may have set something that keeps it going: then that was the timers phase of this round.
        environment.had_timers.set(environment.handles.loop_is_alive());
    }
    environment.goes_on.set(environment.handles.loop_is_alive());
}

fn wake(environment: &Environment) {
    environment.memory.count_wake();
    if let Some(failure) = environment.thread.take_failure() {
        fail(environment, "ERR_LOOP_THREAD", &failure);
    }
    if environment.memory.wants_poll() || environment.something_came() {
        run(environment, environment.functions.poll.get());
    }
}

/// Runs the timers phase if a list is due, and tells whether it did.
fn run_timers(environment: &Environment) -> bool {
    let due = {
        let mut scheduler = environment.scheduler();
        // A list may be there without a timer in it. It goes in its turn, as in Node.
        scheduler.next_expiry().is_some() && scheduler.enter_timers(clock::now())
    };
    if due {
        run(environment, environment.functions.timers.get());
    }
    due
}

/// Calls a function of `lib/turn.js`, which asks for steps until the turn is over.
fn run(environment: &Environment, function: sys::napi_ref) {
    call(environment, function, &[]);
    let mut scheduler = environment.scheduler();
    if scheduler.in_turn() {
        scheduler.leave(environment.memory.progress(), &environment.memory.batch());
    }
    environment.settle(&scheduler);
}

/// Raises an error in JavaScript as an uncaught one.
fn fail(environment: &Environment, code: &str, message: &str) {
    let mut scope = ptr::null_mut();
    // SAFETY: on the environment's thread; the scope is closed below, and the strings live through the calls.
    unsafe {
        sys::napi_open_handle_scope(environment.env, &mut scope);
        let arguments = [code, message].map(|text| string(environment.env, text));
        call(environment, environment.functions.fail.get(), &arguments);
        sys::napi_close_handle_scope(environment.env, scope);
    }
}

unsafe fn string(env: sys::napi_env, text: &str) -> sys::napi_value {
    let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
    let mut value = ptr::null_mut();
    // SAFETY: the string is terminated and lives through the call.
    unsafe { sys::napi_create_string_utf8(env, text.as_ptr(), -1, &mut value) };
    value
}

/// Calls JavaScript in a callback scope of its own, so that next ticks and microtasks run at its end. What it throws
/// is an uncaught exception, as for Node's own timers. A failure without an exception means that the environment ends.
fn call(environment: &Environment, function: sys::napi_ref, arguments: &[sys::napi_value]) {
    let env = environment.env;
    let mut scope = ptr::null_mut();
    let mut callee = ptr::null_mut();
    let mut result = ptr::null_mut();
    // SAFETY: on the environment's thread, outside of any JavaScript; the references are those `start` made, and all
    // values live in the scope opened here. No borrow of the scheduler is held. A context of null makes no async_hooks
    // resource of our own appear.
    unsafe {
        if function.is_null() || sys::napi_open_handle_scope(env, &mut scope) != sys::Status::napi_ok {
            return;
        }
        sys::napi_get_reference_value(env, function, &mut callee);
        // With domains in use, Node enters what `domain` of the receiver is: a program may have a global of that name.
        let receiver = callee;
        let status = sys::napi_make_callback(
            env,
            ptr::null_mut(),
            receiver,
            callee,
            arguments.len(),
            arguments.as_ptr(),
            &mut result,
        );
        if status == sys::Status::napi_pending_exception {
            let mut pending = false;
            let mut exception = ptr::null_mut();
            sys::napi_is_exception_pending(env, &mut pending);
            let was_reported = environment.memory.takes_leave();
            if pending
                && sys::napi_get_and_clear_last_exception(env, &mut exception) == sys::Status::napi_ok
                && !was_reported
            {
                sys::napi_fatal_exception(env, exception);
            }
        }
        sys::napi_close_handle_scope(env, scope);
    }
}
