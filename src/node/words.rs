//! Words that JavaScript and Rust both see: a `SharedArrayBuffer`, which nothing can take away from whoever has it.
//!
//! An ordinary `ArrayBuffer` can be handed to another owner and is then freed when that one has done with it. Of one that
//! is shared, the worst that JavaScript can do is to show it to another thread, which writes whatever it likes into it at
//! any time. So each word is read and written as an atomic, without any order, which costs nothing, and nobody in here
//! trusts what it reads or reads it twice as if it were the same. Used on the environment's JavaScript thread.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};

use napi::sys;

/// `N` words. A copy is the same words.
#[derive(Clone, Copy)]
pub(super) struct Words<const N: usize>(*const [AtomicU32; N]);

impl<const N: usize> Words<N> {
    /// New words that are all 0, as a property of `exports`, and the reference that keeps them where they are. `None` if
    /// the runtime gives none.
    ///
    /// # Safety
    /// On the JavaScript thread of `env`, with a handle scope open; `exports` is an object of it. The words are used only
    /// while there is the reference.
    pub(super) unsafe fn create(
        env: sys::napi_env,
        exports: sys::napi_value,
        name: &CStr,
    ) -> Option<(Self, sys::napi_ref)> {
        let mut count = ptr::null_mut();
        let (mut kind, mut length, mut offset) = (0, 0, 0);
        let mut data: *mut c_void = ptr::null_mut();
        let mut buffer = ptr::null_mut();
        let mut can_be_taken_away = true;
        let mut reference = ptr::null_mut();
        let is_ok = |status| status == sys::Status::napi_ok;
        let bytes = u32::try_from(N * size_of::<u32>()).ok()?;
        // SAFETY: by the contract; the name is terminated, and every value lives in the open scope. What is as it was
        // asked for is so many words, which stay as long as the reference.
        let made = unsafe {
            is_ok(sys::napi_create_uint32(env, bytes, &mut count))
                && instance(env, c"SharedArrayBuffer", count)
                    .and_then(|shared| instance(env, c"Uint32Array", shared))
                    .is_some_and(|view| {
                        is_ok(sys::napi_get_typedarray_info(
                            env,
                            view,
                            &mut kind,
                            &mut length,
                            &mut data,
                            &mut buffer,
                            &mut offset,
                        ))
                    })
                && is_ok(sys::napi_is_arraybuffer(env, buffer, &mut can_be_taken_away))
                // A program may have put something else in the place of the two classes.
                && !can_be_taken_away
                && kind == sys::TypedarrayType::uint32_array
                && (length, offset) == (N, 0)
                && data.cast::<AtomicU64>().is_aligned()
                && is_ok(sys::napi_set_named_property(env, exports, name.as_ptr(), buffer))
                && is_ok(sys::napi_create_reference(env, buffer, 1, &mut reference))
        };
        made.then_some((Self(data.cast_const().cast()), reference))
    }

    fn words(&self) -> &[AtomicU32; N] {
        // SAFETY: `create` was given so many words, and its contract keeps them.
        unsafe { &*self.0 }
    }

    pub(super) fn read(self, word: usize) -> u32 {
        self.words()[word].load(Relaxed)
    }

    pub(super) fn write(self, word: usize, value: u32) {
        self.words()[word].store(value, Relaxed);
    }

    /// The two words from `word` on, which is even, as a double.
    pub(super) fn read_double(self, word: usize) -> f64 {
        f64::from_bits(self.pair(word).load(Relaxed))
    }

    pub(super) fn write_double(self, word: usize, value: f64) {
        self.pair(word).store(value.to_bits(), Relaxed);
    }

    fn pair(&self, word: usize) -> &AtomicU64 {
        let pair: &[AtomicU32] = &self.words()[word..][..2];
        assert!(word.is_multiple_of(2));
        // SAFETY: both words are there, and the first is aligned as `create` has seen that all of them are.
        unsafe { &*pair.as_ptr().cast() }
    }

    /// What stands in the words from `first` on, as it is now.
    pub(super) fn copy<const M: usize>(self, first: usize) -> [u32; M] {
        let place = &self.words()[first..][..M];
        std::array::from_fn(|index| place[index].load(Relaxed))
    }

    pub(super) fn fill(self, first: usize, values: &[u32]) {
        for (word, &value) in self.words()[first..][..values.len()].iter().zip(values) {
            word.store(value, Relaxed);
        }
    }
}

/// `new globalThis[class](argument)`.
///
/// # Safety
/// As for `Words::create`.
unsafe fn instance(env: sys::napi_env, class: &CStr, argument: sys::napi_value) -> Option<sys::napi_value> {
    let mut global = ptr::null_mut();
    let mut constructor = ptr::null_mut();
    let mut made = ptr::null_mut();
    // SAFETY: by the contract; the name is terminated.
    let all_went_well = unsafe {
        sys::napi_get_global(env, &mut global) == sys::Status::napi_ok
            && sys::napi_get_named_property(env, global, class.as_ptr(), &mut constructor) == sys::Status::napi_ok
            && sys::napi_new_instance(env, constructor, 1, &argument, &mut made) == sys::Status::napi_ok
    };
    all_went_well.then_some(made)
}
