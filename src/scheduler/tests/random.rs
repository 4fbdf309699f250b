//! Random programs, run on the model and on the scheduler: the traces must be the same.
//!
//! `SCHEDULER_SEED` sets at which seed they begin, `SCHEDULER_PROGRAMS` how many run, `SCHEDULER_SECONDS` for how long
//! instead. The programs of `seeds.txt` run each time: those that went wrong once, and those that come where few come.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Missed, Nanos};
use super::model::Model;
use super::player::{Player, Setting};
use super::program::{Action, Event, FRESH, Host, LISTENER, MAIN, MILLI, Name, Pick, Place, Program};

const PROGRAMS: u64 = 50_000;
const SEEDS: &str = include_str!("seeds.txt");

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

/// A program made of its seed. What distinguishes programs at large is drawn once, the bodies when they are asked for.
struct Drawn {
    seed: u64,
    delays: Vec<u64>,
    pauses: &'static [Nanos],
    /// Chances in percent.
    throws: u64,
    busy: u64,
    unref: u64,
    /// Timers only, immediates only, or both.
    immediates: u64,
    limit: u32,
    /// How many of the timers are in deadline order.
    by_deadline: u64,
}

/// A clock that moves by whole milliseconds makes ties of lists common.
const WHOLE: &[Nanos] = &[MILLI, MILLI, 2 * MILLI, 3 * MILLI, 10 * MILLI];
const ODD: &[Nanos] = &[1, MILLI - 1, MILLI, MILLI + 1, MILLI / 2, 5 * MILLI - 1, 7 * MILLI];

/// Delays of timers in deadline order.
const FINE: &[Nanos] = &[50_000, 100_000, MILLI / 2, MILLI, MILLI, MILLI + 1, 2 * MILLI, 3 * MILLI, 7 * MILLI];

impl Drawn {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        Self {
            seed,
            delays: (0..=random.below(4)).map(|_| random.of(&[1, 1, 2, 3, 4, 5, 7, 20])).collect(),
            pauses: random.of(&[WHOLE, ODD]),
            throws: random.of(&[0, 3, 10, 40]),
            busy: random.of(&[5, 20, 50]),
            unref: random.of(&[0, 5, 15]),
            immediates: random.of(&[0, 20, 50, 100]),
            limit: random.of(&[12, 30, 60]),
            by_deadline: random.of(&[0, 0, 20, 50, 100]),
        }
    }

    fn creation(&self, random: &mut Random) -> Action {
        if random.percent(self.immediates) {
            Action::Immediate(FRESH)
        } else if random.percent(self.by_deadline) {
            let policies = [None, None, Some(Missed::Burst), Some(Missed::Delay), Some(Missed::Skip)];
            Action::Deadline(FRESH, random.of(FINE), random.of(&policies))
        } else if random.percent(20) {
            Action::Interval(FRESH, random.of(&self.delays))
        } else {
            Action::Timeout(FRESH, random.of(&self.delays))
        }
    }

    fn pick(&self, random: &mut Random) -> Pick {
        let number = random.next() as u32;
        random.of(&[Pick::Own, Pick::Recent(number), Pick::Recent(number), Pick::Any(number)])
    }
}

impl Program for Drawn {
    fn body(&self, name: Name, run: u32, place: Place) -> Vec<Action> {
        let mut random = Random(self.seed ^ (u64::from(name.0) << 40) ^ (u64::from(run) << 20));
        random.next();
        let mut body = Vec::new();
        if place == Place::Main {
            for _ in 0..2 + random.below(8) {
                body.push(self.creation(&mut random));
                if random.percent(self.unref) {
                    body.push(Action::Unref(Pick::Recent(random.next() as u32)));
                }
                if random.percent(self.busy) {
                    body.push(Action::Busy(random.of(self.pauses)));
                }
            }
        }
        for _ in 0..random.below(5) {
            let pick = self.pick(&mut random);
            body.push(match random.below(100) {
                0..25 => self.creation(&mut random),
                25..45 => Action::Clear(pick),
                45..65 => Action::Refresh(pick),
                65..85 => Action::Tick(FRESH),
                85..91 if self.unref > 0 => Action::Ref(pick),
                _ if random.percent(self.unref * 2) => Action::Unref(pick),
                _ => Action::Busy(random.of(self.pauses)),
            });
        }
        if random.percent(self.busy) {
            body.push(Action::Busy(random.of(self.pauses)));
        }
        if place != Place::Listener && random.percent(self.throws) {
            body.push(Action::Throw);
        }
        body
    }

    fn late(&self, sleep: u32) -> Nanos {
        let mut random = Random(self.seed ^ !u64::from(sleep));
        if random.percent(50) { 0 } else { random.of(self.pauses) }
    }

    fn limit(&self) -> u32 {
        self.limit
    }
}

fn model(program: &dyn Program) -> Vec<Event> {
    let mut model = Model::new(program);
    model.run();
    model.into_trace()
}

fn played(program: &dyn Program, setting: Setting) -> Result<Vec<Event>, String> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut player = Player::new(program, setting);
        player.run();
        player.into_trace()
    }))
    .map_err(|panic| match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or("no message").to_owned(),
    })
}

fn setting(seed: u64, variant: u64) -> Setting {
    let mut random = Random(seed.rotate_left(32) ^ variant);
    Setting {
        capacity: if variant == 0 { random.of(&[1, 2, 3]) } else { random.of(&[4, 64, 1024]) },
        rounds: random.of(&[None, Some(0), Some(1), Some(3), Some(1000)]),
    }
}

/// The bodies of all that ran, in the order of their first run.
fn listing(program: &Drawn, trace: &[Event]) -> String {
    let mut text = format!("main: {:?}\n", program.body(MAIN, 0, Place::Main));
    let mut runs: Vec<(Name, u32)> = Vec::new();
    for &event in trace {
        let (name, place) = match event {
            Event::Call(name, _) => (name, Place::Callback),
            Event::Tick(name) => (name, Place::Tick),
            Event::Threw(_) => (LISTENER, Place::Listener),
            _ => continue,
        };
        let run = match runs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, run)) => {
                *run += 1;
                *run
            }
            None => {
                runs.push((name, 0));
                0
            }
        };
        let _ = writeln!(text, "{name:?}, run {run}: {:?}", program.body(name, run, place));
    }
    text
}

/// Both traces up to a little beyond the first difference.
fn difference(wanted: &[Event], got: &[Event]) -> String {
    let same = wanted.iter().zip(got).take_while(|(wanted, got)| wanted == got).count();
    let mut text = String::new();
    for (title, trace) in [("model", wanted), ("scheduler", got)] {
        let _ = writeln!(text, "{title}:");
        for (index, event) in trace.iter().enumerate().take(same + 6) {
            let _ = writeln!(text, "{} {event:?}", if index < same { "   " } else { ">>>" });
        }
    }
    text
}

/// What is wrong with a run, `None` if nothing is.
fn complaint(setting: Setting, program: &Drawn, wanted: &[Event]) -> Option<String> {
    let told = match played(program, setting) {
        Ok(got) if got == wanted => return None,
        Ok(got) => difference(wanted, &got),
        Err(message) => format!("{}the scheduler panicked: {message}", difference(wanted, &[])),
    };
    let Drawn { seed, limit, .. } = program;
    let keep = format!("To run it each time, add a line to src/scheduler/tests/seeds.txt: {seed} and what it shows");
    Some(format!("seed {seed} with {setting:?}, limit {limit}\n{}{told}{keep}\n", listing(program, wanted)))
}

fn check(seed: u64) -> Result<(), String> {
    let mut program = Drawn::new(seed);
    let wanted = model(&program);
    for setting in [0, 1].map(|variant| setting(seed, variant)) {
        if complaint(setting, &program, &wanted).is_none() {
            continue;
        }
        // The same program, cut short as far as it still goes wrong.
        let shortest = (1..=program.limit).find_map(|limit| {
            program.limit = limit;
            complaint(setting, &program, &model(&program))
        });
        return Err(shortest.expect("the whole program goes wrong"));
    }
    Ok(())
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect(name))
}

/// The numbers at the beginnings of the lines.
fn kept_seeds() -> impl Iterator<Item = u64> {
    let lines = SEEDS.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(' ').next().and_then(|seed| seed.parse().ok()).expect(line))
}

#[test]
fn random_programs_run_as_on_the_model() {
    let first = from_environment("SCHEDULER_SEED").unwrap_or(1);
    let end = from_environment("SCHEDULER_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let programs = from_environment("SCHEDULER_PROGRAMS").unwrap_or(if end.is_some() { u64::MAX } else { PROGRAMS });
    let begun = AtomicU64::new(0);
    // A failure ends them all.
    let run = || {
        let mut ran = 0;
        while end.is_none_or(|end| Instant::now() < end) {
            let number = begun.fetch_add(1, Relaxed);
            if number >= programs {
                break;
            }
            check(first.wrapping_add(number)).inspect_err(|_| begun.store(programs, Relaxed))?;
            ran += 1;
        }
        Ok(ran)
    };
    let ran: Result<u64, String> = thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        running.into_iter().map(|thread| thread.join().expect("a model that does not panic")).sum()
    });
    match ran {
        Ok(ran) => println!("{ran} programs from seed {first}"),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn the_programs_that_are_kept_run_as_on_the_model() {
    for seed in kept_seeds() {
        check(seed).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

/// A comparison of empty traces would prove nothing.
#[test]
fn random_programs_do_enough() {
    let count = |wanted: fn(&Event) -> bool| {
        (1..=200).map(|seed| model(&Drawn::new(seed)).iter().filter(|event| wanted(event)).count()).sum::<usize>()
    };
    assert!(count(|event| matches!(event, Event::Call(..))) > 200 * 10);
    assert!(count(|event| matches!(event, Event::Drain)) > 200 * 2);
    assert!(count(|event| matches!(event, Event::Threw(_))) > 200);
    assert!(count(|event| matches!(event, Event::Missed(0))) > 100);
    assert!(count(|event| matches!(event, Event::Missed(1..))) > 200);
}
