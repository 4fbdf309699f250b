//! Timers in deadline order in their simplest form: a vector that is searched. Part of `model`.

use super::super::{Missed, Nanos};
use super::program::Name;

struct DeadlineTimer {
    name: Name,
    delay: Nanos,
    policy: Option<Missed>,
    refed: bool,
    cleared: bool,
    /// When it is due and how many were set before, as long as it is pending.
    due: Option<(Nanos, u64)>,
    /// The deadline it runs for, when it was called, and what it had missed by then.
    running: (Nanos, Nanos, u64),
}

#[derive(Default)]
pub(super) struct DeadlineTimers {
    timers: Vec<DeadlineTimer>,
    set: u64,
}

impl DeadlineTimers {
    fn find(&mut self, name: Name) -> Option<&mut DeadlineTimer> {
        self.timers.iter_mut().find(|timer| timer.name == name)
    }

    fn next_due(&mut self, deadline: Nanos) -> Option<(Nanos, u64)> {
        self.set += 1;
        Some((deadline, self.set))
    }

    pub(super) fn set(&mut self, name: Name, delay: Nanos, policy: Option<Missed>, now: Nanos) {
        let due = self.next_due(now + delay);
        let running = Default::default();
        self.timers.push(DeadlineTimer { name, delay, policy, refed: true, cleared: false, due, running });
    }

    pub(super) fn clear(&mut self, name: Name) {
        if let Some(timer) = self.find(name) {
            timer.cleared = true;
            timer.due = None;
        }
    }

    pub(super) fn refresh(&mut self, name: Name, now: Nanos) {
        let Some(&mut DeadlineTimer { delay, cleared: false, .. }) = self.find(name) else { return };
        let due = self.next_due(now + delay);
        self.find(name).expect("the timer found above").due = due;
    }

    pub(super) fn set_ref(&mut self, name: Name, refed: bool) {
        if let Some(timer) = self.find(name) {
            timer.refed = refed;
        }
    }

    /// The first timer whose deadline is before `time`.
    pub(super) fn next_before(&self, time: Nanos) -> Option<Name> {
        let pending = self.timers.iter().filter(|timer| timer.due.is_some_and(|(deadline, _)| deadline < time));
        pending.min_by_key(|timer| timer.due).map(|timer| timer.name)
    }

    /// Its callback begins. Gives what an interval has missed: deadlines beside the one it runs for.
    pub(super) fn begin(&mut self, name: Name, now: Nanos) -> Option<u64> {
        let timer = self.find(name)?;
        let (deadline, _) = timer.due.take()?;
        let mut missed = 0;
        while deadline + (missed + 1) * timer.delay <= now {
            missed += 1;
        }
        timer.running = (deadline, now, missed);
        timer.policy.map(|_| missed)
    }

    /// Its callback is over. An interval that was neither cleared nor refreshed by it goes on.
    pub(super) fn end(&mut self, name: Name) {
        let &mut DeadlineTimer { delay, policy: Some(policy), cleared: false, due: None, running, .. } =
            self.find(name).expect("a timer that was set")
        else {
            return;
        };
        let (deadline, called, missed) = running;
        let mut next = deadline + delay;
        if policy == Missed::Skip {
            while next <= called {
                next += delay;
            }
        } else if policy == Missed::Delay && missed > 0 {
            next = called + delay;
        }
        let due = self.next_due(next);
        self.find(name).expect("a timer that was set").due = due;
    }

    /// How many are pending, how many of these are ref'd, and the first deadline.
    pub(super) fn standing(&self) -> (usize, usize, Option<Nanos>) {
        let pending = || self.timers.iter().filter(|timer| timer.due.is_some());
        let first = pending().filter_map(|timer| timer.due).min().map(|(deadline, _)| deadline);
        (pending().count(), pending().filter(|timer| timer.refed).count(), first)
    }
}
