//! Every server: what the RFCs say of their error codes, whoever sends them.

mod refusals;
mod success;

use crate::refusal::entry::Refusal;

/// Refusals, by topic.
pub(crate) const REFUSALS: &[&[Refusal]] = &[refusals::ROWS];

/// What a success lacks.
pub(crate) const SUCCESSES: &[&[Refusal]] = &[success::ROWS];
