//! The alarm's timer on Linux: a timerfd in the thread's epoll set. Nanosecond deadlines, and the JavaScript thread
//! moves it without waking the loop's thread.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token, Waker};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use super::alarm::Timer;
use crate::scheduler::Nanos;

pub(super) struct TimerFd(OwnedFd);

impl Timer for TimerFd {
    fn new(registry: &Registry, token: Token, _waker: &Arc<Waker>) -> io::Result<Self> {
        let fd = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK)?;
        registry.register(&mut SourceFd(&fd.as_raw_fd()), token, Interest::READABLE)?;
        Ok(Self(fd))
    }

    /// Setting the timer also makes the fd unreadable again, so nobody ever needs to read it.
    fn set(&self, deadline: Nanos) -> io::Result<()> {
        let at = Timespec {
            tv_sec: (deadline / 1_000_000_000) as i64,
            // All zero would disarm the timer instead.
            tv_nsec: (deadline % 1_000_000_000).max(1) as _,
        };
        let never = Timespec { tv_sec: 0, tv_nsec: 0 };
        let spec = Itimerspec { it_interval: never, it_value: at };
        timerfd_settime(&self.0, TimerfdTimerFlags::ABSTIME, &spec)?;
        Ok(())
    }

    fn poll_timeout(&self, _armed: Nanos) -> Option<Duration> {
        None
    }
}
