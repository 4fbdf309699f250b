//! The event loop behind the npm package `rs-eventloop`. Rust decides when and in which order; JavaScript keeps the
//! values. Only numbers cross the border.
//!
//! ```text
//! scheduler   WHAT RUNS NEXT   phases, timers, immediates. No clock, thread, lock, unsafe or Node
//! driver      WHEN TO WAKE     clock, the loop's thread, its alarm. No unsafe or Node
//! node        JAVASCRIPT       the addon's functions, the turn, the life of an environment. The only unsafe
//! ```
//!
//! `docs/ordering.md` walks through a turn, `docs/threads.md` says who owns what and how it ends.

pub mod driver;
pub mod scheduler;

#[cfg(all(feature = "node", not(test)))]
#[allow(unsafe_code, reason = "the border to Node-API and libuv; each block says why it is sound")]
mod node;
