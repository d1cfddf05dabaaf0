//! The catalogue: all rows of all servers.

use super::entry::Refusal;
use crate::server::{ALL, habits, rfc};

/// All refusals, those of a particular server before those every server shares.
pub(crate) fn all() -> impl Iterator<Item = &'static Refusal> {
    ALL.into_iter().map(|dialect| habits(dialect).refusals).chain([rfc::REFUSALS]).flatten().copied().flatten()
}

/// What successes lack, in the same order.
pub(crate) fn successes() -> impl Iterator<Item = &'static Refusal> {
    ALL.into_iter().map(|dialect| habits(dialect).successes).chain([rfc::SUCCESSES]).flatten().copied().flatten()
}
