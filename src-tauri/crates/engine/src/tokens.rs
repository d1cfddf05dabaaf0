//! Tokens at hand: finding one, reading it, keeping it, taking it away.

use record::redact;
use token::{
    bounded::{self, Part, TokenText},
    inspect::{self, Inspection, Relative},
    secret::Secret,
};

use crate::{
    fault::{TokenFault, evidence_only, no_such_token},
    ground::Ground,
    journal::{JournalFault, KeptToken},
    shelf::Held,
};

/// A copy of a token on the shelf, or of its evidence in the journal.
pub(crate) fn held(ground: &Ground, id: &str) -> Result<Held, TokenFault> {
    if let Some(held) = ground.shelf.find(id) {
        return Ok(held);
    }
    let kept: Option<KeptToken> = ground.journal.token(id).ok().flatten();
    kept.map(Held::evidence).ok_or_else(|| no_such_token(id))
}

/// Puts a token on the shelf and its evidence into the journal. A journal that can not be written is told by the next step.
pub(crate) fn keep(ground: &Ground, held: Held) {
    let _ =
        ground.journal.keep_token(&held.kept(ground.world.now_s(), &known_here(ground)), ground.session, ground.world.now_ms());
    ground.shelf.put(held);
}

pub(crate) fn new_token_id(ground: &Ground) -> String {
    format!("t-{}", ground.world.token(9))
}

/// What is secret of all that is at hand: for what is written or copied outside a step.
pub(crate) fn known_here(ground: &Ground) -> redact::KnownSecrets {
    redact::KnownSecrets::over(&ground.shelf.secret(ground.world.now_s()), ground.vault.at_hand(), Vec::new())
}

/// The inspector's reading of a token.
pub(crate) fn inspect(ground: &Ground, id: &str) -> Result<Inspection, TokenFault> {
    let held = held(ground, id)?;
    Ok(inspection(ground, &held))
}

/// The reading with what the other tokens at hand say of it.
pub(crate) fn inspection(ground: &Ground, held: &Held) -> Inspection {
    let now_s = ground.world.now_s();
    let mut inspection = held.inspection(now_s);
    let all = ground.shelf.all();
    let labels: Vec<String> = all.iter().map(|other| other.words(now_s)).collect();
    let others = all.iter().zip(&labels).filter(|(other, _)| other.id() != held.id());
    let others: Vec<Relative<'_>> = others.map(|(other, label)| other.relative(label)).collect();
    inspection.findings.extend(inspect::relations(&held.relative(""), &others));
    inspection.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    inspection
}

/// The part of a long text of a token's reading that begins at a line.
pub(crate) fn token_part(ground: &Ground, id: &str, what: TokenText, from: usize) -> Result<Part, TokenFault> {
    let read = held(ground, id)?.inspection(ground.world.now_s());
    let text = match what {
        TokenText::Claims => read.json,
        TokenText::Header => read.header_json,
        TokenText::Content => read.content.unwrap_or_default(),
    };
    Ok(bounded::part_of_text(&text, from))
}

/// The text of a token, in clear: only for the user's own visible request.
pub(crate) fn raw_token(ground: &Ground, id: &str) -> Result<Secret, TokenFault> {
    held(ground, id)?.text().cloned().ok_or_else(evidence_only)
}

/// Takes a token off the shelf.
pub(crate) fn remove_token(ground: &Ground, id: &str) -> Result<(), JournalFault> {
    ground.shelf.remove(id);
    ground.journal.remove_token(id)
}

/// Puts a token back that was taken off the shelf, with its text. False when it was not removed since the app was opened.
pub(crate) fn restore_token(ground: &Ground, id: &str) -> Result<bool, JournalFault> {
    if !ground.shelf.put_back(id) {
        return Ok(false);
    }
    ground.journal.put_back_token(id)?;
    Ok(true)
}
