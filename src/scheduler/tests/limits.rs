//! The end of the numbers: an error, nothing is scheduled, and what becomes free can be had again.

use super::super::slots::MOST;
use super::super::{OutOfSlots, Scheduler, Slot};

#[test]
fn after_the_last_slot_there_is_an_error_and_a_freed_one_is_given_again() {
    let mut scheduler = Scheduler::default();
    let slots: Vec<Slot> = (0..MOST).map(|_| scheduler.set_timer(1, 0, true).unwrap()).collect();
    let before = scheduler.next_expiry();
    assert_eq!(scheduler.set_timer(1, 0, true), Err(OutOfSlots));
    assert_eq!(scheduler.set_deadline(0, true), Err(OutOfSlots));
    // No list is left of one that had a delay of its own.
    assert_eq!(scheduler.set_timer(7, 0, true), Err(OutOfSlots));
    assert_eq!((scheduler.pending_timers(), scheduler.refed_timers()), (MOST, MOST));
    scheduler.clear_timer(slots[MOST / 2], &mut []);
    assert_eq!(scheduler.set_deadline(5, true), Ok(slots[MOST / 2]));
    assert_eq!(scheduler.next_expiry(), Some(5));
    for slot in slots {
        scheduler.clear_timer(slot, &mut []);
    }
    assert!(before.is_some());
    assert_eq!((scheduler.next_expiry(), scheduler.pending_timers()), (None, 0));
}
