//! Dialects: what a server's refusal means, and what it will refuse before it is asked.
//!
//! This is the one place that looks at the words of a server. The catalogue is data: each entry says at which server,
//! for which operation and by which words it is recognised, what the cause is and what helps. A server's text is not a
//! contract, so an entry that rests on an event or a code beats one that rests on a sentence, and what is not recognised
//! stays unexplained rather than guessed.

mod catalogue;
mod entry;
mod evidence;
mod gateway;
mod keycloak;
mod learned;
mod plain;
mod warnings;

pub use learned::learned;
pub use warnings::warnings;

use serde_json::{Map, Value};

use crate::{
    audit::{Diagnosis, Event},
    operation::{Draft, Operation},
    profile::{Dialect, Profile},
    token::TokenView,
};

/// Everything at hand about a refusal.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Habits of the server that refused.
    pub dialect: Dialect,
    /// What was tried.
    pub operation: Operation,
    /// HTTP status.
    pub status: u16,
    /// `error` member.
    pub error: Option<&'a str>,
    /// `error_description` member (or a gateway's `description`).
    pub description: Option<&'a str>,
    /// Body as it came.
    pub body: &'a str,
    /// Claims of the token that was sent.
    pub subject_claims: Option<&'a Map<String, Value>>,
    /// What was filled in.
    pub draft: &'a Draft,
    /// Where.
    pub profile: &'a Profile,
    /// Server events joined to the step.
    pub events: &'a [Event],
    /// The token that was sent.
    pub token_in: Option<&'a TokenView>,
    /// Now, epoch seconds.
    pub now_s: i64,
}

/// Our reading of a refusal; none when the catalogue does not know it.
pub fn diagnose(facts: &Facts<'_>) -> Option<Diagnosis> {
    let reading = entry::Reading::of(facts);
    let mut best: Option<(u32, &entry::Entry)> = None;
    for entry in catalogue::all() {
        // Of equals the first wins, so the tables stand in order of preference.
        if let Some(score) = entry.score(facts, &reading).filter(|score| best.is_none_or(|(found, _)| *score > found)) {
            best = Some((score, entry));
        }
    }
    best.map(|(_, entry)| evidence::diagnosis(entry, facts, &reading))
}

#[cfg(test)]
mod tests;
