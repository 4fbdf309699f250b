//! A cheaper clock for the start of timers: the processor's counter, read in a third of the time and held against the
//! system's clock at least once a millisecond.
//!
//! What it says is never before the system's clock, at most about two microseconds after it, and never goes back. A
//! timer counted from here is thus never early. Whether the counter can be trusted at all is for the caller to know; in
//! here it is only checked that both clocks agree, and where they do not, the system's clock is used.
//!
//! Belongs to one thread. It reads no clock itself.

use crate::scheduler::Nanos;

/// How far the system's clock may be behind us: its rate is corrected by up to 500 parts in a million, ours is measured.
const MARGIN: f64 = 1.001;
/// How long a reading of the system's clock is good for.
const GOOD_FOR: Nanos = 1_000_000;
/// From how long on a distance between two readings gives a rate, and from when on a new distance begins.
const RATE_FROM: Nanos = 10_000_000;
const RATE_UNTIL: Nanos = 1_000_000_000;
/// Between the counter and the system's clock nothing else must have run. In ticks, of which there are 1 to 6 a nanosecond.
const TOGETHER: u64 = 2_000;
/// By how much the two may disagree, apart from the margin.
const AGREE: Nanos = 5_000;
/// What the system's clock, and ours, leave out below a nanosecond.
const ROUNDING: Nanos = 2;

/// The counter and the system's clock, read together.
#[derive(Clone, Copy)]
struct Reading {
    ticks: u64,
    time: Nanos,
}

/// The clock, and what it has learned of the counter.
#[derive(Default)]
pub struct Starts {
    /// Where the distance began that gives the rate.
    origin: Option<Reading>,
    /// Nanoseconds per tick, when known.
    rate: Option<f64>,
    anchor: u64,
    anchor_time: Nanos,
    /// As long as the anchor is good for, in ticks; 0 when it is not good at all.
    ticks: u64,
    /// Nanoseconds per tick with the margin, times 2^32.
    scale: u64,
    last: Nanos,
}

impl Starts {
    /// The time, if the system's clock need not be read for it.
    #[inline]
    pub fn at(&mut self, ticks: u64) -> Option<Nanos> {
        let since = ticks.wrapping_sub(self.anchor);
        if since >= self.ticks {
            return None;
        }
        Some(self.forward(self.anchor_time + ((since * self.scale) >> 32)))
    }

    /// The time, from a reading of the system's clock between two of the counter.
    #[cold]
    pub fn learn(&mut self, before: u64, time: Nanos, after: u64) -> Nanos {
        self.ticks = 0;
        if after.wrapping_sub(before) < TOGETHER {
            self.take(Reading { ticks: before, time });
        }
        self.forward(time)
    }

    fn take(&mut self, reading: Reading) {
        let Some(origin) = self.origin else {
            self.origin = Some(reading);
            return;
        };
        let (Some(ticks), Some(time)) =
            (reading.ticks.checked_sub(origin.ticks), reading.time.checked_sub(origin.time))
        else {
            return self.begin_anew(reading);
        };
        if let Some(rate) = self.rate {
            let expected = ticks as f64 * rate;
            if (expected - time as f64).abs() > (MARGIN - 1.0) * time as f64 + AGREE as f64 {
                return self.begin_anew(reading);
            }
        }
        if time >= RATE_FROM {
            let rate = time as f64 / ticks as f64;
            self.rate = Some(rate);
            self.scale = (rate * MARGIN * 2f64.powi(32)) as u64;
        }
        if time >= RATE_UNTIL {
            self.origin = Some(reading);
        }
        if let Some(rate) = self.rate {
            self.anchor = reading.ticks;
            self.anchor_time = reading.time + ROUNDING;
            self.ticks = (GOOD_FOR as f64 / rate) as u64;
        }
    }

    /// The clocks do not agree: nothing that was learned counts any more.
    fn begin_anew(&mut self, reading: Reading) {
        *self = Self { origin: Some(reading), last: self.last, ..Self::default() };
    }

    fn forward(&mut self, time: Nanos) -> Nanos {
        self.last = self.last.max(time);
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Nanos = 1_000_000_000_000;

    /// A counter and a system's clock.
    struct Machine {
        ticks: u64,
        time: f64,
        ticks_per_nano: f64,
        /// The system's clock runs faster by so many parts in a million.
        slew: f64,
        starts: Starts,
        readings: usize,
    }

    impl Machine {
        fn new(ticks_per_nano: f64) -> Self {
            let starts = Starts::default();
            Self { ticks: u64::MAX / 4, time: START as f64, ticks_per_nano, slew: 0.0, starts, readings: 0 }
        }

        fn pass(&mut self, nanos: f64) {
            self.ticks += (nanos * self.ticks_per_nano) as u64;
            self.time += nanos * (1.0 + self.slew / 1e6);
        }

        /// The time it tells, and by how much it is after the system's when it was asked.
        fn tell(&mut self) -> (Nanos, f64) {
            let asked = self.time;
            let told = self.starts.at(self.ticks).unwrap_or_else(|| {
                self.readings += 1;
                let before = self.ticks;
                self.pass(20.0);
                let time = self.time as Nanos;
                self.pass(20.0);
                self.starts.learn(before, time, self.ticks)
            });
            (told, told as f64 - asked)
        }
    }

    #[test]
    fn it_is_never_behind_and_hardly_ahead() {
        for ticks_per_nano in [1.0, 2.4, 5.7] {
            for slew in [-500.0, 0.0, 500.0] {
                let mut machine = Machine::new(ticks_per_nano);
                let mut last = 0;
                for step in 0..200_000_u32 {
                    // Its rate was measured before the correction began.
                    machine.slew = if step > 20_000 { slew } else { 0.0 };
                    machine.pass(f64::from(step % 17 * 97));
                    let (told, ahead) = machine.tell();
                    assert!((0.0..2_100.0).contains(&ahead), "{ahead} ns ahead in step {step}");
                    assert!(told >= last);
                    last = told;
                }
                // 155 ms: about one reading a millisecond, and one for each step of the first ten.
                assert!(machine.readings < 14_000, "{} readings", machine.readings);
                assert!(machine.starts.rate.is_some());
            }
        }
    }

    #[test]
    fn a_reading_that_was_interrupted_is_no_anchor() {
        let mut machine = Machine::new(2.0);
        for _ in 0..20 {
            machine.pass(1e6);
            machine.tell();
        }
        machine.pass(2e6);
        let before = machine.ticks;
        machine.pass(4e6);
        let time = machine.time as Nanos;
        assert_eq!(machine.starts.learn(before, time, machine.ticks), time);
        assert_eq!(machine.starts.at(machine.ticks), None);
        assert_eq!(machine.tell().0, machine.time as Nanos - 20);
        assert!(machine.starts.at(machine.ticks).is_some());
    }

    #[test]
    fn a_counter_that_jumps_is_not_believed() {
        for jump in [-5_000_000_000_i64, -1_000_000, 1_000_000, 5_000_000_000] {
            let mut machine = Machine::new(2.0);
            for _ in 0..20 {
                machine.pass(1e6);
                machine.tell();
            }
            machine.ticks = machine.ticks.wrapping_add_signed(jump);
            machine.pass(2e6);
            machine.tell();
            assert!(machine.starts.rate.is_none(), "after a jump of {jump}");
            assert_eq!(machine.starts.at(machine.ticks), None);
            for _ in 0..20 {
                machine.pass(1e6);
                machine.tell();
            }
            assert!(machine.starts.rate.is_some(), "it measures again");
        }
    }

    #[test]
    fn a_counter_that_stands_still_is_never_used() {
        let mut starts = Starts::default();
        let mut time = START;
        for _ in 0..1000 {
            time += 1_000_000;
            assert_eq!(starts.at(0), None);
            assert_eq!(starts.learn(0, time, 0), time);
        }
    }
}
