//! Programs for the two loops under comparison: what a callback does, the stage it does it on, the trace it leaves.
//!
//! A body is a function of the program, the name of the callback and how often it has run, so a program needs no
//! memory and is the same for whoever plays it. Everything has a name; slots never show up in a trace.

use std::collections::VecDeque;
use std::fmt;

use super::super::{Missed, Nanos};

pub(super) const MILLI: Nanos = 1_000_000;

/// Who a callback, a tick or a timer is. Written programs use letters, random ones get numbers beyond them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Name(pub(super) u32);

/// The script that sets everything off.
pub(super) const MAIN: Name = Name(0);
/// The listener that is told of every throw.
pub(super) const LISTENER: Name = Name(1);
/// Stands for a name not used yet.
pub(super) const FRESH: Name = Name(2);
const FIRST_FRESH: u32 = 128;

impl fmt::Debug for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            MAIN => write!(out, "main"),
            LISTENER => write!(out, "listener"),
            FRESH => write!(out, "new"),
            Name(letter) if letter < FIRST_FRESH => write!(out, "{}", letter as u8 as char),
            Name(number) => write!(out, "#{}", number - FIRST_FRESH),
        }
    }
}

/// Which timer or immediate an action is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pick {
    /// The one whose callback is running.
    Own,
    /// Among the last few that were set: siblings, mostly.
    Recent(u32),
    Any(u32),
    Named(Name),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Timeout(Name, u64),
    Interval(Name, u64),
    /// A timer in deadline order; with a policy, an interval.
    Deadline(Name, Nanos, Option<Missed>),
    Immediate(Name),
    Tick(Name),
    Clear(Pick),
    Refresh(Pick),
    Ref(Pick),
    Unref(Pick),
    Busy(Nanos),
    Throw,
}

/// What is being run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Main,
    Callback,
    Tick,
    Listener,
}

pub(super) trait Program {
    /// What the callback `name` does when it runs for the `run`-th time.
    fn body(&self, name: Name, run: u32, place: Place) -> Vec<Action>;
    /// How late the loop wakes up when it slept for the `sleep`-th time.
    fn late(&self, sleep: u32) -> Nanos;
    /// How many callbacks and ticks may run, and be made, before bodies become empty.
    fn limit(&self) -> u32;
}

/// How a loop stands at the end of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) timers: usize,
    pub(super) refed_timers: usize,
    pub(super) immediates: usize,
    pub(super) refed_immediates: usize,
    pub(super) next_expiry: Option<Nanos>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Call(Name, Nanos),
    /// What the interval that is about to be called has missed.
    Missed(u64),
    /// Next ticks are about to run, at this point and no other.
    Drain,
    Tick(Name),
    Threw(Name),
    PhaseEnd(Standing),
}

/// The callback ended by an exception.
#[derive(Debug)]
pub(super) struct Threw;

/// What both loops have in common because it is not theirs: the program, the clock, the ticks, the trace.
pub(super) struct Stage<'a> {
    program: &'a dyn Program,
    pub(super) clock: Nanos,
    pub(super) trace: Vec<Event>,
    ticks: VecDeque<Name>,
    /// Timers and immediates in the order in which they were made.
    made: Vec<Name>,
    next_fresh: u32,
    runs: Vec<u32>,
    ran: u32,
    sleeps: u32,
}

impl<'a> Stage<'a> {
    pub(super) fn new(program: &'a dyn Program) -> Self {
        Self {
            program,
            clock: 1_234 * MILLI + 567,
            trace: Vec::new(),
            ticks: VecDeque::new(),
            made: Vec::new(),
            next_fresh: FIRST_FRESH,
            runs: Vec::new(),
            ran: 0,
            sleeps: 0,
        }
    }

    pub(super) fn note(&mut self, event: Event) {
        self.trace.push(event);
        assert!(self.trace.len() < 50_000, "the program never ends");
    }

    /// Sleeps until the next list wants to be looked at, or a little longer.
    pub(super) fn sleep(&mut self, until: Nanos) {
        self.sleeps += 1;
        self.clock = self.clock.max(until) + self.program.late(self.sleeps);
    }

    fn body(&mut self, name: Name, place: Place) -> Vec<Action> {
        let index = name.0 as usize;
        if self.runs.len() <= index {
            self.runs.resize(index + 1, 0);
        }
        let run = self.runs[index];
        self.runs[index] += 1;
        self.ran += 1;
        if self.ran > self.program.limit() {
            return vec![Action::Clear(Pick::Own)];
        }
        self.program.body(name, run, place)
    }

    /// A name for something new, `None` when the program has made enough.
    fn name(&mut self, name: Name) -> Option<Name> {
        if name != FRESH {
            return Some(name);
        }
        if self.next_fresh - FIRST_FRESH >= self.program.limit() {
            return None;
        }
        self.next_fresh += 1;
        Some(Name(self.next_fresh - 1))
    }

    fn pick(&self, pick: Pick, own: Name) -> Option<Name> {
        let among = |names: &[Name], number: u32| {
            let index = (number as usize).checked_rem(names.len())?;
            Some(names[index])
        };
        match pick {
            Pick::Own => Some(own),
            Pick::Recent(number) => among(&self.made[self.made.len().saturating_sub(6)..], number),
            Pick::Any(number) => among(&self.made, number),
            Pick::Named(name) => Some(name),
        }
    }
}

/// A loop a program can run on. The calls are those of JavaScript; a name that does not fit is ignored by them.
pub(super) trait Host<'a> {
    fn stage(&mut self) -> &mut Stage<'a>;
    fn set_timer(&mut self, name: Name, delay: u64, repeats: bool);
    fn set_deadline(&mut self, name: Name, delay: Nanos, policy: Option<Missed>);
    fn set_immediate(&mut self, name: Name);
    fn clear(&mut self, name: Name);
    fn refresh(&mut self, name: Name);
    fn set_ref(&mut self, name: Name, refed: bool);
    fn standing(&mut self) -> Standing;
    /// Runs the due timers, if a list is due.
    fn timers_phase(&mut self);
    /// Runs the immediates, if there are any, and what else the loop has a mind to run in the same turn.
    fn check_phase(&mut self);

    /// Runs the program to its end.
    fn run(&mut self) {
        if self.perform(MAIN, Place::Main).is_err() {
            self.report();
        }
        self.end_phase();
        loop {
            self.timers_phase();
            self.check_phase();
            let standing = self.standing();
            if standing.immediates > 0 {
                continue;
            }
            let Some(expiry) = standing.next_expiry else { break };
            if expiry > self.stage().clock {
                self.stage().sleep(expiry);
            }
        }
    }

    /// The callback of a timer or an immediate.
    fn call(&mut self, name: Name) -> Result<(), Threw> {
        let clock = self.stage().clock;
        self.stage().note(Event::Call(name, clock));
        self.perform(name, Place::Callback)
    }

    /// Runs ticks until none is left or one throws; the others wait for the next drain.
    fn drain(&mut self) -> Result<(), Threw> {
        if !self.stage().ticks.is_empty() {
            self.stage().note(Event::Drain);
        }
        while let Some(tick) = self.stage().ticks.pop_front() {
            self.stage().note(Event::Tick(tick));
            self.perform(tick, Place::Tick)?;
        }
        Ok(())
    }

    /// Tells the listener of an exception.
    fn report(&mut self) {
        let told = self.perform(LISTENER, Place::Listener);
        debug_assert!(told.is_ok(), "listeners do not throw");
    }

    /// The drain that closes a phase, or a turn. Where ticks go that a throw in this very drain leaves behind is open
    /// in Node too, it depends on what the loop meets next; so this one goes on until none is left.
    fn end_phase(&mut self) {
        while self.drain().is_err() {
            self.report();
        }
        let standing = self.standing();
        self.stage().note(Event::PhaseEnd(standing));
    }

    fn perform(&mut self, own: Name, place: Place) -> Result<(), Threw> {
        for action in self.stage().body(own, place) {
            self.act(action, own)?;
        }
        Ok(())
    }

    fn act(&mut self, action: Action, own: Name) -> Result<(), Threw> {
        let stage = self.stage();
        match action {
            Action::Timeout(name, _)
            | Action::Interval(name, _)
            | Action::Deadline(name, ..)
            | Action::Immediate(name) => {
                let Some(name) = stage.name(name) else { return Ok(()) };
                stage.made.push(name);
                match action {
                    Action::Timeout(_, delay) => self.set_timer(name, delay, false),
                    Action::Interval(_, delay) => self.set_timer(name, delay, true),
                    Action::Deadline(_, delay, policy) => self.set_deadline(name, delay, policy),
                    _ => self.set_immediate(name),
                }
            }
            Action::Tick(name) => {
                if let Some(name) = stage.name(name) {
                    stage.ticks.push_back(name);
                }
            }
            Action::Clear(pick) | Action::Refresh(pick) | Action::Ref(pick) | Action::Unref(pick) => {
                let Some(name) = stage.pick(pick, own) else { return Ok(()) };
                match action {
                    Action::Clear(_) => self.clear(name),
                    Action::Refresh(_) => self.refresh(name),
                    Action::Ref(_) => self.set_ref(name, true),
                    _ => self.set_ref(name, false),
                }
            }
            Action::Busy(time) => stage.clock += time,
            Action::Throw => {
                stage.note(Event::Threw(own));
                return Err(Threw);
            }
        }
        Ok(())
    }
}
