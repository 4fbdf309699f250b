//! The JavaScript half, played against the real scheduler.
//!
//! It does what the turn in JavaScript does with the answers of `Scheduler::next`, and keeps what JavaScript keeps: the
//! timers themselves with the table that leads from slots to them, and the immediates in queue and batch.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::super::{Missed, NO_SLOT, Nanos, Pace, Progress, Scheduler, Slot, Step};
use super::program::{Event, Host, Name, Program, Stage, Standing, Threw};

/// How the scheduler is used; a program must not notice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// How many entries a batch has room for.
    pub(super) capacity: usize,
    /// How many rounds may follow a check phase; `None`: turns end after each check phase.
    pub(super) rounds: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Node,
    Deadline(Missed),
}

struct Timeout {
    order: Order,
    /// In milliseconds, and in deadline order in nanoseconds.
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
    progress: Progress,
    rounds: Option<u32>,
    timeouts: FxHashMap<Name, Timeout>,
    timer_at: FxHashMap<Slot, Name>,
    /// The most timers that were ever pending.
    peak: usize,
    /// Where the immediates that wait are pending.
    immediates: FxHashMap<Name, Slot>,
    queue: VecDeque<Name>,
    /// What has not begun of the batch of immediates.
    rest: VecDeque<Name>,
    /// The lowest bit of the slots in the queue.
    side: Slot,
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
            progress: Progress::default(),
            rounds: setting.rounds,
            timeouts: FxHashMap::default(),
            timer_at: FxHashMap::default(),
            peak: 0,
            immediates: FxHashMap::default(),
            queue: VecDeque::new(),
            rest: VecDeque::new(),
            side: 0,
            phase_open: false,
        }
    }

    pub(super) fn into_trace(self) -> Vec<Event> {
        self.stage.trace
    }

    /// The scheduler, told how far the batch has come: what any change starts with.
    fn scheduler(&mut self) -> &mut Scheduler {
        self.scheduler.catch_up(self.progress, &self.batch);
        &mut self.scheduler
    }

    fn turn(&mut self) {
        self.phase_open = true;
        let mut pace = Rounds { left: self.rounds.unwrap_or(0), now: 0 };
        let mut threw = false;
        for _ in 0..10_000 {
            pace.now = self.stage.clock;
            let step = self.scheduler.next(self.progress, threw, &mut self.batch, &mut pace);
            self.progress = Progress { begun: 0, queued: self.scheduler.queued_immediates() };
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
                Step::Immediates { new_batch, count, drain_first, drain_last } => {
                    self.phase_open = true;
                    if new_batch {
                        self.rest = std::mem::take(&mut self.queue);
                        self.side ^= 1;
                    }
                    assert_eq!(self.rest.len(), count);
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
                    self.scheduler.catch_up(self.progress, &self.batch);
                    self.scheduler.take_timer(slot, &mut self.batch);
                }
            }
            any_ran = true;
            self.progress.begun = index + 1;
            self.run_timer(name)?;
        }
        Ok(())
    }

    fn run_timer(&mut self, name: Name) -> Result<(), Threw> {
        let start = self.stage.clock;
        self.forget_timer(name);
        let timeout = self.timeout(name);
        timeout.running = true;
        let &mut Timeout { order, delay, repeats, .. } = timeout;
        if order != Order::Node && repeats {
            let (missed, _) = self.scheduler().miss(start, delay);
            self.stage.note(Event::Missed(missed));
        }
        let outcome = self.call(name);
        let timeout = self.timeout(name);
        timeout.running = false;
        let &mut Timeout { refed, slot, cleared, .. } = timeout;
        if repeats && !cleared {
            match order {
                Order::Node => self.schedule(name, start),
                Order::Deadline(missed) if slot.is_none() => {
                    let slot = self.scheduler().repeat(delay, missed, refed).expect("a slot");
                    self.pend(name, slot);
                }
                Order::Deadline(_) => {}
            }
        }
        outcome
    }

    fn run_immediates(&mut self, count: usize, drain_first: bool) -> Result<(), Threw> {
        let mut drain_next = drain_first;
        for index in 0..count {
            let next = *self.rest.front().expect("as many as are offered");
            if drain_next && self.immediates.contains_key(&next) {
                self.drain()?;
            }
            self.rest.pop_front();
            self.progress.begun = index + 1;
            if self.immediates.remove(&next).is_some() {
                self.call(next)?;
                drain_next = true;
            }
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

    /// To the back of its list or to its deadline, pending before or not.
    fn schedule(&mut self, name: Name, start: Nanos) {
        let &mut Timeout { order, delay, refed, slot, .. } = self.timeout(name);
        self.scheduler.catch_up(self.progress, &self.batch);
        match (order, slot) {
            (Order::Node, Some(slot)) => {
                self.scheduler.refresh_timer(slot, delay, start, &mut self.batch).expect("room");
            }
            (Order::Deadline(_), Some(slot)) => self.scheduler.postpone(slot, start + delay, &mut self.batch),
            (Order::Node, None) => {
                let slot = self.scheduler.set_timer(delay, start, refed).expect("a slot");
                self.pend(name, slot);
            }
            (Order::Deadline(_), None) => {
                let slot = self.scheduler.set_deadline(start + delay, refed).expect("a slot");
                self.pend(name, slot);
            }
        }
    }

    fn pend(&mut self, name: Name, slot: Slot) {
        self.timeout(name).slot = Some(slot);
        assert!(self.timer_at.insert(slot, name).is_none(), "a slot given out twice");
        self.peak = self.peak.max(self.scheduler.pending_timers());
        assert!((slot as usize) < self.peak, "a free slot was not reused");
    }

    fn set(&mut self, name: Name, order: Order, delay: u64, repeats: bool) {
        let timeout = Timeout { order, delay, repeats, refed: true, slot: None, running: false, cleared: false };
        self.timeouts.insert(name, timeout);
        self.schedule(name, self.stage.clock);
    }
}

impl<'a> Host<'a> for Player<'a> {
    fn stage(&mut self) -> &mut Stage<'a> {
        &mut self.stage
    }

    fn set_timer(&mut self, name: Name, delay: u64, repeats: bool) {
        self.set(name, Order::Node, delay, repeats);
    }

    fn set_deadline(&mut self, name: Name, delay: Nanos, policy: Option<Missed>) {
        self.set(name, Order::Deadline(policy.unwrap_or(Missed::Burst)), delay, policy.is_some());
    }

    fn set_immediate(&mut self, name: Name) {
        let slot = self.progress.queued as Slot * 2 + self.side;
        self.progress.queued += 1;
        self.queue.push_back(name);
        self.immediates.insert(name, slot);
    }

    fn clear(&mut self, name: Name) {
        if let Some(slot) = self.immediates.remove(&name) {
            self.scheduler().clear_immediate(slot).expect("room for a mark");
            self.progress.queued = self.scheduler.queued_immediates();
            if self.progress.queued == 0 {
                self.queue.clear();
            }
        }
        self.scheduler();
        let Some(timeout) = self.timeouts.get_mut(&name).filter(|timeout| !timeout.cleared) else { return };
        timeout.cleared = true;
        let &mut Timeout { order, delay, running, refed, .. } = timeout;
        match self.forget_timer(name) {
            Some(slot) => self.scheduler.clear_timer(slot, &mut self.batch),
            None if running && refed && order == Order::Node => self.scheduler.clear_running_timer(delay),
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
            self.scheduler().set_immediate_ref(slot, refed).expect("room for a mark");
        }
        let Some(timeout) = self.timeouts.get_mut(&name) else { return };
        timeout.refed = refed;
        if let Some(slot) = timeout.slot {
            self.scheduler().set_timer_ref(slot, refed);
        }
    }

    fn standing(&mut self) -> Standing {
        self.scheduler();
        Standing {
            timers: self.scheduler.pending_timers(),
            refed_timers: self.scheduler.refed_timers(),
            immediates: self.scheduler.pending_immediates(),
            refed_immediates: self.scheduler.refed_immediates(),
            next_expiry: self.scheduler.next_expiry(),
        }
    }

    fn timers_phase(&mut self) {
        let now = self.stage.clock;
        if self.scheduler().enter_timers(now) {
            self.turn();
        }
    }

    fn check_phase(&mut self) {
        let rounds = self.rounds.is_some();
        if self.scheduler().enter_check(rounds) {
            self.turn();
        }
    }
}
