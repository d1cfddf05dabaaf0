//! Bad input and faults: each has its own problem, the step is in the journal, and what was typed is kept (both proved by
//! `Bench::run` for every step).

mod callback;
mod discovery;
mod files;
mod login;
mod token;
