//! Every order in which `arm` on the JavaScript thread and `ring` on the loop's thread can meet. Whatever it is, a deadline
//! that is wanted in the end is either told, or the timer goes off no later than it, also if the thread sleeps already.

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
/// not know the time yet, wants each of `deadlines`, one after the other. Of the last one it has been told that it has
/// passed, or it is told still, or the timer goes off no later. Whoever is told looks what is due, and then wants the next:
/// what was told before that is told no more.
fn meet(before: Nanos, now: Nanos, deadlines: &'static [Nanos]) {
    loom::model(move || {
        let timer = Fake { set_to: AtomicU64::new(NEVER), now: AtomicU64::new(0) };
        let alarm = Arc::new(Alarm::new(timer));
        assert_eq!(alarm.arm(before).unwrap(), Armed::WillRing);
        // Under a lock, because loom lets a swap read an older value.
        let told = Arc::new(Mutex::new(false));
        let (theirs, tell) = (Arc::clone(&alarm), Arc::clone(&told));
        let thread = thread::spawn(move || {
            theirs.timer.now.store(now, SeqCst);
            if theirs.ring().unwrap() {
                *tell.lock() = true;
            }
        });
        let mut last = Armed::WillRing;
        for &deadline in deadlines {
            *told.lock() = false;
            last = alarm.arm(deadline).unwrap();
        }
        thread.join().unwrap();
        let deadline = *deadlines.last().unwrap();
        let armed = alarm.armed.load(SeqCst);
        match last {
            Armed::HasPassed => {
                assert!(deadline <= now, "{deadline} has not passed at {now}");
                assert_eq!(alarm.wanted.load(SeqCst), NEVER, "what has passed is wanted still");
            }
            Armed::WillRing => assert!(
                *told.lock() || armed <= deadline,
                "{deadline} is waited for, nobody is told, and the timer goes off at {armed}"
            ),
        }
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

/// A timer of which the thread knows only how long it may sleep, and which wakes it when it is set.
struct Sleep {
    state: loom::sync::Mutex<SleepState>,
    changed: loom::sync::Condvar,
}

struct SleepState {
    /// A wake is kept until there is a sleep to end.
    woken: bool,
    now: Nanos,
}

impl Sleep {
    fn change(&self, change: impl FnOnce(&mut SleepState)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    /// Until it is woken, or so much time has passed since the beginning: none passes before it sleeps.
    fn sleep(&self, timeout: Option<Duration>) {
        let mut state = self.state.lock().unwrap();
        let until = timeout.map_or(NEVER, |timeout| timeout.as_nanos() as Nanos);
        while !state.woken && state.now < until {
            state = self.changed.wait(state).unwrap();
        }
        state.woken = false;
    }
}

impl Timer for Sleep {
    fn new(_: &Registry, _: Token, _: &std::sync::Arc<Waker>) -> io::Result<Self> {
        unreachable!("models make their own")
    }

    fn set(&self, _: Nanos) -> io::Result<()> {
        self.change(|state| state.woken = true);
        Ok(())
    }

    fn now(&self) -> Nanos {
        self.state.lock().unwrap().now
    }

    fn poll_timeout(&self, armed: Nanos) -> Option<Duration> {
        (armed != NEVER).then(|| Duration::from_nanos(armed))
    }
}

/// A thread sleeps until it has something to tell, which JavaScript wants at each of `deadlines`, one after the other. It
/// is told when it is the last of them: the model stands still if the thread sleeps on.
fn wake(deadlines: &'static [Nanos]) {
    loom::model(move || {
        let state = loom::sync::Mutex::new(SleepState { woken: false, now: 0 });
        let alarm = Arc::new(Alarm::new(Sleep { state, changed: loom::sync::Condvar::new() }));
        let theirs = Arc::clone(&alarm);
        let thread = thread::spawn(move || {
            while !theirs.ring().unwrap() {
                theirs.timer.sleep(theirs.poll_timeout());
            }
            theirs.timer.now()
        });
        for &deadline in deadlines {
            assert_eq!(alarm.arm(deadline).unwrap(), Armed::WillRing);
        }
        let last = *deadlines.last().unwrap();
        alarm.timer.change(|state| state.now = last);
        assert_eq!(thread.join().unwrap(), last);
    });
}

#[test]
fn a_deadline_wakes_the_sleeper() {
    wake(&[10]);
}

#[test]
fn a_shorter_deadline_wakes_the_sleeper() {
    wake(&[20, 10]);
}

#[test]
fn a_later_deadline_lets_the_sleeper_sleep_on() {
    wake(&[10, 20]);
}
