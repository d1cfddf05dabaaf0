//! Checks: would an API with these expectations accept this token?
//!
//! Every check runs; the report says what the API would answer and on which check it would trip first.

mod advice;
mod challenge;
mod derive;
mod expectations;
pub mod pattern;
mod report;
mod rights;
mod run;
#[cfg(test)]
mod tests;
mod trust;
mod words;

pub use derive::derive;
pub use expectations::{Binding, Expectations, RequiredClaim, faults};
pub use report::{Check, CheckOutcome, Report};
pub use run::{Presented, run, run_on};
pub use words::in_words;
