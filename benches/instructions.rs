//! The hot paths of the scheduler, a fixed amount of each, for callgrind to count the instructions of: no clock is read
//! and nothing is measured here. Without an argument it prints the paths' names; with one it walks that path.
//! `npm run bench:compare` runs it.

#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/scheduler/mod.rs"]
mod scheduler;

use std::hint::black_box;

use scheduler::{BLOCK, NO_SLOT, Nanos, Note, Pace, Progress, Promises, Scheduler, Slot, Step};

const TIMES: usize = 10_000;
const MILLISECOND: Nanos = 1_000_000;

/// The turn is never continued after its check phase.
struct OneRound;

impl Pace for OneRound {
    fn another_round(&mut self) -> Option<Nanos> {
        None
    }
}

fn set_and_clear() {
    let mut scheduler = Scheduler::default();
    for i in 0..TIMES {
        let slot = scheduler.set_timer(1000, i as Nanos, true).unwrap();
        scheduler.clear_timer(black_box(slot), &mut []);
    }
}

fn set_all_then_clear() {
    let mut scheduler = Scheduler::default();
    let slots: Vec<Slot> =
        (0..TIMES).map(|i| scheduler.set_timer((100 + i * 7919 % 60_000) as u64, 0, true).unwrap()).collect();
    for slot in slots {
        scheduler.clear_timer(slot, &mut []);
    }
}

fn refresh() {
    let mut scheduler = Scheduler::default();
    let slots: Vec<Slot> = (0..100).map(|_| scheduler.set_timer(1000, 0, true).unwrap()).collect();
    for round in 0..TIMES / slots.len() {
        for &slot in &slots {
            scheduler.refresh_timer(slot, 1000, round as Nanos, &mut []).unwrap();
        }
    }
}

fn set_and_fire() {
    let mut scheduler = Scheduler::default();
    let mut batch = [NO_SLOT; 256];
    for i in 0..TIMES {
        scheduler.set_timer(1 + (i % 4) as u64, 0, true).unwrap();
    }
    scheduler.enter_timers(100 * MILLISECOND);
    let mut begun = 0;
    while let Step::Timers { count, .. } =
        scheduler.next(Progress { begun, ..Progress::default() }, false, &mut batch, &mut OneRound)
    {
        begun = count;
    }
    assert_eq!(scheduler.pending_timers(), 0);
}

fn settle_promises() {
    let mut promises = Promises::default();
    let mut pack = [NO_SLOT; BLOCK];
    for _ in 0..TIMES / pack.len() {
        let taken = promises.take_pack(&mut pack).unwrap();
        black_box(taken);
        promises.note(pack.iter().flat_map(|&slot| [Note::Reaction(slot), Note::Settled(slot)]));
    }
}

const PATHS: [(&str, fn()); 5] = [
    ("10,000 timers set and cleared, one at a time", set_and_clear),
    ("10,000 timers of mixed delays set, then cleared", set_all_then_clear),
    ("10,000 refreshes of timers", refresh),
    ("10,000 timers set and fired", set_and_fire),
    ("10,000 promises with a reaction settled", settle_promises),
];

fn main() {
    let wanted = std::env::args().nth(1).filter(|argument| argument != "--bench");
    match wanted {
        None => PATHS.iter().for_each(|(name, _)| println!("{name}")),
        Some(wanted) => {
            PATHS.iter().filter(|(name, _)| *name == wanted).for_each(|(_, walk)| walk());
        }
    }
}
