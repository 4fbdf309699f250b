//! The addon's raw functions for promises, and the words they take and return their numbers through.
//!
//! As in `functions.rs` no call has arguments or a result. What needs no answer is not even a call: JavaScript notes
//! that a promise got a reaction, or was settled when nothing speaks against it, and each call reads the notes first.
//! `lib/promise/slots.js` has the same numbers.

use std::cell::RefCell;
use std::ffi::{CStr, c_void};
use std::ptr;

use napi::sys;

use super::functions::{Failure, guard};
use crate::scheduler::{BLOCK, NO_SLOT, Note, Pack, Promises, Settled, Slot};

/// Where things stand, counted in 32-bit words.
mod word {
    use crate::scheduler::BLOCK;

    /// The slot or the block a call is about.
    pub(super) const SLOT: usize = 0;
    /// The key of who wants to settle the promise.
    pub(super) const KEY: usize = 1;
    /// What came of it.
    pub(super) const ANSWER: usize = 2;
    /// How many slots of the pack are left. JavaScript uses the last one first.
    pub(super) const LEFT: usize = 3;
    /// How many notes there are.
    pub(super) const NOTED: usize = 4;
    /// How many promises are pending, rejections unhandled, and reactions waiting.
    pub(super) const PENDING: usize = 5;
    pub(super) const UNHANDLED: usize = 6;
    pub(super) const REACTIONS: usize = 7;
    /// How many promises of a block have become old, and how many were.
    pub(super) const AGED: usize = 8;
    pub(super) const OLD: usize = 9;
    /// How many bytes all that takes in Rust.
    pub(super) const BYTES: usize = 10;
    pub(super) const PACK: usize = 16;
    pub(super) const AGED_SLOTS: usize = PACK + BLOCK;
    pub(super) const OLD_SLOTS: usize = AGED_SLOTS + BLOCK;
    pub(super) const NOTES: usize = OLD_SLOTS + BLOCK;
    pub(super) const END: usize = NOTES + super::NOTES_CAPACITY;
}

const NOTES_CAPACITY: usize = 1024;

/// A note is a slot times two, plus this if its promise was settled.
const SETTLED: u32 = 1;

/// Answers that are not a number of reactions.
const TOO_LATE: u32 = u32::MAX;
const UNHANDLED: u32 = u32::MAX - 1;

type Words = super::words::Words<{ word::END }>;

/// The promises of one environment and the words its JavaScript shares with them.
struct Binding {
    env: sys::napi_env,
    /// Keeps the words where they are.
    buffer: sys::napi_ref,
    words: Words,
    promises: RefCell<Promises>,
}

impl Binding {
    /// Hands over the words, and the promises with all changes that were noted so far.
    #[inline(always)]
    fn open<T>(&self, body: impl FnOnce(Words, &mut Promises) -> T) -> T {
        let words = self.words;
        let mut promises = self.promises.borrow_mut();
        let noted = words.read(word::NOTED) as usize;
        words.write(word::NOTED, 0);
        promises.note((0..noted).map(|index| {
            let note = words.read(word::NOTES + index);
            let slot = note >> 1;
            if note & SETTLED == 0 { Note::Reaction(slot) } else { Note::Settled(slot) }
        }));
        body(words, &mut promises)
    }
}

/// Every raw function, under the name `lib/` knows it by.
const FUNCTIONS: &[(&CStr, sys::napi_callback)] = &[
    (c"takePack", Some(take_pack)),
    (c"takeNotes", Some(take_notes)),
    (c"lockPromise", Some(lock_promise)),
    (c"fulfillPromise", Some(fulfill_promise)),
    (c"rejectPromise", Some(reject_promise)),
    (c"releasePromise", Some(release_promise)),
    (c"lookAfterPromises", Some(look_after_promises)),
    (c"countPromises", Some(count_promises)),
];

/// Defines the functions and the memory they share. False if there is no memory.
///
/// # Safety
/// On the JavaScript thread of `env`, with a handle scope open; `exports` is an object of it.
pub(super) unsafe fn define(env: sys::napi_env, exports: sys::napi_value) -> bool {
    // SAFETY: by the contract. The hook, which gives the words up, runs when no JavaScript of `env` runs any more.
    unsafe {
        let Some((words, reference)) = Words::create(env, exports, c"promiseMemory") else { return false };
        let binding =
            Box::into_raw(Box::new(Binding { env, buffer: reference, words, promises: RefCell::default() })).cast();
        sys::napi_add_env_cleanup_hook(env, Some(on_cleanup), binding);
        for &(name, callback) in FUNCTIONS {
            let mut function = ptr::null_mut();
            sys::napi_create_function(env, name.as_ptr(), -1, callback, binding, &mut function);
            sys::napi_set_named_property(env, exports, name.as_ptr(), function);
        }
    }
    true
}

unsafe extern "C" fn on_cleanup(data: *mut c_void) {
    // SAFETY: what `define` has made; no function that uses it is called any more. Node leaves a strong reference to whoever
    // made it, and deletes the environment after its hooks.
    unsafe {
        let binding = Box::from_raw(data.cast::<Binding>());
        sys::napi_delete_reference(binding.env, binding.buffer);
    }
}

/// Runs the body of a raw function.
///
/// # Safety
/// Called by Node-API with the arguments it passed to a function of `FUNCTIONS`.
#[inline(always)]
unsafe fn entry(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    body: impl FnOnce(Words, &mut Promises) -> Result<(), Failure>,
) -> sys::napi_value {
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: by the contract; `data` is what `define` gave, and lives as long as the JavaScript of `env`.
    unsafe {
        sys::napi_get_cb_info(env, info, ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), &mut data);
        let binding = &*data.cast::<Binding>();
        guard(env, || binding.open(body));
    }
    ptr::null_mut()
}

macro_rules! raw_functions {
    ($($(#[$doc:meta])* fn $name:ident($words:ident, $promises:ident) $body:block)+) => {
        $($(#[$doc])*
        unsafe extern "C" fn $name(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
            // SAFETY: Node-API calls this as it was defined above.
            unsafe { entry(env, info, |$words, $promises| { $body Ok(()) }) }
        })+
    };
}

fn answer(settled: Settled) -> u32 {
    match settled {
        Settled::TooLate => TOO_LATE,
        Settled::Unhandled => UNHANDLED,
        Settled::Reactions(count) => count,
    }
}

raw_functions! {
    /// The block and whether it is fresh are the answer.
    fn take_pack(words, promises) {
        let mut pack = [NO_SLOT; BLOCK];
        let Pack { count, fresh } = promises.take_pack(&mut pack)?;
        words.fill(word::PACK, &pack[..count]);
        words.write(word::LEFT, count as u32);
        words.write(word::ANSWER, u32::from(fresh));
    }

    fn take_notes(_words, _promises) {}

    /// The new key is the answer.
    fn lock_promise(words, promises) {
        let key = promises.lock(words.read(word::SLOT), words.read(word::KEY));
        words.write(word::ANSWER, key.unwrap_or(TOO_LATE));
    }

    fn fulfill_promise(words, promises) {
        let settled = promises.fulfill(words.read(word::SLOT), words.read(word::KEY));
        words.write(word::ANSWER, answer(settled));
    }

    fn reject_promise(words, promises) {
        let settled = promises.reject(words.read(word::SLOT), words.read(word::KEY));
        words.write(word::ANSWER, answer(settled));
    }

    fn release_promise(words, promises) {
        promises.release(words.read(word::SLOT));
    }

    /// The number of blocks is the answer.
    fn look_after_promises(words, promises) {
        let (block, left) = (words.read(word::SLOT) as usize, words.read(word::LEFT) as usize);
        let pack: [Slot; BLOCK] = words.copy(word::PACK);
        let (mut aged, mut old) = ([NO_SLOT; BLOCK], [NO_SLOT; BLOCK]);
        let care = promises.look_after(block, &pack[..left], &mut aged, &mut old);
        words.fill(word::AGED_SLOTS, &aged[..care.aged]);
        words.fill(word::OLD_SLOTS, &old[..care.old]);
        words.write(word::AGED, care.aged as u32);
        words.write(word::OLD, care.old as u32);
        words.write(word::ANSWER, promises.blocks() as u32);
    }

    fn count_promises(words, promises) {
        let counts = promises.counts();
        words.write(word::PENDING, counts.pending as u32 - words.read(word::LEFT));
        words.write(word::UNHANDLED, counts.unhandled as u32);
        words.write(word::REACTIONS, counts.reactions as u32);
        words.write(word::BYTES, u32::try_from(counts.bytes).unwrap_or(u32::MAX));
    }
}
