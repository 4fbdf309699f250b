//! Rules of Node's order with a name, each as the smallest program that shows it.
//!
//! Every program runs on the model and on the scheduler, with batches of several sizes and with and without rounds, and
//! must leave the written trace: `a` a callback or tick that ran, `!a` a throw in it. `busy` counts milliseconds.

use super::super::Nanos;
use super::model::Model;
use super::player::{Player, Setting};
use super::program::Action::{self, Throw};
use super::program::{Event, Host, LISTENER, MAIN, MILLI, Name, Pick, Place, Program};

/// What callbacks do; several entries of one name are its successive runs, of which the last repeats.
struct Written<'a>(&'a [(Name, &'a [Action])]);

impl Program for Written<'_> {
    fn body(&self, name: Name, run: u32, _: Place) -> Vec<Action> {
        let runs: Vec<_> = self.0.iter().filter(|(known, _)| *known == name).collect();
        let run = (run as usize).min(runs.len().saturating_sub(1));
        runs.get(run).map_or_else(Vec::new, |(_, body)| body.to_vec())
    }

    fn late(&self, _: u32) -> Nanos {
        0
    }

    fn limit(&self) -> u32 {
        1000
    }
}

fn shown(trace: &[Event]) -> String {
    let shown = trace.iter().filter_map(|event| match event {
        Event::Call(name, _) | Event::Tick(name) => Some(format!("{name:?}")),
        Event::Threw(name) => Some(format!("!{name:?}")),
        Event::Drain | Event::Missed(_) | Event::PhaseEnd(_) => None,
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn runs(expected: &str, bodies: &[(Name, &[Action])]) {
    let program = Written(bodies);
    let mut model = Model::new(&program);
    model.run();
    let wanted = model.into_trace();
    assert_eq!(shown(&wanted), expected, "the model");
    for capacity in [1, 2, 3, 64] {
        for rounds in [None, Some(0), Some(100)] {
            let setting = Setting { capacity, rounds };
            let mut player = Player::new(&program, setting);
            player.run();
            let got = player.into_trace();
            assert_eq!(shown(&got), expected, "the scheduler with {setting:?}");
            assert_eq!(got, wanted, "the scheduler with {setting:?}");
        }
    }
}

const fn on(name: char) -> Name {
    Name(name as u32)
}

fn timeout(name: char, delay: u64) -> Action {
    Action::Timeout(on(name), delay)
}

fn interval(name: char, delay: u64) -> Action {
    Action::Interval(on(name), delay)
}

fn immediate(name: char) -> Action {
    Action::Immediate(on(name))
}

fn tick(name: char) -> Action {
    Action::Tick(on(name))
}

fn clear(name: char) -> Action {
    Action::Clear(Pick::Named(on(name)))
}

fn refresh(name: char) -> Action {
    Action::Refresh(Pick::Named(on(name)))
}

fn unref(name: char) -> Action {
    Action::Unref(Pick::Named(on(name)))
}

fn busy(millis: u64) -> Action {
    Action::Busy(millis * MILLI)
}

mod lists {
    use super::*;

    #[test]
    fn timers_of_one_delay_run_in_the_order_they_were_set() {
        runs("a b c", &[(MAIN, &[timeout('a', 3), busy(1), timeout('b', 3), timeout('c', 3)])]);
    }

    #[test]
    fn lists_run_by_expiry() {
        runs("b c a", &[(MAIN, &[timeout('a', 50), timeout('b', 10), busy(1), timeout('c', 20), busy(90)])]);
    }

    #[test]
    fn lists_of_one_expiry_run_in_the_order_they_were_made() {
        runs("a b", &[(MAIN, &[timeout('a', 5), busy(1), timeout('b', 4), busy(9)])]);
    }

    #[test]
    fn a_due_list_is_emptied_before_the_next_one() {
        let main = [timeout('a', 40), busy(60), timeout('b', 1), timeout('c', 40), busy(60)];
        runs("a c b", &[(MAIN, &main)]);
    }

    #[test]
    fn clearing_the_head_leaves_the_list_its_place() {
        let main = [timeout('a', 60), busy(30), timeout('b', 60), timeout('c', 45), clear('a'), busy(120)];
        runs("b c", &[(MAIN, &main)]);
    }

    #[test]
    fn an_emptied_list_is_dropped() {
        let main = [timeout('a', 60), busy(30), timeout('c', 45), clear('a'), timeout('b', 60), busy(120)];
        runs("c b", &[(MAIN, &main)]);
    }

    #[test]
    fn clearing_an_unrefed_timer_leaves_its_empty_list() {
        let main = [timeout('a', 60), busy(30), timeout('c', 45), unref('a'), clear('a'), timeout('b', 60), busy(120)];
        runs("b c", &[(MAIN, &main)]);
    }

    #[test]
    fn refreshing_a_due_head_leaves_the_list_its_place() {
        let main = [timeout('a', 60), busy(30), timeout('b', 60), timeout('c', 45), refresh('a'), busy(120)];
        runs("b a c", &[(MAIN, &main)]);
    }

    #[test]
    fn a_list_left_with_timers_lines_up_anew() {
        let a = [timeout('b', 60), busy(15), timeout('c', 45), busy(100)];
        runs("a c b", &[(MAIN, &[timeout('a', 60)]), (on('a'), &a)]);
    }

    #[test]
    fn a_timer_that_clears_itself_takes_its_list_along() {
        let a = [clear('a'), timeout('b', 60), busy(15), timeout('c', 45), busy(100)];
        runs("a b c", &[(MAIN, &[timeout('a', 60)]), (on('a'), &a)]);
    }

    #[test]
    fn a_list_without_due_timers_is_left_after_the_drain_before_it() {
        // `x` makes a list of the same expiry as the one that `b` was refreshed into, before that one is left.
        let main = [timeout('a', 1), timeout('b', 5), busy(10), refresh('b')];
        runs("a x c b", &[(MAIN, &main), (on('a'), &[tick('x')]), (on('x'), &[busy(1), timeout('c', 4)])]);
    }
}

mod timers_phase {
    use super::*;

    #[test]
    fn what_is_set_in_the_phase_waits_for_the_next_one() {
        let main = [timeout('a', 1), busy(5)];
        runs("a i b", &[(MAIN, &main), (on('a'), &[timeout('b', 1), busy(10), immediate('i')])]);
    }

    #[test]
    fn ticks_run_between_timers_and_between_lists() {
        let main = [timeout('a', 1), timeout('b', 1), timeout('c', 2), busy(5)];
        let ticks: [(Name, &[Action]); 3] = [(MAIN, &main), (on('a'), &[tick('x')]), (on('b'), &[tick('y')])];
        runs("a x b y c", &ticks);
    }

    #[test]
    fn clearing_a_sibling_prevents_it() {
        let main = [timeout('a', 1), timeout('b', 1), timeout('c', 1), timeout('d', 2), busy(5)];
        runs("a c", &[(MAIN, &main), (on('a'), &[clear('b'), clear('d')])]);
        runs("a x c", &[(MAIN, &main), (on('a'), &[tick('x')]), (on('x'), &[clear('b'), clear('d')])]);
    }

    #[test]
    fn refreshing_a_due_sibling_postpones_it() {
        let main = [timeout('a', 1), timeout('b', 1), timeout('c', 1), busy(5)];
        runs("a c i b", &[(MAIN, &main), (on('a'), &[refresh('b'), immediate('i'), busy(5)])]);
    }

    #[test]
    fn refreshing_the_next_timer_in_a_drain_comes_too_late() {
        let main = [timeout('a', 1), timeout('b', 1), timeout('c', 1), busy(5)];
        runs("a x b c", &[(MAIN, &main), (on('a'), &[tick('x')]), (on('x'), &[refresh('b')])]);
        let x = [refresh('b'), tick('y'), clear('c')];
        runs("a x y b", &[(MAIN, &main), (on('a'), &[tick('x')]), (on('x'), &x)]);
    }

    #[test]
    fn a_refresh_inside_the_callback_or_later_runs_the_timer_again() {
        runs("a a", &[(MAIN, &[timeout('a', 1)]), (on('a'), &[refresh('a')]), (on('a'), &[])]);
        runs("a b a", &[(MAIN, &[timeout('a', 1), timeout('b', 5)]), (on('b'), &[refresh('a')])]);
        runs("b", &[(MAIN, &[timeout('a', 1), timeout('b', 1), clear('a'), refresh('a')])]);
    }

    #[test]
    fn an_interval_comes_behind_what_its_callback_sets() {
        let main = [interval('a', 1), timeout('b', 1), busy(5)];
        runs("a b c a", &[(MAIN, &main), (on('a'), &[timeout('c', 1)]), (on('a'), &[clear('a')])]);
    }

    #[test]
    fn an_interval_counts_from_the_start_of_its_callback() {
        let a: &[Action] = &[busy(10), immediate('i')];
        let a_last: &[Action] = &[clear('a')];
        // Due again at 60, not at 70.
        runs("a i a b", &[(MAIN, &[interval('a', 30), timeout('b', 65)]), (on('a'), a), (on('a'), a_last)]);
        // Slower than its period: once each turn.
        runs("a i a i a", &[(MAIN, &[interval('a', 5)]), (on('a'), a), (on('a'), a), (on('a'), a_last)]);
    }
}

mod check_phase {
    use super::*;

    #[test]
    fn what_is_set_in_the_phase_waits_for_the_next_one() {
        let main = [immediate('i'), immediate('j')];
        runs("i j a k", &[(MAIN, &main), (on('i'), &[timeout('a', 1), busy(5), immediate('k')])]);
        let main = [immediate('i'), immediate('j'), immediate('k')];
        runs(
            "i x j y k l m",
            &[
                (MAIN, &main),
                (on('i'), &[tick('x'), immediate('l')]),
                (on('j'), &[tick('y')]),
                (on('y'), &[immediate('m')]),
            ],
        );
    }

    #[test]
    fn clearing_a_sibling_prevents_it() {
        let main = [immediate('i'), immediate('j'), immediate('k'), immediate('l')];
        runs("i k", &[(MAIN, &main), (on('i'), &[clear('j'), clear('l')])]);
        runs("i x k", &[(MAIN, &main), (on('i'), &[tick('x')]), (on('x'), &[clear('j'), clear('l')])]);
    }

    #[test]
    fn the_phase_is_drained_although_the_rest_was_cleared() {
        let main = [immediate('i'), immediate('j'), immediate('k')];
        runs(
            "i x a l",
            &[(MAIN, &main), (on('i'), &[tick('x'), timeout('a', 1), busy(5), clear('j'), clear('k'), immediate('l')])],
        );
    }

    #[test]
    fn unrefed_immediates_keep_their_place() {
        runs("i j k", &[(MAIN, &[immediate('i'), immediate('j'), unref('j'), immediate('k')])]);
    }
}

mod throws {
    use super::*;

    #[test]
    fn in_a_timer_the_next_of_its_list_comes_before_the_ticks() {
        let main = [timeout('a', 1), timeout('b', 1), timeout('c', 1), busy(5)];
        let bodies: [(Name, &[Action]); 4] =
            [(MAIN, &main), (LISTENER, &[tick('u')]), (on('a'), &[tick('x'), Throw]), (on('b'), &[tick('y')])];
        runs("a !a b x u y c", &bodies);
        let twice: [(Name, &[Action]); 4] =
            [(MAIN, &main), (LISTENER, &[tick('u')]), (on('a'), &[Throw]), (on('b'), &[Throw])];
        runs("a !a b !b c u u", &twice);
    }

    #[test]
    fn in_the_last_timer_of_a_list_ticks_come_before_the_next_list() {
        let main = [timeout('a', 1), timeout('d', 60), busy(90), immediate('i')];
        runs("a !a x d i", &[(MAIN, &main), (on('a'), &[tick('x'), Throw])]);
    }

    #[test]
    fn in_a_timer_that_cleared_itself_the_next_list_comes_before_the_ticks() {
        let main = [timeout('a', 1), timeout('d', 60), busy(90)];
        runs("a !a d x", &[(MAIN, &main), (on('a'), &[tick('x'), clear('a'), Throw])]);
        let main = [timeout('a', 1), timeout('b', 1), timeout('d', 60), busy(90)];
        runs("a !a d x", &[(MAIN, &main), (on('a'), &[tick('x'), clear('b'), Throw])]);
    }

    #[test]
    fn in_the_only_timer_ticks_come_before_the_immediates() {
        let main = [timeout('a', 1), busy(5)];
        runs("a !a x i", &[(MAIN, &main), (on('a'), &[tick('x'), immediate('i'), Throw])]);
    }

    #[test]
    fn in_an_immediate_the_next_one_comes_before_the_ticks() {
        let main = [immediate('a'), immediate('b'), immediate('c')];
        let bodies: [(Name, &[Action]); 4] =
            [(MAIN, &main), (LISTENER, &[tick('u')]), (on('a'), &[tick('x'), Throw]), (on('b'), &[tick('y')])];
        runs("a !a b x u y c", &bodies);
        let twice: [(Name, &[Action]); 4] =
            [(MAIN, &main), (LISTENER, &[tick('u')]), (on('a'), &[Throw]), (on('b'), &[Throw])];
        runs("a !a b !b c u u", &twice);
    }

    #[test]
    fn in_the_last_immediate_new_immediates_run_in_the_same_phase_before_the_ticks() {
        let main = [immediate('a')];
        let a = [tick('x'), immediate('n'), timeout('t', 1), busy(5), Throw];
        runs("a !a n x t", &[(MAIN, &main), (on('a'), &a)]);
    }

    #[test]
    fn in_a_tick_the_next_callback_comes_before_the_remaining_ticks() {
        let a = [tick('x'), tick('y')];
        let main = [timeout('a', 1), timeout('b', 1), busy(5)];
        runs("a x !x b y", &[(MAIN, &main), (on('a'), &a), (on('x'), &[Throw])]);
        let main = [timeout('a', 1), timeout('b', 2), busy(5)];
        runs("a x !x b y", &[(MAIN, &main), (on('a'), &a), (on('x'), &[Throw])]);
        let main = [immediate('a'), immediate('b')];
        runs("a x !x b y", &[(MAIN, &main), (on('a'), &a), (on('x'), &[Throw])]);
    }

    #[test]
    fn an_interval_repeats_all_the_same() {
        runs("a !a a", &[(MAIN, &[interval('a', 1)]), (on('a'), &[Throw]), (on('a'), &[clear('a')])]);
    }
}
