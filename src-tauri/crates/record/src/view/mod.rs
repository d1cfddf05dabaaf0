//! From a record to the picture the window is shown, and from what a flow found to the record.
//!
//! The two change for different reasons: a picture with the window, a record only with a new form number. A word that is not
//! known is shown as unknown where there is something to show; a step whose operation is not known is not shown at all.

mod pairs;
mod step;
mod token;
mod words;

use crate::{
    audit,
    v1::{self, More, Unread},
};

use pairs::{pairs, stored_pairs};
pub use token::{token, token_record};
use words::KnownWord as _;

/// The picture of a step. Its number and its events are those of its row.
///
/// # Errors
/// When it holds a word without which it cannot be shown.
pub fn step(id: i64, record: v1::Step) -> Result<audit::Step, Unread> {
    step::shown(id, record)
}

/// The record of a step, without its number and its events.
pub fn step_record(step: audit::Step) -> v1::Step {
    step::stored(step)
}

/// The picture of a reading of a refusal.
///
/// # Errors
/// When it holds a word without which it cannot be shown.
pub fn diagnosis(record: v1::Diagnosis) -> Result<audit::Diagnosis, Unread> {
    step::shown_diagnosis(record)
}

/// The record of a reading of a refusal.
pub fn diagnosis_record(diagnosis: audit::Diagnosis) -> v1::Diagnosis {
    step::stored_diagnosis(diagnosis)
}

/// The picture of an event.
pub fn event(record: v1::Event) -> audit::Event {
    let v1::Event {
        id,
        time_ms,
        server,
        event_type,
        error,
        client,
        user_id,
        username,
        session,
        token_id,
        audience,
        details,
        step,
        joined_by,
        ..
    } = record;
    audit::Event {
        id,
        time_ms,
        server,
        event_type,
        error,
        client,
        user_id,
        username,
        session,
        token_id,
        audience,
        details: pairs(details),
        step,
        joined_by: joined_by.and_then(|by| by.known()),
    }
}

/// The record of an event.
pub fn event_record(event: audit::Event) -> v1::Event {
    let audit::Event {
        id,
        time_ms,
        server,
        event_type,
        error,
        client,
        user_id,
        username,
        session,
        token_id,
        audience,
        details,
        step,
        joined_by,
    } = event;
    v1::Event {
        id,
        time_ms,
        server,
        event_type,
        error,
        client,
        user_id,
        username,
        session,
        token_id,
        audience,
        details: stored_pairs(details),
        step,
        joined_by: joined_by.map(Into::into),
        more: More::new(),
    }
}

/// The word an operation is written as.
pub fn operation_word(operation: crate::operation::Operation) -> String {
    v1::Operation::from(operation).word().to_owned()
}

/// The operation a word stands for; none for one of a later version.
pub fn operation(word: &str) -> Option<crate::operation::Operation> {
    v1::Operation(word.to_owned()).known()
}
