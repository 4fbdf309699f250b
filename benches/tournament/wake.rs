//! How a sleeping thread is woken: by an eventfd that it polls (mio, as the loop's thread does), by a futex (park), by a
//! flag that it spins on for a while before it parks. Time from here to there and back, at once and after 200 µs of sleep.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use divan::Bencher;
use mio::{Events, Poll, Token, Waker};

const IDLE: Duration = Duration::from_micros(200);
const SPINS: usize = 2000;
/// The number that ends the other thread.
const END: u64 = u64::MAX;

/// The sleeper's own half stays on its thread; the other half wakes it.
trait Bell {
    type Sleeper;
    fn new() -> (Self, Self::Sleeper)
    where
        Self: Sized;
    fn ring(&self);
    /// Sleeps until `rung` says that it may wake.
    fn sleep(sleeper: &mut Self::Sleeper, rung: impl Fn() -> bool);
}

struct EventFd(Waker);

impl Bell for EventFd {
    type Sleeper = (Poll, Events);

    fn new() -> (Self, Self::Sleeper) {
        let poll = Poll::new().unwrap();
        (Self(Waker::new(poll.registry(), Token(0)).unwrap()), (poll, Events::with_capacity(4)))
    }

    fn ring(&self) {
        self.0.wake().unwrap();
    }

    fn sleep((poll, events): &mut Self::Sleeper, rung: impl Fn() -> bool) {
        while !rung() {
            poll.poll(events, None).unwrap();
        }
    }
}

struct Futex(Thread);

impl Bell for Futex {
    type Sleeper = ();

    fn new() -> (Self, ()) {
        (Self(thread::current()), ())
    }

    fn ring(&self) {
        self.0.unpark();
    }

    fn sleep((): &mut (), rung: impl Fn() -> bool) {
        while !rung() {
            thread::park();
        }
    }
}

struct SpinThenPark(Thread);

impl Bell for SpinThenPark {
    type Sleeper = ();

    fn new() -> (Self, ()) {
        (Self(thread::current()), ())
    }

    fn ring(&self) {
        self.0.unpark();
    }

    fn sleep((): &mut (), rung: impl Fn() -> bool) {
        for _ in 0..SPINS {
            if rung() {
                return;
            }
            std::hint::spin_loop();
        }
        while !rung() {
            thread::park();
        }
    }
}

/// Two threads that send each other numbers: this one counts up, the other answers with the same.
fn round_trips<B: Bell + Send + 'static>(bencher: Bencher, idle: Option<Duration>)
where
    B::Sleeper: 'static,
{
    let asked = Arc::new(AtomicU64::new(0));
    let answered = Arc::new(AtomicU64::new(0));
    let (to_here, mut here) = B::new();
    let (send, receive) = std::sync::mpsc::channel();
    let other = thread::spawn({
        let (asked, answered) = (Arc::clone(&asked), Arc::clone(&answered));
        move || {
            let (to_there, mut there) = B::new();
            send.send(to_there).unwrap();
            let mut last = 0;
            while last != END {
                B::sleep(&mut there, || asked.load(Ordering::Acquire) != last);
                last = asked.load(Ordering::Acquire);
                answered.store(last, Ordering::Release);
                to_here.ring();
            }
        }
    });
    let to_there = receive.recv().unwrap();
    let mut number = 0;
    bencher
        .with_inputs(|| {
            if let Some(idle) = idle {
                thread::sleep(idle);
            }
        })
        .bench_local_values(|()| {
            number += 1;
            asked.store(number, Ordering::Release);
            to_there.ring();
            B::sleep(&mut here, || answered.load(Ordering::Acquire) == number);
        });
    asked.store(END, Ordering::Release);
    to_there.ring();
    other.join().unwrap();
}

#[divan::bench(types = [EventFd, Futex, SpinThenPark], sample_size = 1, sample_count = 5000)]
fn at_once<B: Bell<Sleeper: 'static> + Send + 'static>(bencher: Bencher) {
    round_trips::<B>(bencher, None);
}

#[divan::bench(types = [EventFd, Futex, SpinThenPark], sample_size = 1, sample_count = 2000)]
fn after_200_us<B: Bell<Sleeper: 'static> + Send + 'static>(bencher: Bencher) {
    round_trips::<B>(bencher, Some(IDLE));
}
