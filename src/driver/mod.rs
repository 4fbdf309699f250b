//! When to wake: the clock, the loop's thread, the alarm through which the JavaScript thread tells it how long to sleep,
//! the file descriptors it watches, and the doorbells that other threads ring. Nothing in here knows Node.
//!
//! ```text
//! JavaScript thread                          loop's thread
//! LoopThread::start  ----------------------> run(): sleep in mio
//! LoopThread::arm(deadline) -- Alarm ------> the timer of the platform goes off: Alarm::ring
//! watches().watch(fd) -- mio, Watches -----> something comes: Watches::collect
//! notify() <-------------------------------- a wanted deadline has passed, or something has come
//! drop(LoopThread)  -- Stop, waker, join --> returns
//! ```
//!
//! The loop's thread never runs JavaScript, never waits for it and holds no lock but the alarm's and that of the watches,
//! which nobody holds for longer than a system call. A panic on it ends it, is kept, and is told to the JavaScript thread by
//! the same `notify`.

mod alarm;
pub mod clock;
pub mod doorbells;
pub mod starts;
mod stop;
mod sync;
mod timeout;
#[cfg(target_os = "linux")]
mod timerfd;
#[cfg(unix)]
pub mod watches;

use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

pub use alarm::Armed;
use alarm::{Alarm, Timer};
use mio::{Events, Poll, Token, Waker};
use parking_lot::Mutex;
use stop::Stop;

use crate::scheduler::Nanos;
#[cfg(unix)]
use watches::Watches;

#[cfg(target_os = "linux")]
type PlatformTimer = timerfd::TimerFd;
#[cfg(not(target_os = "linux"))]
type PlatformTimer = timeout::PollTimeout;

const WAKE: Token = Token(0);
const TIMER: Token = Token(1);

/// The name of the thread, as tools show it.
pub const THREAD_NAME: &str = "rs-eventloop";

struct Shared<T> {
    alarm: Alarm<T>,
    #[cfg(unix)]
    watches: Watches,
    waker: Arc<Waker>,
    stop: Stop,
    /// For tests of what happens after a panic on the thread.
    panic_next: AtomicBool,
    failure: Mutex<Option<String>>,
}

/// The handle by which the JavaScript thread owns the loop's thread. Dropping it stops and joins the thread.
pub struct LoopThread(Running<PlatformTimer>);

struct Running<T: Timer> {
    shared: Arc<Shared<T>>,
    thread: Option<JoinHandle<()>>,
}

impl LoopThread {
    /// Starts the thread. It calls `notify`, which must not block, when an armed deadline has passed or something has
    /// come for what it watches.
    pub fn start(notify: impl Fn() + Send + 'static) -> io::Result<Self> {
        Running::start(notify).map(Self)
    }

    /// Wants to be notified at `deadline` and no more at an earlier one. Costs a system call only when the thread
    /// would otherwise sleep too long.
    pub fn arm(&self, deadline: Nanos) -> io::Result<Armed> {
        self.0.shared.alarm.arm(deadline)
    }

    /// What it watches. `notify` tells that something has come.
    #[cfg(unix)]
    pub fn watches(&self) -> &Watches {
        &self.0.shared.watches
    }

    /// What ended the thread, if a panic did. Then this handle is of no more use.
    pub fn failure(&self) -> Option<String> {
        self.0.shared.failure.lock().take()
    }

    /// Makes the thread panic, to show what follows.
    pub fn panic_for_test(&self) {
        self.0.shared.panic_next.store(true, Ordering::SeqCst);
        let _ = self.0.shared.waker.wake();
    }
}

impl<T: Timer> Running<T> {
    fn start(notify: impl Fn() + Send + 'static) -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let shared = Arc::new(Shared {
            alarm: Alarm::new(T::new(poll.registry(), TIMER, &waker)?),
            #[cfg(unix)]
            watches: Watches::new(poll.registry().try_clone()?),
            waker,
            stop: Stop::new(),
            panic_next: AtomicBool::new(false),
            failure: Mutex::new(None),
        });
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new().name(THREAD_NAME.into()).spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(&theirs, poll, &notify)));
            let failure = match outcome {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error.to_string(),
                Err(panic) => panic_message(&*panic),
            };
            *theirs.failure.lock() = Some(failure);
            notify();
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }
}

impl<T: Timer> Drop for Running<T> {
    fn drop(&mut self) {
        let wake = || {
            let _ = self.shared.waker.wake();
        };
        let join = || {
            // The thread catches its own panics, so there is no news in the result.
            let _ = self.thread.take().map(JoinHandle::join);
        };
        self.shared.stop.end(wake, join);
    }
}

fn run<T: Timer>(shared: &Shared<T>, mut poll: Poll, notify: &impl Fn()) -> io::Result<()> {
    let events = RefCell::new(Events::with_capacity(256));
    let sleep = || match poll.poll(&mut events.borrow_mut(), shared.alarm.poll_timeout()) {
        Err(error) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        _ => Ok(()),
    };
    let work = || {
        assert!(!shared.panic_next.load(Ordering::SeqCst), "a panic on the loop's thread, asked for by a test");
        #[cfg(unix)]
        let came = shared.watches.collect(&events.borrow());
        #[cfg(not(unix))]
        let came = false;
        if shared.alarm.ring()? || came {
            notify();
        }
        Ok(())
    };
    shared.stop.rounds(sleep, work)
}

/// The text a panic was raised with.
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a message".to_owned()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
