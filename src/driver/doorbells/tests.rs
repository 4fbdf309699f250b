//! Doorbells, alone and while threads ring them at every moment of their lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;

use super::*;

/// Doorbells that count how often they wake.
fn counted() -> (Doorbells, Arc<AtomicU64>) {
    let wakes = Arc::new(AtomicU64::new(0));
    let theirs = Arc::clone(&wakes);
    let notify = move || {
        theirs.fetch_add(1, SeqCst);
    };
    (Doorbells::new(notify).unwrap(), wakes)
}

fn take_all(doorbells: &Doorbells) -> Vec<(DoorbellId, u64)> {
    let mut taken = [(0, 0); 8];
    let count = doorbells.take(&mut taken);
    taken[..count].to_vec()
}

#[test]
fn rings_are_counted_and_wake_once() {
    let (doorbells, wakes) = counted();
    let (first, second) = (doorbells.open().unwrap(), doorbells.open().unwrap());
    assert!(!doorbells.has_rung());
    for id in [second, first, second, second] {
        ring(id).unwrap();
    }
    assert!(doorbells.has_rung());
    assert_eq!(wakes.load(SeqCst), 1);
    assert_eq!(take_all(&doorbells), [(second, 3), (first, 1)]);
    assert!(!doorbells.has_rung());
    assert_eq!(take_all(&doorbells), []);
    ring(first).unwrap();
    assert_eq!(wakes.load(SeqCst), 2);
    assert_eq!(take_all(&doorbells), [(first, 1)]);
}

#[test]
fn what_is_not_taken_at_once_stays() {
    let (doorbells, _) = counted();
    let ids: Vec<_> = (0..5).map(|_| doorbells.open().unwrap()).collect();
    for &id in &ids {
        ring(id).unwrap();
    }
    let mut taken = [(0, 0); 3];
    assert_eq!(doorbells.take(&mut taken), 3);
    assert!(doorbells.has_rung());
    assert_eq!(doorbells.take(&mut taken), 2);
    assert_eq!(taken[..2], [(ids[3], 1), (ids[4], 1)]);
}

#[test]
fn none_but_living_doorbells_can_be_rung() {
    let (doorbells, wakes) = counted();
    let (others, _) = counted();
    let (closed, open, other) = (doorbells.open().unwrap(), doorbells.open().unwrap(), others.open().unwrap());
    assert_eq!(doorbells.close(closed), 0);
    assert_eq!(doorbells.close(closed), 0);
    drop(others);
    assert!(!TABLE.lock().doorbells.contains_key(&other));
    for dead in [0, u64::MAX, closed, other] {
        assert_eq!(ring(dead), Err(NoSuchDoorbell));
    }
    assert_eq!(wakes.load(SeqCst), 0);
    ring(open).unwrap();
}

#[test]
fn a_closed_one_tells_what_it_was_rung_for_and_is_not_taken() {
    let (doorbells, _) = counted();
    let (closed, open) = (doorbells.open().unwrap(), doorbells.open().unwrap());
    for id in [closed, open, closed] {
        ring(id).unwrap();
    }
    assert_eq!(doorbells.close(closed), 2);
    assert_eq!(take_all(&doorbells), [(open, 1)]);
}

#[test]
fn no_number_is_given_twice() {
    let (doorbells, _) = counted();
    let first = doorbells.open().unwrap();
    doorbells.close(first);
    assert_ne!(doorbells.open().unwrap(), first);
}

#[test]
fn every_ring_that_was_accepted_counts_and_none_after_the_close() {
    for _ in 0..200 {
        let (doorbells, _) = counted();
        let id = doorbells.open().unwrap();
        let mut taken = 0;
        let accepted: u64 = thread::scope(|scope| {
            let ringers: Vec<_> =
                (0..3).map(|_| scope.spawn(|| (0..u64::MAX).take_while(|_| ring(id).is_ok()).count())).collect();
            while taken < 100 {
                taken += take_all(&doorbells).iter().map(|&(_, rung)| rung).sum::<u64>();
            }
            taken += doorbells.close(id);
            ringers.into_iter().map(|ringer| ringer.join().unwrap() as u64).sum()
        });
        assert_eq!(taken, accepted);
        assert!(!doorbells.has_rung());
    }
}

#[test]
fn a_thousand_threads_that_ring_are_all_answered() {
    let (doorbells, wakes) = counted();
    let ids = [doorbells.open().unwrap(), doorbells.open().unwrap()];
    let rings = 100;
    let mut answered = 0;
    let mut answer = || answered += take_all(&doorbells).iter().map(|(_, rung)| rung).sum::<u64>();
    thread::scope(|scope| {
        let ring_often = |id| move || (0..rings).for_each(|_| ring(id).unwrap());
        let threads: Vec<_> = (0..1000).map(|number| scope.spawn(ring_often(ids[number % 2]))).collect();
        while !threads.iter().all(thread::ScopedJoinHandle::is_finished) {
            answer();
            thread::yield_now();
        }
    });
    answer();
    assert_eq!(answered, 1000 * rings);
    assert!(!doorbells.has_rung());
    assert!(wakes.load(SeqCst) <= answered);
}

#[test]
fn nobody_is_woken_after_the_end() {
    for _ in 0..200 {
        let ended = Arc::new(AtomicBool::new(false));
        let woken_after = Arc::new(AtomicBool::new(false));
        let doorbells = {
            let (ended, woken_after) = (Arc::clone(&ended), Arc::clone(&woken_after));
            Doorbells::new(move || {
                if ended.load(SeqCst) {
                    woken_after.store(true, SeqCst);
                }
            })
            .unwrap()
        };
        let id = doorbells.open().unwrap();
        let seen = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while ring(id).is_ok() {
                        seen.fetch_add(1, SeqCst);
                    }
                });
            }
            // So that each ring wakes.
            while seen.load(SeqCst) < 50 {
                take_all(&doorbells);
            }
            drop(doorbells);
            ended.store(true, SeqCst);
        });
        assert!(!woken_after.load(SeqCst));
    }
}
