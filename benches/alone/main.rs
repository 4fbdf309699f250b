//! The loop by itself: scheduler, driver and doorbells, with a plain thread in the place of Node's JavaScript thread. Next to
//! it, in the same run and taking turns, tokio's runtime of one thread does the same work.
//!
//! `cargo bench --no-default-features --bench alone`, with `-- --runs N` for another number than 5. docs/benchmarks.md
//! has a table of it.

mod ours;
mod questions;
mod theirs;

#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../../src/driver/mod.rs"]
mod driver;
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../../src/scheduler/mod.rs"]
mod scheduler;

use std::time::Duration;

use mimalloc::MiMalloc;
use ours::Ours;
use questions::{Subject, latency, lateness, percentiles, throughput};
use theirs::Theirs;

/// What is submitted is allocated on one thread and freed on another one. The system's allocator takes a lock for that and
/// needs longer than either loop; with this one the figures are those of the loops.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const PRODUCERS: [usize; 3] = [1, 10, 100];
const PAUSE: Duration = Duration::from_micros(200);
/// How many timers are set and cancelled, or fired, in one go.
const TIMERS: usize = 100_000;
const DEFAULT_RUNS: usize = 5;

/// What one run has found: a line's name, and its figures in ns.
type Line = (String, Vec<f64>);

fn ask<S: Subject>(subject: &S) -> Vec<Line> {
    let mut lines = Vec::new();
    for producers in PRODUCERS {
        lines.push((format!("submit and run, {producers} producers"), vec![throughput(subject, producers)]));
    }
    lines.push(("submit to start, at once".into(), percentiles(latency(subject, Duration::ZERO))));
    lines.push(("submit to start, after 200 µs".into(), percentiles(latency(subject, PAUSE))));
    subject.watch_a_descriptor();
    lines.push(("the same, with a descriptor watched".into(), percentiles(latency(subject, PAUSE))));
    lines.push(("set and cancel a timer".into(), vec![subject.set_and_cancel(TIMERS)]));
    lines.push(("set and fire, of 100,000 of 1 ms".into(), vec![subject.set_and_fire(TIMERS)]));
    lines.push(("from submit to a timer that is due".into(), percentiles(subject.round_trips(2_000))));
    lines.push(("how late a timer of 1 ms is".into(), percentiles(lateness(subject))));
    lines
}

fn run(which: usize) -> Vec<Line> {
    match which {
        0 => ask(&Ours::start()),
        _ => ask(&Theirs::start()),
    }
}

/// The median of each figure of each line.
fn medians(runs: &[Vec<Line>]) -> Vec<Line> {
    let figure = |line: usize, figure: usize| {
        let mut all: Vec<f64> = runs.iter().map(|lines| lines[line].1[figure]).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let lines = runs[0].iter().enumerate();
    lines.map(|(i, (name, figures))| (name.clone(), (0..figures.len()).map(|j| figure(i, j)).collect())).collect()
}

fn shown(figures: &[f64]) -> String {
    figures.iter().map(|figure| format!("{figure:>10.0}")).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let wanted = arguments.iter().position(|argument| argument == "--runs").and_then(|i| arguments.get(i + 1));
    let runs = wanted.and_then(|runs| runs.parse().ok()).unwrap_or(DEFAULT_RUNS);
    let mut found = [Vec::new(), Vec::new()];
    for turn in 0..runs {
        let order = if turn % 2 == 0 { [0, 1] } else { [1, 0] };
        for which in order {
            found[which].push(run(which));
        }
    }
    println!("ns; one figure, or p50, p90, p95, p99 and p99.9; medians of {runs} runs");
    for (ours, theirs) in medians(&found[0]).iter().zip(medians(&found[1])) {
        println!("{}\n  ours  {}\n  tokio {}", ours.0, shown(&ours.1), shown(&theirs.1));
    }
}
