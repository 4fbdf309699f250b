//! Promises: rules with a name, and random programs run on them and on a naive model.
//!
//! `PROMISE_PROGRAMS` sets how many programs run, `PROMISE_SEED` at which seed they begin.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::{BLOCK, Care, Counts, Note, OutOfSlots, Pack, Promises, Settled, Slot};

/// A pack of so many slots: JavaScript takes the last one first.
fn take(promises: &mut Promises) -> Vec<Slot> {
    let mut pack = [0; BLOCK];
    let Pack { count, .. } = promises.take_pack(&mut pack).expect("there is memory");
    pack[..count].to_vec()
}

fn react(promises: &mut Promises, slot: Slot) {
    promises.note([Note::Reaction(slot)].into_iter());
}

fn settle(promises: &mut Promises, slot: Slot) {
    promises.note([Note::Settled(slot)].into_iter());
}

fn one() -> (Promises, Slot) {
    let mut promises = Promises::default();
    let pack = take(&mut promises);
    promises.note(pack[1..].iter().map(|&slot| Note::Settled(slot)));
    (promises, pack[0])
}

fn counts(pending: usize, unhandled: usize, reactions: usize) -> (usize, usize, usize) {
    (pending, unhandled, reactions)
}

fn counted(promises: &Promises) -> (usize, usize, usize) {
    let Counts { pending, unhandled, reactions, .. } = promises.counts();
    counts(pending, unhandled, reactions)
}

#[test]
fn a_settled_promise_lets_its_reactions_run_and_leaves_nothing() {
    let (mut promises, slot) = one();
    react(&mut promises, slot);
    react(&mut promises, slot);
    assert_eq!(counted(&promises), counts(1, 0, 2));
    assert_eq!(promises.fulfill(slot, 0), Settled::Reactions(2));
    assert_eq!(counted(&promises), counts(0, 0, 0));
}

#[test]
fn a_rejection_without_a_reaction_is_unhandled_until_somebody_handles_it() {
    let (mut promises, slot) = one();
    assert_eq!(promises.reject(slot, 0), Settled::Unhandled);
    assert_eq!(counted(&promises), counts(0, 1, 0));
    promises.release(slot);
    assert_eq!(counted(&promises), counts(0, 0, 0));
}

#[test]
fn a_rejection_with_a_reaction_is_handled() {
    let (mut promises, slot) = one();
    react(&mut promises, slot);
    assert_eq!(promises.reject(slot, 0), Settled::Reactions(1));
    assert_eq!(counted(&promises), counts(0, 0, 0));
}

#[test]
fn who_has_locked_the_promise_in_settles_it_and_nobody_else() {
    let (mut promises, slot) = one();
    let key = promises.lock(slot, 0).expect("nobody was here before");
    assert_eq!(promises.lock(slot, 0), None);
    assert_eq!(promises.fulfill(slot, 0), Settled::TooLate);
    assert_eq!(promises.reject(slot, 0), Settled::TooLate);
    let deeper = promises.lock(slot, key).expect("the key is valid");
    assert_eq!(promises.reject(slot, key), Settled::TooLate);
    assert_eq!(counted(&promises), counts(1, 0, 0));
    assert_eq!(promises.fulfill(slot, deeper), Settled::Reactions(0));
}

#[test]
fn a_settlement_that_needs_no_answer_is_refused_if_it_needs_one() {
    let (mut promises, slot) = one();
    promises.lock(slot, 0);
    assert!(catch_unwind(AssertUnwindSafe(|| settle(&mut promises, slot))).is_err());
    assert_eq!(counted(&promises), counts(1, 0, 0));
}

#[test]
fn a_slot_is_new_when_it_is_given_out_again() {
    let (mut promises, slot) = one();
    react(&mut promises, slot);
    promises.lock(slot, 0);
    promises.release(slot);
    let pack = take(&mut promises);
    assert!(pack.contains(&slot));
    assert_eq!(promises.reject(slot, 0), Settled::Unhandled);
}

#[test]
fn a_promise_is_old_when_it_was_looked_after_twice() {
    let (mut promises, slot) = one();
    let mut aged = [0; BLOCK];
    let mut old = [0; BLOCK];
    let mut look = |promises: &mut Promises| promises.look_after(0, &[], &mut aged, &mut old);
    assert_eq!(look(&mut promises), Care { aged: 0, old: 0 });
    assert_eq!(look(&mut promises), Care { aged: 1, old: 0 });
    assert_eq!(look(&mut promises), Care { aged: 0, old: 1 });
    assert_eq!((aged[0], old[0]), (slot, slot));
    promises.release(slot);
    assert_eq!(promises.look_after(0, &[], &mut aged, &mut old), Care { aged: 0, old: 0 });
}

#[test]
fn unused_slots_of_the_pack_do_not_age() {
    let mut promises = Promises::default();
    let pack = take(&mut promises);
    let mut aged = [0; BLOCK];
    let mut old = [0; BLOCK];
    for _ in 0..3 {
        promises.look_after(0, &pack[..60], &mut aged, &mut old);
    }
    assert_eq!(promises.look_after(0, &[], &mut aged, &mut old), Care { aged: 0, old: 4 });
    assert_eq!(old[..4], pack[60..]);
}

#[test]
fn blocks_with_few_promises_left_are_used_again() {
    let mut promises = Promises::default();
    for _ in 0..100 {
        let pack = take(&mut promises);
        promises.note(pack[1..].iter().map(|&slot| Note::Settled(slot)));
    }
    let mut kept = 100;
    assert!(promises.blocks() < 100, "{} blocks", promises.blocks());
    while kept < 1_000 {
        kept += take(&mut promises).len();
    }
    assert!(promises.blocks() * BLOCK <= 2 * 1_100, "{} blocks", promises.blocks());
}

#[test]
fn promises_that_live_one_after_the_other_stand_in_fresh_blocks() {
    let mut promises = Promises::default();
    let mut last = None;
    for _ in 0..10 {
        let mut slots = [0; BLOCK];
        assert!(promises.take_pack(&mut slots).expect("there is memory").fresh);
        for slot in slots {
            last.replace(slot).into_iter().for_each(|before| settle(&mut promises, before));
        }
    }
    assert_eq!(promises.blocks(), 2);
}

#[test]
fn memory_is_counted() {
    let mut promises = Promises::default();
    assert_eq!(promises.counts().bytes, 0);
    let count = 100 * take(&mut promises).len();
    for _ in 1..100 {
        take(&mut promises);
    }
    let each = promises.counts().bytes / count;
    assert!((8..=12).contains(&each), "{each} bytes");
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// What a promise is to the model.
#[derive(Default)]
struct Plain {
    keys: u32,
    reactions: usize,
    unhandled: bool,
    looks: usize,
}

/// The promises as one would write them down at first.
#[derive(Default)]
struct Model {
    made: BTreeMap<Slot, Plain>,
    unused: Vec<Slot>,
}

impl Model {
    fn counts(&self) -> (usize, usize, usize) {
        let unhandled = self.made.values().filter(|promise| promise.unhandled).count();
        let reactions = self.made.values().map(|promise| promise.reactions).sum();
        counts(self.made.len() - unhandled + self.unused.len(), unhandled, reactions)
    }

    fn any(&self, random: &mut Random, unhandled: bool) -> Option<Slot> {
        let fitting: Vec<Slot> =
            self.made.iter().filter(|(_, promise)| promise.unhandled == unhandled).map(|(&slot, _)| slot).collect();
        (!fitting.is_empty()).then(|| fitting[random.below(fitting.len())])
    }

    fn make(&mut self, promises: &mut Promises) -> Result<(), OutOfSlots> {
        if self.unused.is_empty() {
            let mut pack = [0; BLOCK];
            let Pack { count, fresh } = promises.take_pack(&mut pack)?;
            let block = pack[0] as usize / BLOCK;
            assert!(count > 0);
            assert!(pack[..count].iter().all(|&slot| slot as usize / BLOCK == block));
            assert_eq!(fresh, self.made.keys().all(|&slot| slot as usize / BLOCK != block));
            self.unused = pack[..count].to_vec();
        }
        let slot = self.unused.pop().expect("the pack is not empty");
        assert!(self.made.insert(slot, Plain::default()).is_none(), "slot {slot} is in use");
        Ok(())
    }

    /// Settles a pending promise, with a key that is right more often than not.
    fn settle(&mut self, promises: &mut Promises, slot: Slot, random: &mut Random) {
        let promise = self.made.get_mut(&slot).expect("it is there");
        let key = promise.keys.saturating_sub(u32::from(random.below(4) == 0));
        let rejects = random.below(2) == 0;
        let got = if rejects { promises.reject(slot, key) } else { promises.fulfill(slot, key) };
        if key != promise.keys {
            assert_eq!(got, Settled::TooLate);
        } else if rejects && promise.reactions == 0 {
            assert_eq!(got, Settled::Unhandled);
            promise.unhandled = true;
        } else {
            assert_eq!(got, Settled::Reactions(promise.reactions as u32));
            self.made.remove(&slot);
        }
    }

    /// Reactions and settlements that need no answer, all of them noted at once.
    fn note(&mut self, promises: &mut Promises, random: &mut Random) {
        let mut notes = Vec::new();
        for _ in 0..random.below(20) {
            let Some(slot) = self.any(random, false) else { break };
            let promise = self.made.get_mut(&slot).expect("it is there");
            if promise.keys > 0 || random.below(2) == 0 {
                promise.reactions += 1;
                notes.push(Note::Reaction(slot));
            } else {
                self.made.remove(&slot);
                notes.push(Note::Settled(slot));
            }
        }
        promises.note(notes.into_iter());
    }

    fn look_after(&mut self, promises: &mut Promises, block: usize) {
        let mut aged = [0; BLOCK];
        let mut old = [0; BLOCK];
        let care = promises.look_after(block, &self.unused, &mut aged, &mut old);
        let mut now_aged = BTreeSet::new();
        let mut now_old = BTreeSet::new();
        for (&slot, promise) in self.made.iter_mut().filter(|(slot, _)| **slot as usize / BLOCK == block) {
            promise.looks += 1;
            match promise.looks {
                1 => false,
                2 => now_aged.insert(slot),
                _ => now_old.insert(slot),
            };
        }
        assert_eq!(aged[..care.aged].iter().copied().collect::<BTreeSet<_>>(), now_aged);
        assert_eq!(old[..care.old].iter().copied().collect::<BTreeSet<_>>(), now_old);
    }
}

fn run(seed: u64) {
    let mut random = Random(seed);
    let mut promises = Promises::default();
    let mut model = Model::default();
    let making = 1 + random.below(16);
    for _ in 0..200 + random.below(400) {
        match random.below(12) {
            0 => model.note(&mut promises, &mut random),
            1 => {
                if let Some(slot) = model.any(&mut random, false) {
                    let promise = model.made.get_mut(&slot).expect("it is there");
                    let key = promise.keys.saturating_sub(random.below(2) as u32);
                    let valid = key == promise.keys;
                    assert_eq!(promises.lock(slot, key), valid.then_some(key + 1));
                    promise.keys += u32::from(valid);
                }
            }
            2..=4 => {
                if let Some(slot) = model.any(&mut random, false) {
                    model.settle(&mut promises, slot, &mut random);
                }
            }
            5 => {
                let unhandled = random.below(2) == 0;
                if let Some(slot) = model.any(&mut random, unhandled) {
                    promises.release(slot);
                    model.made.remove(&slot);
                }
            }
            6 => {
                let block = random.below(promises.blocks() + 1);
                model.look_after(&mut promises, block);
            }
            // Few are left here and there, so that their blocks are given out again.
            7 => {
                for _ in 0..model.made.len() * 7 / 8 {
                    let Some(slot) = model.any(&mut random, false) else { break };
                    model.settle(&mut promises, slot, &mut random);
                }
            }
            _ => {
                for _ in 0..making {
                    model.make(&mut promises).expect("there is memory");
                }
            }
        }
        assert_eq!(counted(&promises), model.counts());
    }
}

#[test]
fn random_programs_agree_with_the_model() {
    let of = |name, otherwise| std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"));
    let first = of("PROMISE_SEED", 0);
    let programs = of("PROMISE_PROGRAMS", 200);
    for seed in first..first + programs {
        if let Err(panic) = catch_unwind(|| run(seed)) {
            eprintln!("PROMISE_SEED={seed} PROMISE_PROGRAMS=1 repeats this");
            std::panic::resume_unwind(panic);
        }
    }
    println!("{programs} programs from seed {first}");
}
