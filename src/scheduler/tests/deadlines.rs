//! Timers in deadline order: what their callers may rely on, and rules with a name. How they mix with everything else
//! is for the random programs.

use super::super::{Missed, NO_SLOT, Nanos, Pace, Progress, Scheduler, Slot, Step};

const MILLI: Nanos = 1_000_000;

struct NoRounds;

impl Pace for NoRounds {
    fn another_round(&mut self) -> Option<Nanos> {
        None
    }
}

/// A scheduler whose timers begin as soon as they are offered.
struct Phases {
    scheduler: Scheduler,
    batch: [Slot; 8],
    begun: usize,
}

impl Phases {
    fn new() -> Self {
        Self { scheduler: Scheduler::default(), batch: [NO_SLOT; 8], begun: 0 }
    }

    fn set(&mut self, deadline: Nanos) -> Slot {
        self.scheduler.set_deadline(deadline, true).unwrap()
    }

    fn next(&mut self) -> Step {
        let progress = Progress { begun: self.begun, queued: 0 };
        self.begun = 0;
        self.scheduler.next(progress, false, &mut self.batch, &mut NoRounds)
    }

    /// The next timer of the phase begins.
    fn begin(&mut self) -> Option<Slot> {
        let Step::Timers { .. } = self.next() else { return None };
        self.begun = 1;
        self.scheduler.catch_up(Progress { begun: 1, queued: 0 }, &self.batch);
        Some(self.batch[0])
    }

    /// Runs a timers phase. Gives what began in it.
    fn phase(&mut self, now: Nanos) -> Vec<Slot> {
        self.scheduler.enter_timers(now);
        std::iter::from_fn(|| self.begin()).collect()
    }

    /// Runs a timers phase in which there is just one interval. Gives what it had missed at each call.
    fn interval(&mut self, now: Nanos, period: Nanos, missed: Missed) -> Vec<u64> {
        self.scheduler.enter_timers(now);
        let mut calls = Vec::new();
        while self.begin().is_some() {
            calls.push(self.scheduler.miss(now, period).0);
            self.scheduler.repeat(period, missed, true).unwrap();
        }
        calls
    }
}

#[test]
fn a_timer_is_due_at_its_nanosecond_and_not_before() {
    let mut phases = Phases::new();
    let slot = phases.set(50_001);
    assert_eq!(phases.scheduler.next_expiry(), Some(50_001));
    assert_eq!(phases.phase(50_000), []);
    assert_eq!(phases.phase(50_001), [slot]);
    assert_eq!((phases.scheduler.pending_timers(), phases.scheduler.next_expiry()), (0, None));
}

#[test]
fn due_timers_run_in_the_order_of_their_deadlines_and_equal_ones_in_the_order_they_were_set() {
    let mut phases = Phases::new();
    let [late, tie_1, early, tie_2, tie_3] = [40, 30, 10, 30, 30].map(|deadline| phases.set(deadline));
    assert_eq!(phases.phase(40), [early, tie_1, tie_2, tie_3, late]);
}

#[test]
fn a_list_runs_by_when_its_timers_are_due_and_first_at_a_tie() {
    let mut phases = Phases::new();
    let before = phases.set(MILLI - 1);
    let tie = phases.set(MILLI);
    let between = phases.set(MILLI + 1);
    let listed = [0, 2].map(|start| phases.scheduler.set_timer(1, start, true).unwrap());
    assert_eq!(phases.phase(2 * MILLI), [before, listed[0], tie, between, listed[1]]);
}

#[test]
fn a_postponed_timer_goes_behind_all_with_its_new_deadline() {
    let mut phases = Phases::new();
    let [first, second] = [10, 20].map(|deadline| phases.set(deadline));
    phases.scheduler.postpone(first, 20, &mut []);
    assert_eq!(phases.scheduler.next_expiry(), Some(20));
    assert_eq!(phases.phase(20), [second, first]);
}

#[test]
fn an_offered_timer_that_is_cleared_or_postponed_is_struck_out() {
    for clear in [true, false] {
        let mut phases = Phases::new();
        let [first, second] = [10, 20].map(|deadline| phases.set(deadline));
        assert!(phases.scheduler.enter_timers(20));
        phases.next();
        assert_eq!(phases.batch[0], first);
        if clear {
            phases.scheduler.clear_timer(first, &mut phases.batch);
        } else {
            phases.scheduler.postpone(first, 30, &mut phases.batch);
        }
        assert_eq!(phases.batch[0], NO_SLOT);
        assert_eq!(phases.begin(), Some(second));
        assert_eq!(phases.begin(), None);
        assert_eq!(phases.scheduler.next_expiry(), (!clear).then_some(30));
    }
}

#[test]
fn a_drain_comes_between_two_but_not_after_a_throw() {
    let mut phases = Phases::new();
    for deadline in [10, 20, 30] {
        phases.set(deadline);
    }
    assert!(phases.scheduler.enter_timers(30));
    let step = |drain_first| Step::Timers { count: 1, drain_first, same_list: false };
    let mut next =
        |begun, threw| phases.scheduler.next(Progress { begun, queued: 0 }, threw, &mut phases.batch, &mut NoRounds);
    assert_eq!(next(0, false), step(false));
    assert_eq!(next(1, false), step(true));
    assert_eq!(next(1, true), step(false));
    assert_eq!(next(1, false), Step::Done);
}

#[test]
fn numbers_nothing_is_pending_under_are_ignored() {
    let mut phases = Phases::new();
    let stale = phases.set(10);
    phases.scheduler.clear_timer(stale, &mut []);
    for slot in [stale, 1, NO_SLOT] {
        phases.scheduler.postpone(slot, 5, &mut []);
        phases.scheduler.clear_timer(slot, &mut []);
        phases.scheduler.take_timer(slot, &mut []);
        phases.scheduler.set_timer_ref(slot, false);
    }
    assert_eq!((phases.scheduler.pending_timers(), phases.scheduler.next_expiry()), (0, None));
}

#[test]
fn they_count_as_pending_and_as_keeping_alive_like_any_timer() {
    let mut phases = Phases::new();
    let counts = |phases: &Phases| (phases.scheduler.pending_timers(), phases.scheduler.refed_timers());
    let slots = [10, 20].map(|deadline| phases.set(deadline));
    phases.scheduler.set_timer_ref(slots[0], false);
    assert_eq!(counts(&phases), (2, 1));
    phases.scheduler.take_timer(slots[0], &mut []);
    assert_eq!(counts(&phases), (1, 1));
    assert_eq!(phases.phase(20), [slots[1]]);
    assert_eq!(counts(&phases), (0, 0));
}

#[test]
fn a_deadline_without_end_saturates() {
    let mut phases = Phases::new();
    let slot = phases.set(Nanos::MAX);
    assert_eq!(phases.phase(Nanos::MAX - 1), []);
    phases.scheduler.enter_timers(Nanos::MAX);
    assert_eq!(phases.begin(), Some(slot));
    for missed in [Missed::Burst, Missed::Delay, Missed::Skip] {
        let slot = phases.scheduler.repeat(Nanos::MAX, missed, true).unwrap();
        assert_eq!(phases.scheduler.next_expiry(), Some(Nanos::MAX));
        phases.scheduler.clear_timer(slot, &mut []);
    }
}

#[test]
fn an_interval_on_time_keeps_to_its_grid_whatever_its_policy() {
    for missed in [Missed::Burst, Missed::Delay, Missed::Skip] {
        let mut phases = Phases::new();
        phases.set(1_000);
        for tick in 1..100 {
            // Up to a nanosecond before the next deadline.
            assert_eq!(phases.interval(tick * 1_000 + tick * 10 % 1_000, 1_000, missed), [0]);
            assert_eq!(phases.scheduler.next_expiry(), Some((tick + 1) * 1_000), "{missed:?}");
        }
    }
}

#[test]
fn a_late_interval_bursts_begins_anew_or_skips() {
    for (missed, calls, next) in
        [(Missed::Burst, vec![3, 2, 1, 0], 5_000), (Missed::Delay, vec![3], 5_700), (Missed::Skip, vec![3], 5_000)]
    {
        let mut phases = Phases::new();
        phases.set(1_000);
        assert_eq!(phases.interval(4_700, 1_000, missed), calls, "{missed:?}");
        assert_eq!(phases.scheduler.next_expiry(), Some(next), "{missed:?}");
    }
}

#[test]
fn a_burst_is_in_order_with_other_deadlines() {
    let mut phases = Phases::new();
    phases.set(1_000);
    let other = phases.set(2_500);
    assert!(phases.scheduler.enter_timers(4_000));
    let mut order = Vec::new();
    while let Some(slot) = phases.begin() {
        order.push(slot == other);
        if slot != other {
            phases.scheduler.miss(4_000, 1_000);
            phases.scheduler.repeat(1_000, Missed::Burst, true).unwrap();
        }
    }
    assert_eq!(order, [false, false, true, false, false]);
}

#[test]
fn a_long_burst_lets_the_loop_go_on_every_64_callbacks() {
    let mut phases = Phases::new();
    phases.set(1);
    let now = 150;
    assert_eq!(phases.interval(now, 1, Missed::Burst).len(), 64);
    assert_eq!(phases.scheduler.next_expiry(), Some(65));
    assert_eq!(phases.interval(now, 1, Missed::Burst).len(), 64);
    let rest = phases.interval(now, 1, Missed::Burst);
    assert_eq!((rest.len(), rest.last()), (22, Some(&0)));
    assert_eq!(phases.scheduler.next_expiry(), Some(now + 1));
}

#[test]
fn a_timer_that_becomes_an_interval_in_its_callback_counts_from_its_deadline() {
    let mut phases = Phases::new();
    phases.set(1_000);
    phases.scheduler.enter_timers(9_000);
    phases.begin();
    phases.scheduler.repeat(500, Missed::Skip, true).unwrap();
    assert_eq!(phases.scheduler.next_expiry(), Some(1_500));
}
