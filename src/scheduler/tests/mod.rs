//! Tests of the scheduler: its contract, rules with a name, and random programs run on it and on a naive model of Node.

mod contract;
mod model;
mod player;
mod program;
mod random;
mod rules;
