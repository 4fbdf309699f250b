//! Node's timers and immediates in their simplest form, to hold the scheduler against.
//!
//! Written from Node 24's `lib/internal/timers.js` and `lib/timers.js`, function by function under Node's names: plain
//! vectors, linear search, one timer at a time. Nothing in here is clever, and nothing comes from the scheduler.
//! It differs from Node where the scheduler is meant to differ: times are nanoseconds, so no timer is due early.
//! It is saner than Node in two corners: clearing the next immediate between a throw and the next callback works, where
//! Node loops for ever; and a timer cleared after it fired stays dead, where Node's `refresh` lines up an empty one.

use super::super::{Missed, Nanos};
use super::model_deadlines::DeadlineTimers;
use super::program::{Event, Host, MILLI, Name, Program, Stage, Standing, Threw};

/// A `Timeout`, as JavaScript holds it.
struct Timeout {
    name: Name,
    /// `_idleTimeout`, `None` for Node's -1: cleared.
    delay: Option<u64>,
    repeats: bool,
    start: Nanos,
    refed: bool,
    destroyed: bool,
}

/// A `TimersList`. `object` is its identity, which `id` is not: that one changes.
struct TimersList {
    object: u64,
    msecs: u64,
    expiry: Nanos,
    id: u64,
    timers: Vec<Name>,
}

struct Immediate {
    name: Name,
    refed: bool,
}

pub(super) struct Model<'a> {
    stage: Stage<'a>,
    timeouts: Vec<Timeout>,
    /// The registered lists; one that was dropped is nowhere, and always empty.
    lists: Vec<TimersList>,
    next_object: u64,
    timer_list_id: u64,
    deadlines: DeadlineTimers,
    /// The list whose timers run, and where the phase stands.
    current: Option<u64>,
    ran_at_least_one: bool,
    just_threw: bool,
    immediate_queue: Vec<Immediate>,
    outstanding_queue: Vec<Immediate>,
}

impl<'a> Model<'a> {
    pub(super) fn new(program: &'a dyn Program) -> Self {
        Self {
            stage: Stage::new(program),
            timeouts: Vec::new(),
            lists: Vec::new(),
            next_object: 0,
            timer_list_id: 0,
            deadlines: DeadlineTimers::default(),
            current: None,
            ran_at_least_one: false,
            just_threw: false,
            immediate_queue: Vec::new(),
            outstanding_queue: Vec::new(),
        }
    }

    pub(super) fn into_trace(self) -> Vec<Event> {
        self.stage.trace
    }

    fn timeout(&mut self, name: Name) -> Option<&mut Timeout> {
        self.timeouts.iter_mut().find(|timeout| timeout.name == name)
    }

    fn list(&mut self, object: u64) -> Option<&mut TimersList> {
        self.lists.iter_mut().find(|list| list.object == object)
    }

    fn first_list(&self) -> Option<&TimersList> {
        self.lists.iter().min_by_key(|list| (list.expiry, list.id))
    }

    fn next_id(&mut self) -> u64 {
        self.timer_list_id += 1;
        self.timer_list_id
    }

    /// `L.remove`: out of whatever list the timer is in, if any.
    fn remove(&mut self, name: Name) {
        for list in &mut self.lists {
            list.timers.retain(|&timer| timer != name);
        }
    }

    fn is_enrolled(&self, name: Name) -> bool {
        self.lists.iter().any(|list| list.timers.contains(&name))
    }

    fn insert(&mut self, name: Name, start: Nanos) {
        let timeout = self.timeout(name).expect("a timer that was set");
        timeout.start = start;
        let msecs = timeout.delay.expect("a timer that was not cleared");
        if !self.lists.iter().any(|list| list.msecs == msecs) {
            self.next_object += 1;
            let (object, id) = (self.next_object, self.next_id());
            self.lists.push(TimersList { object, msecs, expiry: start + msecs * MILLI, id, timers: Vec::new() });
        }
        self.remove(name);
        let list = self.lists.iter_mut().find(|list| list.msecs == msecs).expect("the list made above");
        list.timers.push(name);
    }

    /// When the next timer of a list was due, if it was by `now`.
    fn due_in(&self, object: u64, now: Nanos) -> Option<Nanos> {
        let list = self.lists.iter().find(|list| list.object == object)?;
        let name = *list.timers.first()?;
        let start = self.timeouts.iter().find(|timeout| timeout.name == name)?.start;
        Some(start + list.msecs * MILLI).filter(|&due| due <= now)
    }

    /// Runs the next timer in deadline order, the one before `due`. It waits for a drain, except after a throw.
    fn deadline_on_timeout(&mut self, name: Name, due: Nanos) -> Result<(), Threw> {
        if self.ran_at_least_one && !self.just_threw {
            self.drain()?;
        }
        self.ran_at_least_one = true;
        if self.deadlines.next_before(due) != Some(name) {
            return Ok(());
        }
        self.just_threw = false;
        if let Some(missed) = self.deadlines.begin(name, self.stage.clock) {
            self.stage.note(Event::Missed(missed));
        }
        let outcome = self.call(name);
        self.deadlines.end(name);
        outcome
    }

    fn process_timers(&mut self, now: Nanos) -> Result<(), Threw> {
        // After a throw Node finds the same list first.
        if let Some(object) = self.current
            && self.list(object).is_some()
        {
            self.ran_at_least_one = true;
            self.list_on_timeout(object, now)?;
        }
        loop {
            let first = self.first_list().map(|list| (list.object, list.expiry)).filter(|&(_, expiry)| expiry <= now);
            let due = first.map_or(now + 1, |(object, expiry)| self.due_in(object, now).unwrap_or(expiry));
            if let Some(name) = self.deadlines.next_before(due) {
                self.deadline_on_timeout(name, due)?;
                continue;
            }
            let Some((object, _)) = first else { return Ok(()) };
            self.current = Some(object);
            if self.ran_at_least_one {
                self.drain()?;
            }
            self.ran_at_least_one = true;
            self.list_on_timeout(object, now)?;
        }
    }

    fn list_on_timeout(&mut self, object: u64, now: Nanos) -> Result<(), Threw> {
        let mut ran_at_least_one_timer = false;
        while let Some(name) = self.list(object).and_then(|list| list.timers.first().copied()) {
            let Some(due) = self.due_in(object, now) else {
                let start = self.timeout(name).expect("a timer in a list").start;
                let id = self.next_id();
                let list = self.list(object).expect("the list looked at");
                list.expiry = start + list.msecs * MILLI;
                list.id = id;
                self.current = None;
                return Ok(());
            };
            if let Some(name) = self.deadlines.next_before(due) {
                self.deadline_on_timeout(name, due)?;
                ran_at_least_one_timer = true;
                continue;
            }
            if ran_at_least_one_timer {
                self.drain()?;
            } else {
                ran_at_least_one_timer = true;
            }
            self.remove(name);
            let timeout = self.timeout(name).expect("a timer in a list");
            if timeout.delay.is_none() {
                continue;
            }
            let start = self.stage.clock;
            self.just_threw = false;
            let outcome = self.call(name);
            let enrolled = self.is_enrolled(name);
            let timeout = self.timeout(name).expect("a timer that was set");
            if timeout.repeats && timeout.delay.is_some() {
                self.insert(name, start);
            } else if !enrolled {
                timeout.destroyed = true;
            }
            outcome?;
        }
        self.lists.retain(|list| list.object != object);
        self.current = None;
        Ok(())
    }

    fn process_immediate(&mut self) -> Result<(), Threw> {
        if self.outstanding_queue.is_empty() {
            self.outstanding_queue = std::mem::take(&mut self.immediate_queue);
        }
        let mut ran_at_least_one_immediate = false;
        while !self.outstanding_queue.is_empty() {
            if ran_at_least_one_immediate {
                self.drain()?;
                if self.outstanding_queue.is_empty() {
                    break;
                }
            } else {
                ran_at_least_one_immediate = true;
            }
            let immediate = self.outstanding_queue.remove(0);
            self.call(immediate.name)?;
        }
        Ok(())
    }

    fn immediates(&self) -> impl Iterator<Item = &Immediate> {
        self.outstanding_queue.iter().chain(&self.immediate_queue)
    }
}

impl<'a> Host<'a> for Model<'a> {
    fn stage(&mut self) -> &mut Stage<'a> {
        &mut self.stage
    }

    fn set_timer(&mut self, name: Name, delay: u64, repeats: bool) {
        let start = self.stage.clock;
        self.timeouts.push(Timeout { name, delay: Some(delay), repeats, start, refed: true, destroyed: false });
        self.insert(name, start);
    }

    fn set_deadline(&mut self, name: Name, delay: Nanos, policy: Option<Missed>) {
        self.deadlines.set(name, delay, policy, self.stage.clock);
    }

    fn set_immediate(&mut self, name: Name) {
        self.immediate_queue.push(Immediate { name, refed: true });
    }

    /// `clearTimeout` with `unenroll`, or `clearImmediate`.
    fn clear(&mut self, name: Name) {
        self.immediate_queue.retain(|immediate| immediate.name != name);
        self.outstanding_queue.retain(|immediate| immediate.name != name);
        self.deadlines.clear(name);
        let Some(timeout) = self.timeout(name) else { return };
        let Some(msecs) = timeout.delay.take() else { return };
        if timeout.destroyed {
            return;
        }
        timeout.destroyed = true;
        let refed = timeout.refed;
        self.remove(name);
        if refed {
            self.lists.retain(|list| list.msecs != msecs || !list.timers.is_empty());
        }
    }

    fn refresh(&mut self, name: Name) {
        let clock = self.stage.clock;
        self.deadlines.refresh(name, clock);
        if let Some(Timeout { delay: Some(_), destroyed, .. }) = self.timeout(name) {
            *destroyed = false;
            self.insert(name, clock);
        }
    }

    fn set_ref(&mut self, name: Name, refed: bool) {
        self.deadlines.set_ref(name, refed);
        if let Some(timeout) = self.timeout(name) {
            timeout.refed = refed;
        }
        for immediate in self.immediate_queue.iter_mut().chain(&mut self.outstanding_queue) {
            if immediate.name == name {
                immediate.refed = refed;
            }
        }
    }

    fn standing(&mut self) -> Standing {
        let (deadlines, refed_deadlines, deadline) = self.deadlines.standing();
        let enrolled = || self.timeouts.iter().filter(|timeout| self.is_enrolled(timeout.name));
        Standing {
            timers: enrolled().count() + deadlines,
            refed_timers: enrolled().filter(|timeout| timeout.refed).count() + refed_deadlines,
            immediates: self.immediates().count(),
            refed_immediates: self.immediates().filter(|immediate| immediate.refed).count(),
            next_expiry: self.first_list().map(|list| list.expiry).into_iter().chain(deadline).min(),
        }
    }

    /// `RunTimers`: after a throw the phase starts anew with the same `now`.
    fn timers_phase(&mut self) {
        let now = self.stage.clock;
        if self.standing().next_expiry.is_none_or(|expiry| expiry > now) {
            return;
        }
        self.ran_at_least_one = false;
        self.just_threw = false;
        while self.process_timers(now).is_err() {
            self.report();
            self.ran_at_least_one = false;
            self.just_threw = true;
        }
        self.end_phase();
    }

    /// `CheckImmediate`: after a throw the call is repeated, because it has left something outstanding.
    fn check_phase(&mut self) {
        if self.immediates().next().is_none() {
            return;
        }
        while self.process_immediate().is_err() {
            self.report();
        }
        self.end_phase();
    }
}
