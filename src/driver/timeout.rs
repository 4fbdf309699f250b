//! The alarm's timer where there is no timerfd: the timeout of the thread's own poll. Setting it wakes the thread,
//! which then sleeps anew.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::{Registry, Token, Waker};

use super::alarm::{NEVER, Timer};
use super::clock;
use crate::scheduler::Nanos;

#[cfg_attr(target_os = "linux", allow(dead_code, reason = "on Linux only the tests use it"))]
pub(super) struct PollTimeout(Arc<Waker>);

impl Timer for PollTimeout {
    fn new(_registry: &Registry, _token: Token, waker: &Arc<Waker>) -> io::Result<Self> {
        Ok(Self(Arc::clone(waker)))
    }

    fn set(&self, _deadline: Nanos) -> io::Result<()> {
        self.0.wake()
    }

    fn poll_timeout(&self, armed: Nanos) -> Option<Duration> {
        (armed != NEVER).then(|| Duration::from_nanos(armed.saturating_sub(clock::now())))
    }
}
