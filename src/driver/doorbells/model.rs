//! Every order in which rings of other threads, the loop that answers them, and its end can meet. What was accepted is
//! answered or told at the end, who comes later is refused, and nobody is woken for a loop that has ended.

use loom::sync::Arc;
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::SeqCst;
use loom::thread::{self, JoinHandle};

use super::*;

/// Threads that ring once each. Whether that was accepted.
fn ringers<const COUNT: usize>(id: DoorbellId) -> [JoinHandle<bool>; COUNT] {
    std::array::from_fn(|_| thread::spawn(move || ring(id).is_ok()))
}

fn accepted(ringers: impl IntoIterator<Item = JoinHandle<bool>>) -> u64 {
    ringers.into_iter().map(|ringer| u64::from(ringer.join().unwrap())).sum()
}

/// How many rings there are to answer now.
fn answered(doorbells: &Doorbells) -> u64 {
    let mut taken = [(0, 0); 4];
    let count = doorbells.take(&mut taken);
    taken[..count].iter().map(|&(_, rung)| rung).sum()
}

#[test]
fn a_close_tells_of_what_was_accepted_and_not_answered() {
    loom::model(|| {
        let doorbells = Doorbells::new(|| {}).unwrap();
        let id = doorbells.open().unwrap();
        let ringers = ringers::<2>(id);
        let told = answered(&doorbells) + doorbells.close(id);
        assert_eq!(ring(id), Err(NoSuchDoorbell));
        assert_eq!(told, accepted(ringers), "accepted, and neither answered nor told");
        assert!(!doorbells.has_rung());
    });
}

#[test]
fn a_loop_that_answers_when_it_is_woken_answers_all() {
    loom::model(|| {
        // Under a lock, because loom lets a swap read an older value.
        let woken = Arc::new(Mutex::new(false));
        let theirs = Arc::clone(&woken);
        let doorbells = Doorbells::new(move || *theirs.lock() = true).unwrap();
        let ids = [doorbells.open().unwrap(), doorbells.open().unwrap()];
        let [first, second] = ids.map(ringers::<1>);
        let answer = || if std::mem::take(&mut *woken.lock()) { answered(&doorbells) } else { 0 };
        let early = answer();
        assert_eq!(accepted(first.into_iter().chain(second)), 2);
        assert_eq!(early + answer(), 2, "accepted, and nobody was woken for it");
    });
}

#[test]
fn nobody_is_woken_for_a_loop_that_has_ended() {
    loom::model(|| {
        let ended = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&ended);
        let doorbells = Doorbells::new(move || assert!(!theirs.load(SeqCst), "woken after the end")).unwrap();
        let id = doorbells.open().unwrap();
        let ringers = ringers::<2>(id);
        drop(doorbells);
        ended.store(true, SeqCst);
        assert_eq!(ring(id), Err(NoSuchDoorbell));
        accepted(ringers);
    });
}
