//! The few functions of libuv that place a turn exactly where Node has its phases, found in the running process.
//!
//! Node exports libuv, and `napi_get_uv_event_loop` is there to use it. The functions are looked up when the first
//! environment loads instead of being linked, so that a runtime without them gets an error instead of a crash.
//! All of them belong to the thread of their loop, except `async_send`, which any thread may call. libuv promises that an
//! open handle that gets a callback can be started, so nobody asks whether that went well.

use std::ffi::{c_int, c_uint, c_void};
use std::sync::OnceLock;

use napi::sys::uv_loop_s;

/// A libuv handle of any type. Only libuv knows its layout.
pub(super) type Handle = *mut c_void;
pub(super) type Callback = unsafe extern "C" fn(Handle);

/// `uv_handle_type`, whose numbers are part of libuv's stable interface.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Async = 1,
    Check = 2,
    Idle = 6,
    Prepare = 9,
    Timer = 13,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal: fn($($arg:ty),*) $(-> $result:ty)?;)+) => {
        pub(super) struct Uv {
            $($(#[$doc])* pub(super) $name: unsafe extern "C" fn($($arg),*) $(-> $result)?,)+
        }

        impl Uv {
            fn load(process: &Process) -> Result<Self, String> {
                // SAFETY: the signatures are those of libuv 1, which has never changed one; `find` checks the version.
                Ok(Self { $($name: *unsafe { process.get($symbol) }.map_err(|error| error.to_string())?,)+ })
            }
        }
    };
}

functions! {
    version = b"uv_version": fn() -> c_uint;
    handle_size = b"uv_handle_size": fn(c_int) -> usize;
    set_data = b"uv_handle_set_data": fn(Handle, *mut c_void);
    get_data = b"uv_handle_get_data": fn(Handle) -> *mut c_void;
    close = b"uv_close": fn(Handle, Option<Callback>);
    refer = b"uv_ref": fn(Handle);
    unrefer = b"uv_unref": fn(Handle);
    loop_alive = b"uv_loop_alive": fn(*mut uv_loop_s) -> c_int;
    /// How long the loop would sleep now; 0 as soon as anything waits for it.
    backend_timeout = b"uv_backend_timeout": fn(*mut uv_loop_s) -> c_int;
    /// What libuv itself waits on.
    backend_fd = b"uv_backend_fd": fn(*mut uv_loop_s) -> c_int;
    async_init = b"uv_async_init": fn(*mut uv_loop_s, Handle, Callback) -> c_int;
    async_send = b"uv_async_send": fn(Handle) -> c_int;
    prepare_init = b"uv_prepare_init": fn(*mut uv_loop_s, Handle) -> c_int;
    prepare_start = b"uv_prepare_start": fn(Handle, Callback) -> c_int;
    check_init = b"uv_check_init": fn(*mut uv_loop_s, Handle) -> c_int;
    check_start = b"uv_check_start": fn(Handle, Callback) -> c_int;
    timer_init = b"uv_timer_init": fn(*mut uv_loop_s, Handle) -> c_int;
    timer_start = b"uv_timer_start": fn(Handle, Callback, u64, u64) -> c_int;
    idle_init = b"uv_idle_init": fn(*mut uv_loop_s, Handle) -> c_int;
    idle_start = b"uv_idle_start": fn(Handle, Callback) -> c_int;
    idle_stop = b"uv_idle_stop": fn(Handle) -> c_int;
}

#[cfg(unix)]
type Process = libloading::os::unix::Library;
#[cfg(windows)]
type Process = libloading::os::windows::Library;

#[cfg(unix)]
fn process() -> Result<Process, String> {
    Ok(Process::this())
}

#[cfg(windows)]
fn process() -> Result<Process, String> {
    Process::this().map_err(|error| error.to_string())
}

impl Uv {
    /// The libuv of this process, or why there is none to use.
    pub(super) fn find() -> Result<&'static Self, &'static str> {
        static FOUND: OnceLock<Result<Uv, String>> = OnceLock::new();
        FOUND
            .get_or_init(|| {
                let uv = Self::load(&process()?)?;
                // SAFETY: uv_version takes nothing and reads a constant.
                let version = unsafe { (uv.version)() };
                if version >> 16 == 1 { Ok(uv) } else { Err(format!("libuv {} is not libuv 1", version >> 16)) }
            })
            .as_ref()
            .map_err(String::as_str)
    }

    /// Memory for a handle, owned by the caller until `reclaim`. Not to be refused: an environment begins, and without memory
    /// for that Node itself ends the process.
    pub(super) fn allocate(&self, kind: Kind) -> Handle {
        let words = self.words(kind);
        Box::into_raw(vec![0_u64; words].into_boxed_slice()).cast()
    }

    /// Frees the memory of a handle.
    ///
    /// # Safety
    /// `handle` comes from `allocate` with the same `kind`, and libuv has closed it or never saw it.
    pub(super) unsafe fn reclaim(&self, kind: Kind, handle: Handle) {
        let words = std::ptr::slice_from_raw_parts_mut(handle.cast::<u64>(), self.words(kind));
        // SAFETY: by the contract above this is the very slice that `allocate` made.
        drop(unsafe { Box::from_raw(words) });
    }

    fn words(&self, kind: Kind) -> usize {
        // SAFETY: uv_handle_size takes a number and returns a constant.
        let bytes = unsafe { (self.handle_size)(kind as c_int) };
        bytes.div_ceil(size_of::<u64>())
    }
}
