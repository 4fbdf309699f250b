//! The border to Node: the only place with `unsafe`, and the only one that knows JavaScript.
//!
//! ```text
//! words        memory that JavaScript sees, too
//! memory       what numbers pass through there, and where
//! functions    what JavaScript calls
//! promises     what JavaScript calls for promises, with words of their own
//! watching     the same, for file descriptors
//! doorbells    the same, for doorbells
//! turn         what libuv calls, and how JavaScript is called from there
//! rounds       how far a turn goes on by itself
//! environment  what belongs to one Node environment, from load to teardown
//! handles      its libuv handles
//! thread       its loop's thread, also when there can be none
//! ticks        the processor's counter of time
//! uv           the libuv of this process
//! ```
//!
//! No value of JavaScript is kept in Rust, except one reference each to the shared memory and to the functions of the
//! turn, for as long as their environment lives.

mod doorbells;
mod environment;
mod functions;
mod handles;
mod memory;
mod promises;
mod rounds;
mod thread;
mod ticks;
mod turn;
mod uv;
#[cfg(unix)]
mod watching;
mod words;

use std::ptr;

use napi::bindgen_prelude::Object;
use napi::{Env, Error, JsValue, Result, Status};
use napi_derive::napi;
use napi_sys as sys;

use environment::Environment;
use memory::Memory;
use uv::Uv;
use words::Words;

#[cfg(unix)]
use watching::FUNCTIONS as WATCHING;
#[cfg(not(unix))]
const WATCHING: &[(&std::ffi::CStr, sys::napi_callback)] = &[];

/// Called by Node once per environment that loads the addon.
#[napi(module_exports)]
fn load(exports: Object<'_>, env: Env) -> Result<()> {
    let uv = Uv::find().map_err(|why| Error::new(Status::GenericFailure, why.to_owned()))?;
    let env = env.raw();
    let exports = exports.raw();
    // SAFETY: Node calls this on the JavaScript thread of `env`, with a handle scope open.
    unsafe {
        let mut event_loop = ptr::null_mut();
        if sys::napi_get_uv_event_loop(env, &mut event_loop) != sys::Status::napi_ok {
            return Err(Error::new(Status::GenericFailure, "this runtime gives an addon no event loop".to_owned()));
        }
        let no_memory =
            || Error::new(Status::GenericFailure, "this runtime gives an addon no shared memory".to_owned());
        if !promises::define(env, exports) {
            return Err(no_memory());
        }
        let (words, buffer) = Words::create(env, exports, c"memory").ok_or_else(no_memory)?;
        let environment = Environment::create(env, uv, event_loop, Memory::new(words), buffer)
            .map_err(|why| Error::new(Status::GenericFailure, why))?;
        functions::define(env, exports, environment);
    }
    Ok(())
}
