//! Every server: what the RFCs say of their error codes, whoever sends them.

mod refusals;
mod success;

use crate::refusal::entry::Entry;

/// Refusals, by topic.
pub(crate) const REFUSALS: &[&[Entry]] = &[refusals::ROWS];

/// What a success lacks.
pub(crate) const SUCCESSES: &[&[Entry]] = &[success::ROWS];
