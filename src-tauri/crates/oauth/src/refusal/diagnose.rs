//! From a server's words to their cause: the entries of the catalogue that fit, and which of them is meant.

use super::{
    catalogue,
    entry::Refusal,
    evidence,
    facts::RefusalFacts,
    fit::{Fit, Said},
};
use crate::server::habits;
use record::audit::Diagnosis;

/// Our reading of a refusal; none when the catalogue does not know it. Where several causes share the words and neither the
/// event, the tokens nor the settings decide, the likeliest comes with the others beside it.
pub fn diagnose(facts: &RefusalFacts<'_>) -> Option<Diagnosis> {
    let reading = Said::of(facts);
    let fits = fitting(catalogue::all(), facts, &reading);
    let (best, fit) = *fits.first()?;
    let alike = |other: &Refusal, other_fit: &Fit| {
        other.id != best.id
            && other.dialect == best.dialect
            && !other.tell.is_empty()
            && (other_fit.by_words && fit.by_words
                || other_fit.by_event && fit.by_event
                || !(fit.by_words || fit.by_event || other_fit.by_words || other_fit.by_event))
    };
    let rivals: Vec<&Refusal> = fits.iter().filter(|(other, fit)| alike(other, fit)).map(|(other, _)| *other).collect();
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
pub fn surprises(facts: &RefusalFacts<'_>) -> Vec<Diagnosis> {
    let reading = Said::of(facts);
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
        let rivals: Vec<(&Refusal, Fit)> =
            fits.iter().filter(|(other, _)| other.id != best.id && about(other.id) == observed).copied().collect();
        let decided = best.certain || fit.proved || (fit.by_event && !rivals.iter().any(|(_, other)| other.by_event));
        let others: Vec<&Refusal> = if decided {
            Vec::new()
        } else {
            rivals.iter().filter(|(other, _)| !other.tell.is_empty()).map(|(other, _)| *other).collect()
        };
        found.push(evidence::diagnosis(best, decided, &others, facts, &reading));
    }
    found
}

/// Entries that fit, the best first; of equals the first of the table, so the tables stand in order of likelihood.
fn fitting<'e>(entries: impl Iterator<Item = &'e Refusal>, facts: &RefusalFacts<'_>, reading: &Said) -> Vec<(&'e Refusal, Fit)> {
    let mut fits: Vec<(&Refusal, Fit)> = entries.filter_map(|entry| entry.fit(facts, reading).map(|fit| (entry, fit))).collect();
    fits.sort_by_key(|(_, fit)| std::cmp::Reverse(fit.score));
    fits
}
