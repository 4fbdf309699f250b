//! What callers of the scheduler may rely on apart from the order: exact times, slots, counts, the end of a turn.

use super::super::{NO_SLOT, Nanos, Pace, Progress, Scheduler, Slot, Step};

const MILLI: Nanos = 1_000_000;

/// Allows rounds without end and counts how often it was asked.
struct Endless {
    now: Nanos,
    asked: usize,
}

impl Pace for Endless {
    fn another_round(&mut self) -> Option<Nanos> {
        self.asked += 1;
        Some(self.now)
    }
}

struct Never;

impl Pace for Never {
    fn another_round(&mut self) -> Option<Nanos> {
        None
    }
}

fn counts(scheduler: &Scheduler) -> [usize; 4] {
    [scheduler.pending_timers(), scheduler.refed_timers(), scheduler.pending_immediates(), scheduler.refed_immediates()]
}

/// The timers a step offers.
fn offered(step: Step, batch: &[Slot]) -> Vec<Slot> {
    match step {
        Step::Timers { count, .. } => batch[..count].to_vec(),
        Step::Immediates { .. } | Step::Done | Step::Drain => Vec::new(),
    }
}

/// A step in a turn without rounds.
const fn immediates(new_batch: bool, count: usize, drain_first: bool) -> Step {
    Step::Immediates { new_batch, count, drain_first, drain_last: false }
}

/// So much of the batch has begun, and nothing was put into the queue.
fn begun(begun: usize) -> Progress {
    Progress { begun, queued: 0 }
}

fn queue_immediates(scheduler: &mut Scheduler, more: usize) {
    let queued = scheduler.queued_immediates() + more;
    scheduler.catch_up(Progress { begun: 0, queued }, &[]);
}

#[test]
fn a_timer_is_not_due_a_nanosecond_early() {
    let mut scheduler = Scheduler::default();
    let slot = scheduler.set_timer(3, 567, true).unwrap();
    assert_eq!(scheduler.next_expiry(), Some(3 * MILLI + 567));
    assert!(!scheduler.enter_timers(3 * MILLI + 566));
    assert!(!scheduler.in_turn());
    assert!(scheduler.enter_timers(3 * MILLI + 567));
    let mut batch = [NO_SLOT; 4];
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [slot]);
}

#[test]
fn within_a_due_list_a_timer_is_not_offered_a_nanosecond_early() {
    let mut scheduler = Scheduler::default();
    let first = scheduler.set_timer(3, 0, true).unwrap();
    scheduler.set_timer(3, 1, true).unwrap();
    assert!(scheduler.enter_timers(3 * MILLI));
    let mut batch = [NO_SLOT; 4];
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [first]);
    assert_eq!(scheduler.next(begun(1), false, &mut batch, &mut Never), Step::Done);
    assert_eq!(scheduler.next_expiry(), Some(3 * MILLI + 1));
}

#[test]
fn delays_without_end_saturate_and_keep_their_order() {
    let mut scheduler = Scheduler::default();
    let longest = (1 << 53) - 1;
    let now = 1 << 60;
    let far = scheduler.set_timer(longest, now, true).unwrap();
    let farther = scheduler.set_timer(u64::MAX, u64::MAX, true).unwrap();
    assert_eq!(scheduler.next_expiry(), Some(u64::MAX));
    assert!(!scheduler.enter_timers(u64::MAX - 1));
    let month = scheduler.set_timer(31 * 24 * 3600 * 1000, now, true).unwrap();
    assert_eq!(scheduler.next_expiry(), Some(now + 31 * 24 * 3600 * 1000 * MILLI));
    scheduler.clear_timer(month, &mut []);
    assert!(scheduler.enter_timers(u64::MAX));
    let mut batch = [NO_SLOT; 4];
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [far]);
    let step = scheduler.next(begun(1), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [farther]);
    assert_eq!(scheduler.next(begun(1), false, &mut batch, &mut Never), Step::Done);
    assert_eq!(counts(&scheduler), [0; 4]);
}

#[test]
fn slots_are_reused() {
    let mut scheduler = Scheduler::default();
    for _ in 0..1000 {
        let timers = [1, 1, 2].map(|delay| scheduler.set_timer(delay, 0, true).unwrap());
        assert!(timers.iter().all(|&slot| slot < 3));
        for slot in timers {
            scheduler.clear_timer(slot, &mut []);
        }
    }
}

#[test]
fn a_slot_is_free_as_soon_as_its_callback_has_begun() {
    let mut scheduler = Scheduler::default();
    let slot = scheduler.set_timer(1, 0, true).unwrap();
    let mut batch = [NO_SLOT; 4];
    assert!(scheduler.enter_timers(MILLI));
    scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(scheduler.pending_timers(), 1);
    scheduler.catch_up(begun(1), &batch);
    assert_eq!(counts(&scheduler), [0; 4]);
    assert_eq!(scheduler.set_timer(1, MILLI, true), Ok(slot));
    // Catching up twice changes nothing, and the new timer has nothing to do with the old entry.
    scheduler.catch_up(begun(1), &batch);
    assert_eq!(counts(&scheduler), [1, 1, 0, 0]);
}

#[test]
fn timer_slots_nothing_is_pending_under_are_ignored() {
    let mut scheduler = Scheduler::default();
    let mut batch = [NO_SLOT; 4];
    let stale = scheduler.set_timer(1, 0, true).unwrap();
    let timer = scheduler.set_timer(1, 0, true).unwrap();
    scheduler.clear_timer(stale, &mut batch);
    let before = (counts(&scheduler), scheduler.next_expiry());
    for slot in [stale, 2, 1000, i32::MAX as u32, NO_SLOT - 1, NO_SLOT] {
        scheduler.clear_timer(slot, &mut batch);
        scheduler.take_timer(slot, &mut batch);
        scheduler.refresh_timer(slot, 7, 0, &mut batch).unwrap();
        scheduler.set_timer_ref(slot, false);
        scheduler.set_timer_ref(slot, true);
    }
    scheduler.clear_running_timer(99);
    assert_eq!((counts(&scheduler), scheduler.next_expiry()), before);
    assert_eq!(before.0, [1, 1, 0, 0]);
    assert!(scheduler.enter_timers(MILLI));
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [timer]);
}

#[test]
fn immediate_slots_nothing_is_pending_under_are_ignored() {
    let mut scheduler = Scheduler::default();
    queue_immediates(&mut scheduler, 2);
    scheduler.clear_immediate(0).unwrap();
    let change_all = |scheduler: &mut Scheduler, slots: &[Slot]| {
        for &slot in slots {
            scheduler.set_immediate_ref(slot, false).unwrap();
            scheduler.set_immediate_ref(slot, true).unwrap();
            scheduler.clear_immediate(slot).unwrap();
        }
    };
    change_all(&mut scheduler, &[0, 1, 3, 4, 1000, NO_SLOT - 1, NO_SLOT]);
    assert_eq!(counts(&scheduler), [0, 0, 1, 1]);
    assert!(scheduler.enter_check(false));
    assert_eq!(scheduler.next(begun(0), false, &mut [], &mut Never), immediates(true, 2, false));
    // The queue is on the other side now; what is left of the batch is pending under the slot it had.
    queue_immediates(&mut scheduler, 1);
    change_all(&mut scheduler, &[0, 3, 4]);
    assert_eq!(counts(&scheduler), [0, 0, 2, 2]);
    scheduler.clear_immediate(2).unwrap();
    assert_eq!(counts(&scheduler), [0, 0, 1, 1]);
    scheduler.clear_immediate(1).unwrap();
    assert_eq!(counts(&scheduler), [0; 4]);
}

#[test]
fn a_queue_of_cleared_immediates_begins_anew() {
    let mut scheduler = Scheduler::default();
    for _ in 0..3 {
        queue_immediates(&mut scheduler, 2);
        scheduler.clear_immediate(2).unwrap();
        assert_eq!(scheduler.queued_immediates(), 2);
        scheduler.clear_immediate(0).unwrap();
        assert_eq!(scheduler.queued_immediates(), 0);
        assert!(!scheduler.enter_check(false));
    }
}

#[test]
fn refs_are_counted_once() {
    let mut scheduler = Scheduler::default();
    let timer = scheduler.set_timer(1, 0, false).unwrap();
    queue_immediates(&mut scheduler, 1);
    assert_eq!(counts(&scheduler), [1, 0, 1, 1]);
    for (refed, count) in [(true, 1), (true, 1), (false, 0), (false, 0)] {
        scheduler.set_timer_ref(timer, refed);
        scheduler.set_immediate_ref(0, refed).unwrap();
        assert_eq!(counts(&scheduler), [1, count, 1, count]);
    }
    scheduler.refresh_timer(timer, 1, 5, &mut []).unwrap();
    assert_eq!(counts(&scheduler), [1, 0, 1, 0]);
}

#[test]
fn leaving_a_turn_in_the_middle_of_a_list_keeps_the_rest() {
    let mut scheduler = Scheduler::default();
    let slots = [1, 1, 1, 1, 2].map(|delay| scheduler.set_timer(delay, 0, true).unwrap());
    let mut batch = [NO_SLOT; 8];
    assert!(scheduler.enter_timers(5 * MILLI));
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), slots[..4]);
    scheduler.leave(begun(2), &batch);
    assert!(!scheduler.in_turn());
    assert_eq!(counts(&scheduler), [3, 3, 0, 0]);
    assert_eq!(scheduler.next_expiry(), Some(MILLI));
    assert_eq!(scheduler.next(begun(0), false, &mut batch, &mut Never), Step::Done);
    // What was offered but not reached can be changed like anything else.
    scheduler.clear_timer(slots[3], &mut batch);
    assert!(scheduler.enter_timers(5 * MILLI));
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [slots[2]]);
    let step = scheduler.next(begun(1), false, &mut batch, &mut Never);
    assert_eq!(offered(step, &batch), [slots[4]]);
}

#[test]
fn leaving_a_turn_in_the_middle_of_the_immediates_keeps_the_rest_in_front() {
    let mut scheduler = Scheduler::default();
    queue_immediates(&mut scheduler, 4);
    assert!(scheduler.enter_check(false));
    assert_eq!(scheduler.next(begun(0), false, &mut [], &mut Never), immediates(true, 4, false));
    scheduler.catch_up(begun(1), &[]);
    queue_immediates(&mut scheduler, 1);
    scheduler.leave(begun(2), &[]);
    assert_eq!(counts(&scheduler), [0, 0, 3, 3]);
    scheduler.clear_immediate(2 * 2).unwrap();
    assert!(scheduler.enter_check(false));
    assert_eq!(scheduler.next(begun(0), false, &mut [], &mut Never), immediates(false, 2, false));
    assert_eq!(scheduler.next(begun(2), false, &mut [], &mut Never), Step::Done);
    assert!(scheduler.enter_check(false));
    assert_eq!(scheduler.next(begun(0), false, &mut [], &mut Never), immediates(true, 1, false));
}

#[test]
fn after_a_throw_the_rest_of_the_immediates_runs_without_a_drain() {
    for (threw, drain_first) in [(true, false), (false, true)] {
        let mut scheduler = Scheduler::default();
        queue_immediates(&mut scheduler, 3);
        assert!(scheduler.enter_check(false));
        scheduler.next(begun(0), false, &mut [], &mut Never);
        assert_eq!(scheduler.next(begun(1), threw, &mut [], &mut Never), immediates(false, 2, drain_first));
    }
}

#[test]
fn what_an_abandoned_batch_offered_strikes_nothing_out_of_a_later_one() {
    let mut scheduler = Scheduler::default();
    let mut batch = [NO_SLOT; 8];
    let timers = [1, 1, 1].map(|delay| scheduler.set_timer(delay, 0, true).unwrap());
    queue_immediates(&mut scheduler, 3);
    assert!(scheduler.enter_timers(5 * MILLI));
    scheduler.next(begun(0), false, &mut batch, &mut Never);
    scheduler.leave(begun(1), &batch);
    assert!(scheduler.enter_check(false));
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    scheduler.clear_timer(timers[1], &mut batch);
    assert_eq!(step, immediates(true, 3, false));
    scheduler.leave(begun(1), &batch);
    let new = scheduler.set_timer(1, 1, true).unwrap();
    assert!(scheduler.enter_timers(5 * MILLI));
    let step = scheduler.next(begun(0), false, &mut batch, &mut Never);
    scheduler.clear_immediate(2).unwrap();
    assert_eq!(offered(step, &batch), [timers[2], new]);
}

#[test]
fn a_turn_is_not_entered_without_reason() {
    let mut scheduler = Scheduler::default();
    assert!(!scheduler.enter_timers(u64::MAX));
    assert!(!scheduler.enter_check(true));
    assert!(!scheduler.in_turn());
    assert_eq!(scheduler.next(begun(0), false, &mut [], &mut Never), Step::Done);
}

#[test]
fn the_pace_is_asked_once_a_round_and_only_where_rounds_may_follow() {
    for (rounds, asked) in [(false, 0), (true, 3)] {
        let mut scheduler = Scheduler::default();
        let mut pace = Endless { now: 0, asked: 0 };
        queue_immediates(&mut scheduler, 1);
        scheduler.enter_check(rounds);
        let mut ran = 0;
        loop {
            let step = scheduler.next(begun(ran.min(1)), false, &mut [], &mut pace);
            if step == Step::Done {
                break;
            }
            assert_eq!(step, Step::Immediates { new_batch: true, count: 1, drain_first: false, drain_last: rounds });
            ran += 1;
            scheduler.catch_up(begun(1), &[]);
            if ran < 3 {
                queue_immediates(&mut scheduler, 1);
            }
        }
        assert_eq!((ran, pace.asked), (if rounds { 3 } else { 1 }, asked));
        assert!(!scheduler.in_turn());
    }
}

#[test]
fn a_hundred_thousand_timers_leave_nothing_behind() {
    let mut scheduler = Scheduler::default();
    let count = 100_000;
    for _ in 0..2 {
        let slots: Vec<Slot> = (0..count).map(|n| scheduler.set_timer(1 + n % 1000, n, n % 3 > 0).unwrap()).collect();
        assert_eq!(scheduler.pending_timers() as u64, count);
        // In an order of no order: the step has no divisor in common with the count.
        for n in 0..count {
            let index = (n * 7919 % count) as usize;
            // Clearing an unref'd timer would leave its list.
            scheduler.set_timer_ref(slots[index], true);
            scheduler.clear_timer(slots[index], &mut []);
        }
        assert_eq!(counts(&scheduler), [0; 4]);
        assert_eq!(scheduler.next_expiry(), None);
        assert!(slots.iter().all(|&slot| u64::from(slot) < count));
    }
}
