//! Every order in which the loop's thread, which notes what has come, can meet the JavaScript thread, which takes it, or
//! closes a watch: what has come is taken once, or the JavaScript thread was told after it took last.

use loom::sync::Arc;
use loom::sync::atomic::AtomicU64;
use loom::sync::atomic::Ordering::SeqCst;
use loom::thread;
use mio::Poll;

use super::*;

/// Two watches of files that nobody ever asks for anything.
fn watches() -> Arc<Watches> {
    let watches = Watches::new(Poll::new().unwrap().registry().try_clone().unwrap());
    for id in [1, 2] {
        watches.table.lock().watches.insert(id, Watch { fd: -1, wanted: READABLE, found: 0 });
    }
    Arc::new(watches)
}

/// What the loop's thread does after each of two sleeps, and how often it tells.
fn noting(watches: &Arc<Watches>, told: &Arc<AtomicU64>) -> thread::JoinHandle<()> {
    let (watches, told) = (Arc::clone(watches), Arc::clone(told));
    thread::spawn(move || {
        for came in [(1, READABLE), (2, READABLE)] {
            if watches.note([came].into_iter()) {
                told.fetch_add(1, SeqCst);
            }
        }
    })
}

fn take(watches: &Watches) -> Vec<WatchId> {
    watches.take(2).iter().map(|ready| ready.id).collect()
}

#[test]
fn what_comes_while_the_rest_is_taken_is_told() {
    loom::model(|| {
        let (watches, told) = (watches(), Arc::new(AtomicU64::new(0)));
        let thread = noting(&watches, &told);
        let mut taken = take(&watches);
        let before = told.load(SeqCst);
        thread.join().unwrap();
        let rest = take(&watches);
        // Told before it took: then all of it was there. Otherwise it is told of the rest.
        let after = told.load(SeqCst);
        assert!(rest.is_empty() || after > u64::from(!taken.is_empty()), "told {before}, then {after} times");
        taken.extend(rest);
        assert_eq!(taken, [1, 2]);
        assert!(watches.count_ready() == 0);
    });
}

#[test]
fn nothing_is_taken_of_a_watch_that_is_closed() {
    loom::model(|| {
        let (watches, told) = (watches(), Arc::new(AtomicU64::new(0)));
        let thread = noting(&watches, &told);
        watches.close(1);
        thread.join().unwrap();
        assert_eq!(take(&watches), [2]);
        assert!(told.load(SeqCst) >= 1);
    });
}
