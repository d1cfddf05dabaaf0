//! Names with their values, as they are written down and as they are shown.

use ::token::text::Pair;

use crate::v1::{self, More};

/// The pairs of a record as they are shown.
pub(super) fn pairs(pairs: Vec<v1::Pair>) -> Vec<Pair> {
    pairs.into_iter().map(|v1::Pair { name, value, .. }| Pair { name, value }).collect()
}

/// Shown pairs as a record has them.
pub(super) fn stored_pairs(pairs: Vec<Pair>) -> Vec<v1::Pair> {
    pairs.into_iter().map(|Pair { name, value }| v1::Pair { name, value, more: More::new() }).collect()
}
