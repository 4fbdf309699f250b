//! The loop's thread and its alarm, on both kinds of timer. No test sleeps for luck: each waits for the notification.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use mio::Registry;

use super::timeout::PollTimeout;
use super::*;

const MILLI: Nanos = 1_000_000;
const PATIENCE: Duration = Duration::from_secs(20);

fn start<T: Timer>() -> (Running<T>, Receiver<Nanos>) {
    let (send, receive) = channel();
    let running = Running::start(move || send.send(clock::now()).unwrap()).unwrap();
    (running, receive)
}

fn notifies_at_the_deadline_and_not_before<T: Timer>() {
    let (running, notified) = start::<T>();
    for _ in 0..20 {
        let deadline = clock::now() + MILLI;
        running.shared.alarm.arm(deadline).unwrap();
        assert!(notified.recv_timeout(PATIENCE).unwrap() >= deadline);
    }
}

fn an_earlier_deadline_replaces_a_later_one<T: Timer>() {
    let (running, notified) = start::<T>();
    let later = clock::now() + 3_600_000 * MILLI;
    running.shared.alarm.arm(later).unwrap();
    running.shared.alarm.arm(clock::now() + MILLI).unwrap();
    assert!(notified.recv_timeout(PATIENCE).unwrap() < later);
}

fn a_deadline_moved_back_notifies_once_at_its_new_place<T: Timer>() {
    let (running, notified) = start::<T>();
    let now = clock::now();
    running.shared.alarm.arm(now + MILLI).unwrap();
    running.shared.alarm.arm(now + 30 * MILLI).unwrap();
    let first = notified.recv_timeout(PATIENCE).unwrap();
    // The first deadline may have been wanted and past before the second replaced it.
    if first < now + 30 * MILLI {
        assert!(notified.recv_timeout(PATIENCE).unwrap() >= now + 30 * MILLI);
    }
    assert!(notified.try_recv().is_err());
}

fn no_wake_is_lost_under_a_storm_of_arming<T: Timer>() {
    let (running, notified) = start::<T>();
    for round in 0..2_000_u64 {
        let now = clock::now();
        running.shared.alarm.arm(now + 50_000 + (round % 7) * 20_000).unwrap();
        if running.shared.alarm.arm(now + 20_000 + (round % 5) * 30_000).unwrap() == Armed::WillRing {
            notified.recv_timeout(PATIENCE).expect("a wake was lost");
        }
        while notified.try_recv().is_ok() {}
    }
}

fn a_deadline_in_the_past_is_told_at_once_and_wakes_nobody<T: Timer>() {
    let (running, notified) = start::<T>();
    assert_eq!(running.shared.alarm.arm(clock::now()).unwrap(), Armed::HasPassed);
    let next = clock::now() + MILLI;
    assert_eq!(running.shared.alarm.arm(next).unwrap(), Armed::WillRing);
    assert!(notified.recv_timeout(PATIENCE).unwrap() >= next);
    assert!(notified.try_recv().is_err());
}

fn stops_at_once_while_asleep<T: Timer>() {
    let (running, _notified) = start::<T>();
    running.shared.alarm.arm(clock::now() + 3_600_000 * MILLI).unwrap();
    drop(running);
}

macro_rules! on_both_timers {
    ($($test:ident),+ $(,)?) => {
        mod on_the_platforms_timer {
            $(#[test] fn $test() { super::$test::<super::PlatformTimer>() })+
        }
        mod on_a_poll_timeout {
            $(#[test] fn $test() { super::$test::<super::PollTimeout>() })+
        }
    };
}

on_both_timers!(
    notifies_at_the_deadline_and_not_before,
    an_earlier_deadline_replaces_a_later_one,
    a_deadline_moved_back_notifies_once_at_its_new_place,
    no_wake_is_lost_under_a_storm_of_arming,
    a_deadline_in_the_past_is_told_at_once_and_wakes_nobody,
    stops_at_once_while_asleep,
);

#[test]
fn a_panic_on_the_thread_is_kept_and_notified() {
    let (send, receive) = channel();
    let thread = LoopThread::start(move || send.send(()).unwrap()).unwrap();
    thread.panic_for_test();
    receive.recv_timeout(PATIENCE).unwrap();
    assert!(thread.failure().unwrap().contains("asked for by a test"));
}

/// A timer that the system refuses to set to an odd deadline.
struct RefusesOdd(PlatformTimer);

impl Timer for RefusesOdd {
    fn new(registry: &Registry, token: Token, waker: &Arc<Waker>) -> io::Result<Self> {
        PlatformTimer::new(registry, token, waker).map(Self)
    }

    fn set(&self, deadline: Nanos) -> io::Result<()> {
        if deadline % 2 == 1 { Err(io::ErrorKind::OutOfMemory.into()) } else { self.0.set(deadline) }
    }

    fn poll_timeout(&self, armed: Nanos) -> Option<Duration> {
        self.0.poll_timeout(armed)
    }
}

/// So far from now, as an even number.
fn even(ahead: Nanos) -> Nanos {
    (clock::now() + ahead) & !1
}

#[test]
fn a_deadline_that_cannot_be_set_is_an_error_and_the_next_one_is_not() {
    let (running, notified) = start::<RefusesOdd>();
    let alarm = &running.shared.alarm;
    // The next one is the later one, which costs nothing where an earlier one is set.
    let deadline = loop {
        let refused = even(5 * MILLI) + 1;
        if alarm.arm(refused).is_err() && alarm.arm(refused + 1).unwrap() == Armed::WillRing {
            break refused + 1;
        }
    };
    assert!(notified.recv_timeout(PATIENCE).unwrap() >= deadline);
}

#[test]
fn a_thread_that_cannot_go_on_to_a_later_deadline_ends_and_tells_why() {
    let (running, notified) = start::<RefusesOdd>();
    let alarm = &running.shared.alarm;
    loop {
        if alarm.arm(even(5 * MILLI)).unwrap() == Armed::HasPassed {
            continue;
        }
        // Costs nothing, and it is the thread that finds out; unless it has told of the first one already.
        let moved = alarm.arm(even(3_600_000 * MILLI) + 1);
        notified.recv_timeout(PATIENCE).unwrap();
        if moved.is_ok() {
            break;
        }
    }
    assert!(running.shared.failure.lock().take().is_some());
}
