//! Every order in which a thread that sleeps and works can meet one that gives it work and one that ends it. It always
//! ends, what was given before the end was asked for by the same thread is done, and nothing is done after the end.

use loom::sync::atomic::AtomicU64;
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

use super::*;

/// What a sleep waits for: a wake is kept until there is a sleep to end.
#[derive(Default)]
struct Waker {
    woken: Mutex<bool>,
    wake: Condvar,
}

impl Waker {
    fn wake(&self) {
        *self.woken.lock().unwrap() = true;
        self.wake.notify_one();
    }

    fn sleep(&self) {
        let mut woken = self.woken.lock().unwrap();
        while !*woken {
            woken = self.wake.wait(woken).unwrap();
        }
        *woken = false;
    }
}

struct Thread {
    stop: Stop,
    waker: Waker,
    given: AtomicU64,
    done: AtomicU64,
    /// Whoever ended it has been let go.
    ended: AtomicBool,
}

impl Thread {
    fn start() -> (Arc<Self>, thread::JoinHandle<()>) {
        let this = Arc::new(Self {
            stop: Stop::new(),
            waker: Waker::default(),
            given: AtomicU64::new(0),
            done: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        let theirs = Arc::clone(&this);
        let handle = thread::spawn(move || {
            let sleep = || {
                theirs.waker.sleep();
                Ok::<(), ()>(())
            };
            let work = || {
                assert!(!theirs.ended.load(SeqCst), "it works after its end");
                theirs.done.store(theirs.given.load(SeqCst), SeqCst);
                Ok(())
            };
            theirs.stop.rounds(sleep, work).unwrap();
        });
        (this, handle)
    }

    fn give(&self) {
        self.given.fetch_add(1, SeqCst);
        self.waker.wake();
    }

    fn end(&self, thread: thread::JoinHandle<()>) {
        self.stop.end(|| self.waker.wake(), || thread.join().unwrap());
        self.ended.store(true, SeqCst);
    }
}

#[test]
fn it_ends_whenever_it_is_asked_to() {
    loom::model(|| {
        let (ours, thread) = Thread::start();
        ours.end(thread);
    });
}

#[test]
fn it_ends_while_somebody_gives_it_work() {
    loom::model(|| {
        let (ours, thread) = Thread::start();
        let theirs = Arc::clone(&ours);
        let giver = thread::spawn(move || theirs.give());
        ours.end(thread);
        giver.join().unwrap();
        assert!(ours.done.load(SeqCst) <= ours.given.load(SeqCst));
    });
}

#[test]
fn nothing_is_done_after_the_end() {
    loom::model(|| {
        let (ours, thread) = Thread::start();
        ours.give();
        ours.end(thread);
    });
}

#[test]
fn no_wake_is_lost_by_a_thread_that_is_about_to_sleep() {
    loom::model(|| {
        let (ours, thread) = Thread::start();
        ours.give();
        // Its work comes to be done without another wake: the model would stand still otherwise.
        while ours.done.load(SeqCst) == 0 {
            loom::thread::yield_now();
        }
        ours.end(thread);
    });
}
