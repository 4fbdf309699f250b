//! Tests of the scheduler: its contract, rules with a name, random programs run on it and on a naive model of Node;
//! and the same of promises.

mod contract;
mod deadlines;
mod limits;
mod model;
mod model_deadlines;
mod player;
mod program;
mod promises;
mod random;
mod rules;
