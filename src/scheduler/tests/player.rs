//! The JavaScript half, played against the real scheduler.
//!
//! It does what the turn in JavaScript does with the answers of `Scheduler::next`, and keeps what JavaScript keeps: the
//! timers and immediates themselves and the tables that lead from slots to them.

use rustc_hash::FxHashMap;

use super::super::{NO_SLOT, Nanos, Pace, Scheduler, Slot, Step};
use super::program::{Event, Host, Name, Program, Stage, Standing, Threw};

/// How the scheduler is used; a program must not notice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// How many entries a batch has room for.
    pub(super) capacity: usize,
    /// How many rounds may follow a check phase; `None`: turns end after each check phase.
    pub(super) rounds: Option<u32>,
}

struct Timeout {
    delay: u64,
    repeats: bool,
    refed: bool,
    /// Where it is pending.
    slot: Option<Slot>,
    running: bool,
    cleared: bool,
}

pub(super) struct Player<'a> {
    stage: Stage<'a>,
    scheduler: Scheduler,
    batch: Vec<Slot>,
    begun: usize,
    rounds: Option<u32>,
    timeouts: FxHashMap<Name, Timeout>,
    immediates: FxHashMap<Name, Slot>,
    timer_at: FxHashMap<Slot, Name>,
    immediate_at: FxHashMap<Slot, Name>,
    /// The most timers, and the most immediates, that were ever pending.
    peak: [usize; 2],
    /// A phase has begun whose closing drain is still to come.
    phase_open: bool,
}

struct Rounds {
    left: u32,
    now: Nanos,
}

impl Pace for Rounds {
    fn another_round(&mut self) -> Option<Nanos> {
        self.left = self.left.checked_sub(1)?;
        Some(self.now)
    }
}

impl<'a> Player<'a> {
    pub(super) fn new(program: &'a dyn Program, setting: Setting) -> Self {
        Self {
            stage: Stage::new(program),
            scheduler: Scheduler::default(),
            batch: vec![NO_SLOT; setting.capacity],
            begun: 0,
            rounds: setting.rounds,
            timeouts: FxHashMap::default(),
            immediates: FxHashMap::default(),
            timer_at: FxHashMap::default(),
            immediate_at: FxHashMap::default(),
            peak: [0; 2],
            phase_open: false,
        }
    }

    pub(super) fn into_trace(self) -> Vec<Event> {
        self.stage.trace
    }

    /// The scheduler, told how far the batch has come: what any change starts with.
    fn scheduler(&mut self) -> &mut Scheduler {
        self.scheduler.catch_up(self.begun, &self.batch);
        &mut self.scheduler
    }

    fn turn(&mut self) {
        self.phase_open = true;
        let mut pace = Rounds { left: self.rounds.unwrap_or(0), now: 0 };
        let mut threw = false;
        for _ in 0..10_000 {
            pace.now = self.stage.clock;
            let step = self.scheduler.next(self.begun, threw, &mut self.batch, &mut pace);
            self.begun = 0;
            threw = match step {
                Step::Done => {
                    assert!(!self.scheduler.in_turn());
                    if self.phase_open {
                        self.close_phase();
                    }
                    return;
                }
                Step::Drain => {
                    self.close_phase();
                    false
                }
                Step::Timers { count, drain_first, same_list } => {
                    self.phase_open = true;
                    self.run_timers(count, drain_first, same_list).is_err()
                }
                Step::Immediates { count, drain_first, drain_last } => {
                    self.phase_open = true;
                    let threw = self.run_immediates(count, drain_first).is_err();
                    if drain_last && !threw {
                        self.close_phase();
                    }
                    threw
                }
            };
            if threw {
                self.report();
            }
        }
        panic!("the turn never ends");
    }

    fn close_phase(&mut self) {
        self.scheduler();
        self.end_phase();
        self.phase_open = false;
    }

    fn run_timers(&mut self, count: usize, drain_first: bool, same_list: bool) -> Result<(), Threw> {
        if drain_first && !same_list {
            self.drain()?;
        }
        let mut any_ran = drain_first && same_list;
        for index in 0..count {
            let slot = self.batch[index];
            if slot == NO_SLOT {
                continue;
            }
            let name = self.timer_at[&slot];
            if any_ran {
                self.drain()?;
                if self.batch[index] == NO_SLOT {
                    // Struck out by the drain. Cleared: it does not run. Refreshed: it does, having been in hand.
                    if self.timeouts[&name].slot.is_none() {
                        continue;
                    }
                    self.scheduler.catch_up(self.begun, &self.batch);
                    self.scheduler.take_timer(slot, &mut self.batch);
                }
            }
            any_ran = true;
            self.begun = index + 1;
            self.run_timer(name)?;
        }
        Ok(())
    }

    fn run_timer(&mut self, name: Name) -> Result<(), Threw> {
        let start = self.stage.clock;
        self.forget_timer(name);
        self.timeout(name).running = true;
        let outcome = self.call(name);
        let timeout = self.timeout(name);
        timeout.running = false;
        if timeout.repeats && !timeout.cleared {
            self.schedule(name, start);
        }
        outcome
    }

    fn run_immediates(&mut self, count: usize, drain_first: bool) -> Result<(), Threw> {
        if drain_first {
            self.drain()?;
        }
        let mut any_ran = false;
        for index in 0..count {
            if self.batch[index] == NO_SLOT {
                continue;
            }
            if any_ran {
                self.drain()?;
            }
            let slot = self.batch[index];
            if slot == NO_SLOT {
                continue;
            }
            any_ran = true;
            self.begun = index + 1;
            let name = self.immediate_at.remove(&slot).expect("an immediate that waits");
            self.immediates.remove(&name);
            self.call(name)?;
        }
        Ok(())
    }

    fn timeout(&mut self, name: Name) -> &mut Timeout {
        self.timeouts.get_mut(&name).expect("a timer that was set")
    }

    /// The timer is not pending any more.
    fn forget_timer(&mut self, name: Name) -> Option<Slot> {
        let slot = self.timeout(name).slot.take()?;
        self.timer_at.remove(&slot);
        Some(slot)
    }

    /// To the back of its list, pending before or not.
    fn schedule(&mut self, name: Name, start: Nanos) {
        let &mut Timeout { delay, refed, slot, .. } = self.timeout(name);
        self.scheduler.catch_up(self.begun, &self.batch);
        match slot {
            Some(slot) => self.scheduler.refresh_timer(slot, delay, start, &mut self.batch),
            None => {
                let slot = self.scheduler.set_timer(delay, start, refed).expect("a slot");
                self.timeout(name).slot = Some(slot);
                assert!(self.timer_at.insert(slot, name).is_none(), "a slot given out twice");
                self.peak[0] = self.peak[0].max(self.scheduler.pending_timers());
                assert!((slot as usize) < self.peak[0], "a free slot was not reused");
            }
        }
    }
}

impl<'a> Host<'a> for Player<'a> {
    fn stage(&mut self) -> &mut Stage<'a> {
        &mut self.stage
    }

    fn set_timer(&mut self, name: Name, delay: u64, repeats: bool) {
        let timeout = Timeout { delay, repeats, refed: true, slot: None, running: false, cleared: false };
        self.timeouts.insert(name, timeout);
        self.schedule(name, self.stage.clock);
    }

    fn set_immediate(&mut self, name: Name) {
        let slot = self.scheduler().set_immediate().expect("a slot");
        self.immediates.insert(name, slot);
        assert!(self.immediate_at.insert(slot, name).is_none(), "a slot given out twice");
        self.peak[1] = self.peak[1].max(self.scheduler.pending_immediates());
        assert!((slot as usize) < self.peak[1], "a free slot was not reused");
    }

    fn clear(&mut self, name: Name) {
        self.scheduler.catch_up(self.begun, &self.batch);
        if let Some(slot) = self.immediates.remove(&name) {
            self.immediate_at.remove(&slot);
            self.scheduler.clear_immediate(slot, &mut self.batch);
        }
        let Some(timeout) = self.timeouts.get_mut(&name).filter(|timeout| !timeout.cleared) else { return };
        timeout.cleared = true;
        let &mut Timeout { delay, running, refed, .. } = timeout;
        match self.forget_timer(name) {
            Some(slot) => self.scheduler.clear_timer(slot, &mut self.batch),
            None if running && refed => self.scheduler.clear_running_timer(delay),
            None => {}
        }
    }

    fn refresh(&mut self, name: Name) {
        if self.timeouts.get(&name).is_some_and(|timeout| !timeout.cleared) {
            self.schedule(name, self.stage.clock);
        }
    }

    fn set_ref(&mut self, name: Name, refed: bool) {
        if let Some(&slot) = self.immediates.get(&name) {
            self.scheduler().set_immediate_ref(slot, refed);
        }
        let Some(timeout) = self.timeouts.get_mut(&name) else { return };
        timeout.refed = refed;
        if let Some(slot) = timeout.slot {
            self.scheduler().set_timer_ref(slot, refed);
        }
    }

    fn standing(&self) -> Standing {
        Standing {
            timers: self.scheduler.pending_timers(),
            refed_timers: self.scheduler.refed_timers(),
            immediates: self.scheduler.pending_immediates(),
            refed_immediates: self.scheduler.refed_immediates(),
            next_expiry: self.scheduler.next_expiry(),
        }
    }

    fn timers_phase(&mut self) {
        if self.scheduler.enter_timers(self.stage.clock) {
            self.turn();
        }
    }

    fn check_phase(&mut self) {
        if self.scheduler.enter_check(self.rounds.is_some()) {
            self.turn();
        }
    }
}
