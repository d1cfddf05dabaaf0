//! What stands in columns for a word of the record.

use record::{
    audit::{JoinedBy, Outcome},
    operation::Operation,
    view,
};

pub(super) fn operation_word(operation: Operation) -> String {
    view::operation_word(operation)
}

/// Number of a step whose end is not known (yet): the only one whose record may still be completed.
pub(super) const OPEN: i64 = 4;

pub(super) fn outcome_number(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Success => 0,
        Outcome::Refused => 1,
        Outcome::Failed => 2,
        Outcome::Cancelled => 3,
        Outcome::Unknown => OPEN,
    }
}

pub(super) fn outcome_of(number: i64) -> Outcome {
    match number {
        0 => Outcome::Success,
        1 => Outcome::Refused,
        2 => Outcome::Failed,
        3 => Outcome::Cancelled,
        _ => Outcome::Unknown,
    }
}

pub(super) fn joined_number(by: JoinedBy) -> i64 {
    match by {
        JoinedBy::TokenId => 0,
        JoinedBy::Session => 1,
        JoinedBy::ClientAndTime => 2,
        JoinedBy::ActivityId => 3,
        JoinedBy::Reading => 4,
    }
}

pub(super) fn joined_by(number: i64) -> Option<JoinedBy> {
    match number {
        0 => Some(JoinedBy::TokenId),
        1 => Some(JoinedBy::Session),
        2 => Some(JoinedBy::ClientAndTime),
        3 => Some(JoinedBy::ActivityId),
        4 => Some(JoinedBy::Reading),
        _ => None,
    }
}
