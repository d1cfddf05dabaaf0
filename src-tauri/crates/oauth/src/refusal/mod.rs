//! Dialects: what a server's refusal means, and what it will refuse before it is asked.
//!
//! This is the one place that looks at the words of a server. The catalogue is data: each entry says at which server,
//! for which operation and by which words it is recognised, what the cause is and what helps. A server's text is not a
//! contract, so an entry that rests on an event or a code beats one that rests on a sentence, and what is not recognised
//! stays unexplained rather than guessed.

pub(crate) mod entry;
pub(crate) mod evidence;
mod known;
pub(crate) mod learned;
pub(crate) mod markup;
pub(crate) mod shelf;
mod userinfo;
pub(crate) mod when;

pub use known::{Behind, ClientSettings, Known, MadeSecret, Past, ProviderSettings, ScopeSettings, Settings};
pub use learned::learned;
pub use userinfo::{Fate, UserinfoAnswer, userinfo_could_tell, userinfo_tells};

use serde_json::{Map, Value};

use crate::{
    profile::{Dialect, Profile},
    server::{catalogue, habits},
};
use record::{
    audit::{Diagnosis, Event},
    operation::{Draft, Operation},
};
use token::inspect::TokenView;

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
    /// Tokens that were issued, when it was a success.
    pub issued: &'a [TokenView],
    /// Claims of the first of them.
    pub issued_claims: Option<&'a Map<String, Value>>,
    /// What is known beyond the exchange itself.
    pub known: &'a Known,
    /// Now, epoch seconds.
    pub now_s: i64,
}

impl Facts<'_> {
    /// When it was answered, epoch milliseconds by the server's clock, as its events tell; none without them. What happened
    /// later did not cause the answer.
    pub fn until_ms(&self) -> Option<i64> {
        self.events.iter().map(|event| event.time_ms).max()
    }
}

/// Our reading of a refusal; none when the catalogue does not know it. Where several causes share the words and neither the
/// event, the tokens nor the settings decide, the likeliest comes with the others beside it.
pub fn diagnose(facts: &Facts<'_>) -> Option<Diagnosis> {
    let reading = entry::Said::of(facts);
    let fits = fitting(catalogue::all(), facts, &reading);
    let (best, fit) = *fits.first()?;
    let alike = |other: &entry::Refusal, other_fit: &entry::Fit| {
        other.id != best.id
            && other.dialect == best.dialect
            && !other.tell.is_empty()
            && (other_fit.by_words && fit.by_words
                || other_fit.by_event && fit.by_event
                || !(fit.by_words || fit.by_event || other_fit.by_words || other_fit.by_event))
    };
    let rivals: Vec<&entry::Refusal> = fits.iter().filter(|(other, fit)| alike(other, fit)).map(|(other, _)| *other).collect();
    let event_decides = fit.by_event && !fits.iter().any(|(other, other_fit)| alike(other, other_fit) && other_fit.by_event);
    let proof_decides = fit.proved
        && (!best.dialect.is_some_and(|dialect| habits(dialect).terse)
            || best.proof.suffices(facts)
                && !fits
                    .iter()
                    .any(|(other, other_fit)| other.id != best.id && other.dialect == best.dialect && other_fit.proved));
    let decided = best.certain || proof_decides || event_decides;
    let others = if decided || best.tell.is_empty() { &[] } else { rivals.as_slice() };
    Some(evidence::diagnosis(best, decided, others, facts, &reading))
}

/// What a log out lacks after which nobody knows whether the session is over.
pub const LOGOUT_UNSURE: [&str; 3] = ["200-logout-page", "200-logout-redirect", "200-logout-see-other"];

/// What an entry observes: entries about the same thing are causes of each other's observation.
fn about(id: &str) -> &str {
    const SHARED: [&str; 3] = ["200-inactive", "200-scope", "200-refresh"];
    // The short name of a server stands before it.
    let bare = id.find("200-").and_then(|at| id.get(at..)).unwrap_or(id);
    SHARED.into_iter().find(|shared| bare.starts_with(shared)).unwrap_or(bare)
}

/// What a success lacks of what was asked for, the weightiest first.
pub fn surprises(facts: &Facts<'_>) -> Vec<Diagnosis> {
    let reading = entry::Said::of(facts);
    let fits = fitting(catalogue::successes(), facts, &reading);
    let mut found: Vec<Diagnosis> = Vec::new();
    // Causes of one observation share its code; the best of them speaks, the others stand beside it.
    let mut seen: Vec<&str> = Vec::new();
    for (best, fit) in &fits {
        let observed = about(best.id);
        if seen.contains(&observed) {
            continue;
        }
        seen.push(observed);
        let rivals: Vec<(&entry::Refusal, entry::Fit)> =
            fits.iter().filter(|(other, _)| other.id != best.id && about(other.id) == observed).copied().collect();
        let decided = best.certain || fit.proved || (fit.by_event && !rivals.iter().any(|(_, other)| other.by_event));
        let others: Vec<&entry::Refusal> = if decided {
            Vec::new()
        } else {
            rivals.iter().filter(|(other, _)| !other.tell.is_empty()).map(|(other, _)| *other).collect()
        };
        found.push(evidence::diagnosis(best, decided, &others, facts, &reading));
    }
    found
}

/// Entries that fit, the best first; of equals the first of the table, so the tables stand in order of likelihood.
fn fitting<'e>(
    entries: impl Iterator<Item = &'e entry::Refusal>,
    facts: &Facts<'_>,
    reading: &entry::Said,
) -> Vec<(&'e entry::Refusal, entry::Fit)> {
    let mut fits: Vec<(&entry::Refusal, entry::Fit)> =
        entries.filter_map(|entry| entry.fit(facts, reading).map(|fit| (entry, fit))).collect();
    fits.sort_by_key(|(_, fit)| std::cmp::Reverse(fit.score));
    fits
}
