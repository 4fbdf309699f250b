//! Every order in which `arm` on the JavaScript thread and `ring` on the loop's thread can meet. Whatever it is, a deadline
//! that is wanted in the end is either told already, or the timer goes off no later than it.

use loom::sync::Arc;
use loom::sync::atomic::Ordering::SeqCst;
use loom::thread;

use super::*;

/// A timer that is set, on a clock that stands where it was put.
struct Fake {
    set_to: AtomicU64,
    now: AtomicU64,
}

impl Timer for Fake {
    fn new(_: &Registry, _: Token, _: &std::sync::Arc<Waker>) -> io::Result<Self> {
        unreachable!("models make their own")
    }

    fn set(&self, deadline: Nanos) -> io::Result<()> {
        self.set_to.store(deadline, SeqCst);
        Ok(())
    }

    fn now(&self) -> Nanos {
        self.now.load(SeqCst)
    }

    fn poll_timeout(&self, _: Nanos) -> Option<Duration> {
        None
    }
}

/// `before` is armed at time 0. Then it is `now`: the loop's thread has been woken by its timer, and JavaScript, which may
/// not know the time yet, wants each of `deadlines`, one after the other.
fn meet(before: Nanos, now: Nanos, deadlines: &'static [Nanos]) {
    loom::model(move || {
        let timer = Fake { set_to: AtomicU64::new(NEVER), now: AtomicU64::new(0) };
        let alarm = Arc::new(Alarm::new(timer));
        assert_eq!(alarm.arm(before).unwrap(), Armed::WillRing);
        let theirs = Arc::clone(&alarm);
        let thread = thread::spawn(move || {
            theirs.timer.now.store(now, SeqCst);
            theirs.ring().unwrap()
        });
        let mut told = false;
        for &deadline in deadlines {
            told = alarm.arm(deadline).unwrap() == Armed::HasPassed;
        }
        // What was rung for may have been wanted before; then it is looked for again, which is what a turn does.
        told |= thread.join().unwrap();
        let wanted = alarm.wanted.load(SeqCst);
        let armed = alarm.armed.load(SeqCst);
        assert!(told || armed <= wanted, "{wanted} is wanted, and the timer goes off at {armed}");
        assert!(armed == NEVER || alarm.timer.set_to.load(SeqCst) == armed, "the timer is set to something else");
    });
}

#[test]
fn an_earlier_deadline_while_the_timer_goes_off() {
    meet(10, 10, &[5]);
    meet(10, 10, &[12]);
}

#[test]
fn a_later_deadline_while_the_timer_goes_off() {
    meet(10, 10, &[20]);
    meet(10, 11, &[30, 20]);
    meet(10, 11, &[20, 30, 15]);
}

#[test]
fn deadlines_that_pass_meanwhile() {
    meet(10, 25, &[20]);
    meet(10, 25, &[30, 20, 40]);
}
