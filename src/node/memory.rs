//! The words JavaScript and Rust pass numbers through, instead of arguments and results of each call.
//!
//! One piece of memory per environment, see `words.rs`. `lib/memory.js` has the same numbers. A call without arguments and
//! without a result costs about a third of one that has them.

use super::words::Words;
use crate::scheduler::{Batch, Missed, Nanos, Progress, Slot, Step};

/// Where things stand, counted in 32-bit words.
mod word {
    /// The slot a call is about, or has given out.
    pub(super) const SLOT: usize = 0;
    /// How many entries of the batch have begun. JavaScript writes it just before each callback.
    pub(super) const BEGUN: usize = 1;
    /// Whether what ran last threw.
    pub(super) const THREW: usize = 2;
    /// The step: what to do, with how many entries, draining before the first or after the last.
    pub(super) const STEP: usize = 3;
    pub(super) const COUNT: usize = 4;
    pub(super) const DRAIN_FIRST: usize = 5;
    pub(super) const DRAIN_LAST: usize = 6;
    /// How many immediates the queue has. JavaScript counts up, Rust sets it back.
    pub(super) const QUEUED: usize = 7;
    /// The delay a call is about, as a double.
    pub(super) const DELAY: usize = 8;
    /// Whether Rust has to be told of the next immediate, because no other one keeps the loop from sleeping.
    pub(super) const TELL: usize = 10;
    /// Whether JavaScript has something to run in the poll phase.
    pub(super) const POLL: usize = 11;
    /// How many things of the poll phase keep the process alive.
    pub(super) const HELD: usize = 12;
    /// What an interval in deadline order does about deadlines it has missed, in the order of `Missed`.
    pub(super) const POLICY: usize = 13;
    /// How many it has missed.
    pub(super) const MISSED: usize = 14;
    /// How often, since the start and modulo 2^32, the loop has gone round, and something has woken it for us.
    pub(super) const TURNS: usize = 15;
    pub(super) const WAKES: usize = 16;
    /// Whether what JavaScript throws only leaves the turn, because the error behind it was reported.
    pub(super) const LEAVES: usize = 17;
    /// The time that was read last, for a timer to count from or because it was asked for, as a double.
    pub(super) const TIME: usize = 18;
    pub(super) const BATCH: usize = 32;
    /// What a file descriptor is to be watched for.
    pub(super) const WANTED: usize = BATCH + super::BATCH_CAPACITY;
    /// The number of the system's error, or 0.
    pub(super) const ERRNO: usize = WANTED + 1;
    /// How many entries of the poll area count.
    pub(super) const POLLED: usize = WANTED + 2;
    /// The poll area: what has come, and what is to be looked at. Aligned for doubles.
    pub(super) const POLL_AREA: usize = WANTED + 4;
    pub(super) const END: usize = POLL_AREA + super::POLL_CAPACITY;
}

/// How many callbacks are offered at once.
const BATCH_CAPACITY: usize = 1024;

const NANOS_PER_MILLI: f64 = 1e6;
/// The shortest delay of a timer in deadline order: about what it takes to wake up.
const SHORTEST: Nanos = 50_000;

/// How many words the poll area has.
pub(super) const POLL_CAPACITY: usize = 1024;

/// What JavaScript is to do, in the numbers of `lib/memory.js`.
#[derive(Clone, Copy)]
enum StepCode {
    Done = 0,
    Drain = 1,
    Timers = 2,
    /// Timers of the same list as the batch before.
    MoreTimers = 3,
    /// A new batch of immediates.
    Immediates = 4,
    /// The rest of the batch before.
    MoreImmediates = 5,
}

/// The words of one environment.
#[derive(Clone, Copy)]
pub(super) struct Memory(Words<{ word::END }>);

impl Memory {
    pub(super) fn new(words: Words<{ word::END }>) -> Self {
        Self(words)
    }

    fn read(self, word: usize) -> u32 {
        self.0.read(word)
    }

    fn write(self, word: usize, value: u32) {
        self.0.write(word, value);
    }

    pub(super) fn slot(self) -> Slot {
        self.read(word::SLOT)
    }

    pub(super) fn set_slot(self, slot: Slot) {
        self.write(word::SLOT, slot);
    }

    pub(super) fn progress(self) -> Progress {
        Progress { begun: self.read(word::BEGUN) as usize, queued: self.read(word::QUEUED) as usize }
    }

    /// Sets back how many immediates the queue has.
    pub(super) fn set_queued(self, queued: usize) {
        self.write(word::QUEUED, queued as u32);
    }

    pub(super) fn set_tell(self, tell: bool) {
        self.write(word::TELL, u32::from(tell));
    }

    pub(super) fn wants_poll(self) -> bool {
        self.read(word::POLL) != 0
    }

    pub(super) fn held(self) -> bool {
        self.read(word::HELD) != 0
    }

    /// Whether what was thrown only leaves the turn.
    pub(super) fn takes_leave(self) -> bool {
        let leaves = self.read(word::LEAVES) != 0;
        self.write(word::LEAVES, 0);
        leaves
    }

    pub(super) fn count_turn(self) {
        self.write(word::TURNS, self.read(word::TURNS).wrapping_add(1));
    }

    pub(super) fn count_wake(self) {
        self.write(word::WAKES, self.read(word::WAKES).wrapping_add(1));
    }

    pub(super) fn set_time(self, time: Nanos) {
        self.0.write_double(word::TIME, time as f64);
    }

    pub(super) fn wanted(self) -> u32 {
        self.read(word::WANTED)
    }

    pub(super) fn set_errno(self, errno: i32) {
        self.write(word::ERRNO, errno.cast_unsigned());
    }

    pub(super) fn polled(self) -> usize {
        (self.read(word::POLLED) as usize).min(POLL_CAPACITY)
    }

    pub(super) fn set_polled(self, count: usize) {
        self.write(word::POLLED, count as u32);
    }

    /// A number in the poll area.
    pub(super) fn poll_word(self, index: usize) -> u32 {
        self.read(word::POLL_AREA + index)
    }

    /// A pair of numbers in the poll area.
    pub(super) fn set_poll_pair(self, index: usize, first: u32, second: u32) {
        self.write(word::POLL_AREA + index * 2, first);
        self.write(word::POLL_AREA + index * 2 + 1, second);
    }

    /// The number of a doorbell, which a call is about.
    pub(super) fn doorbell(self) -> u64 {
        self.0.read_double(word::POLL_AREA) as u64
    }

    pub(super) fn set_doubles(self, index: usize, first: u64, second: u64) {
        self.0.write_double(word::POLL_AREA + index * 4, first as f64);
        self.0.write_double(word::POLL_AREA + index * 4 + 2, second as f64);
    }

    pub(super) fn threw(self) -> bool {
        self.read(word::THREW) != 0
    }

    /// The delay, in whole milliseconds and at least 1, whatever JavaScript wrote.
    pub(super) fn delay(self) -> u64 {
        // A cast from float to integer saturates, and turns NaN into 0.
        (self.millis() as u64).max(1)
    }

    /// The delay of a timer in deadline order, whatever JavaScript wrote.
    pub(super) fn fine_delay(self) -> Nanos {
        ((self.millis() * NANOS_PER_MILLI).round() as Nanos).max(SHORTEST)
    }

    fn millis(self) -> f64 {
        self.0.read_double(word::DELAY)
    }

    pub(super) fn policy(self) -> Missed {
        match self.read(word::POLICY) {
            0 => Missed::Burst,
            1 => Missed::Delay,
            _ => Missed::Skip,
        }
    }

    pub(super) fn set_missed(self, missed: u64) {
        self.write(word::MISSED, u32::try_from(missed).unwrap_or(u32::MAX));
    }

    pub(super) fn set_step(self, step: Step) {
        let (code, count, drain_first, drain_last) = match step {
            Step::Done => (StepCode::Done, 0, false, false),
            Step::Drain => (StepCode::Drain, 0, false, false),
            Step::Timers { same_list: false, count, drain_first } => (StepCode::Timers, count, drain_first, false),
            Step::Timers { same_list: true, count, drain_first } => (StepCode::MoreTimers, count, drain_first, false),
            Step::Immediates { new_batch: true, count, drain_first, drain_last } => {
                (StepCode::Immediates, count, drain_first, drain_last)
            }
            Step::Immediates { new_batch: false, count, drain_first, drain_last } => {
                (StepCode::MoreImmediates, count, drain_first, drain_last)
            }
        };
        self.write(word::BEGUN, 0);
        self.write(word::STEP, code as u32);
        self.write(word::COUNT, count as u32);
        self.write(word::DRAIN_FIRST, u32::from(drain_first));
        self.write(word::DRAIN_LAST, u32::from(drain_last));
    }

    pub(super) fn batch(self) -> SharedBatch {
        SharedBatch(self.0)
    }
}

/// The batch, where JavaScript finds it.
pub(super) struct SharedBatch(Words<{ word::END }>);

impl Batch for SharedBatch {
    fn capacity(&self) -> usize {
        BATCH_CAPACITY
    }

    fn entry(&self, index: usize) -> Slot {
        self.0.read(word::BATCH + index)
    }

    fn set_entry(&mut self, index: usize, slot: Slot) {
        self.0.write(word::BATCH + index, slot);
    }
}
