//! The alternatives for each hot structure, on the same work, one file a structure. docs/tournament.md has the winners.
//!
//! `cargo bench --no-default-features --bench tournament`, with a part of a name to run only those.

mod fifo;
mod handover;
mod heap;
mod timers;
mod wake;
mod wheel;

#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../../src/scheduler/mod.rs"]
mod scheduler;

fn main() {
    divan::main();
}
