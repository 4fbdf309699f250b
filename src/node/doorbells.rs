//! What JavaScript calls for doorbells. Numbers pass through the poll area of the shared words.

use std::ffi::CStr;

use napi::sys;

use super::functions::{entry, raw_functions};
use super::memory::POLL_CAPACITY;
use crate::driver::doorbells::{self, DoorbellId, Doorbells, NoMemory};

/// Every raw function of this file, under the name `lib/` knows it by.
pub(super) const FUNCTIONS: &[(&CStr, sys::napi_callback)] = &[
    (c"openDoorbell", Some(open_doorbell)),
    (c"closeDoorbell", Some(close_doorbell)),
    (c"takeRung", Some(take_rung)),
    (c"ring", Some(ring)),
];

/// How many doorbells are taken at once.
const DOORBELLS: usize = POLL_CAPACITY / 4;

raw_functions! {
    fn open_doorbell(environment) {
        environment.need_doorbells()?;
        let id = environment.with_doorbells(Doorbells::open).unwrap_or(Err(NoMemory))?;
        environment.memory.set_doubles(0, id, 0);
        Ok(())
    }

    /// Leaves how often it was rung since it was taken last.
    fn close_doorbell(environment) {
        let id = environment.memory.doorbell();
        let rung = environment.with_doorbells(|doorbells| doorbells.close(id)).unwrap_or(0);
        environment.memory.set_doubles(0, id, rung);
        Ok(())
    }

    fn take_rung(environment) {
        let mut taken: [(DoorbellId, u64); DOORBELLS] = [(0, 0); DOORBELLS];
        let count = environment.with_doorbells(|doorbells| doorbells.take(&mut taken)).unwrap_or(0);
        for (index, &(id, rung)) in taken[..count].iter().enumerate() {
            environment.memory.set_doubles(index, id, rung);
        }
        environment.memory.set_polled(count);
        if count == DOORBELLS {
            environment.handles.ask_for_poll();
        }
        Ok(())
    }

    /// Rings a doorbell of any environment. Leaves 0 if there is none with this number.
    fn ring(environment) {
        let id = environment.memory.doorbell();
        environment.memory.set_doubles(0, u64::from(doorbells::ring(id).is_ok()), 0);
        Ok(())
    }
}
