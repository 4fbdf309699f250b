//! Tests of the scheduler: rules with a name, and random programs run on it and on a naive model of Node.

mod model;
mod player;
mod program;
mod random;
mod rules;
