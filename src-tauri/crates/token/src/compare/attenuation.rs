//! Attenuation: a token made from another should be able to do less, for no longer.
//!
//! RFC 8693 does not demand it, which is why it is pointed out: nothing else in the chain will.

use std::collections::HashSet;

use serde_json::Map;

use super::{
    columns::{Column, End},
    rows::set_change,
    table::Change,
};
use crate::{
    claims,
    decode::{note_finding as note, warning_finding as warning},
    finding::Finding,
    inspect::{Obtained, TokenKind},
    lineage::Kinship,
    shown::shown,
    words,
};

/// Where a token is more than the one it was made from. `kinship` is that of `issued` to `subject`: of siblings nothing is said,
/// and where the order of the two is the other way round, the findings are about the one that was made.
pub fn findings(subject: &Column<'_>, issued: &Column<'_>, kinship: Kinship) -> Vec<Finding> {
    match kinship {
        Kinship::Sibling => return Vec::new(),
        Kinship::Ancestor => return findings(issued, subject, Kinship::Descendant),
        Kinship::Descendant | Kinship::Unknown => {}
    }
    // A refresh token stands for the whole session and is for the server alone: the tokens it yields are no attenuation of it.
    if subject.view.kind == TokenKind::Refresh {
        return Vec::new();
    }
    let empty = Map::new();
    let (from, to) = (subject.claims.unwrap_or(&empty), issued.claims.unwrap_or(&empty));
    let mut found = Vec::new();
    let source = Source::of(issued);
    match (subject.end(), issued.end()) {
        // A refresh token ends with its session, which is no measure for a token.
        _ if issued.is_refresh() => {}
        (End::At(old), End::At(new)) if new > old => {
            found.push(outlives(source, &format!("by {}", words::duration(new.saturating_sub(old)))));
        }
        (End::At(_), End::Never) => found.push(outlives(source, "for ever")),
        _ => {}
    }
    // An empty subject set says nothing of a token that can not be read, nor does one of another issuer, who has names of its own.
    let readable = subject.claims.is_some() && issued.claims.is_some() && issued.view.kind != TokenKind::Refresh;
    if readable && !subject.may_hide(&["aud"]) {
        wider(source, ("aud", "audience"), &claims::audience(from), &claims::audience(to), &mut found);
    }
    let one_issuer = claims::text(from, "iss") == claims::text(to, "iss");
    if readable && one_issuer && !subject.may_hide(&["scope", "scp"]) {
        wider(source, ("scope", "scope"), &claims::scopes(from), &claims::scopes(to), &mut found);
    }
    if readable && one_issuer && !subject.may_hide(&["realm_access", "resource_access", "roles", "groups"]) {
        let names = |claims| claims::roles(claims).into_iter().map(|(path, role)| format!("{role} ({path})")).collect::<Vec<_>>();
        wider(source, ("roles", "role"), &names(from), &names(to), &mut found);
    }
    if readable && from.contains_key("cnf") && !to.contains_key("cnf") && !issued.may_hide(&["cnf"]) {
        let word = source.word();
        let detail = format!("The {word} was bound to a key, the issued one is a bearer token: whoever holds it can use it.");
        found.push(at(warning("binding-lost", "Binding lost", &detail, Some("RFC 9700 2.2.1")), "claims.cnf"));
    }
    // A grant by assertion knows no actor; who asked is the client, and nobody acts for anybody.
    if source == Source::Subject && !issued.may_hide(&["act"]) {
        unnamed_actor(from, to, &mut found);
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn at(finding: Finding, path: &str) -> Finding {
    Finding { path: Some(path.into()), ..finding }
}

/// What the token was made from, which decides the words and the RFC.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A token exchange's subject token, and whatever else it may be.
    Subject,
    /// The assertion of a grant (RFC 7523 2.1).
    Assertion,
}

impl Source {
    fn of(issued: &Column<'_>) -> Self {
        if issued.view.obtained == Obtained::Asserted { Self::Assertion } else { Self::Subject }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject token",
            Self::Assertion => "assertion",
        }
    }

    /// Where it is said that a token should not be more than what it came from.
    fn rfc(self) -> &'static str {
        match self {
            Self::Subject => "RFC 8693 5",
            Self::Assertion => "RFC 7521 4.1",
        }
    }
}

fn outlives(source: Source, how: &str) -> Finding {
    let title = format!("Outlives its {} {how}", source.word());
    let detail = "It stays valid after the token it was made from has expired.";
    at(warning("outlives-subject", &title, detail, Some(source.rfc())), "claims.exp")
}

fn wider(source: Source, (path, word): (&str, &str), old: &[String], new: &[String], found: &mut Vec<Finding>) {
    if !matches!(set_change(old, new), Change::Widened | Change::Replaced | Change::Added) {
        return;
    }
    let before: HashSet<&String> = old.iter().collect();
    let won: Vec<&String> = new.iter().filter(|member| !before.contains(member)).collect();
    // Another audience is what an exchange is for; only more of them than before is wider.
    if path == "aud" && new.len() <= old.len().max(1) {
        return;
    }
    let detail = format!("The {} did not have {} {}.", source.word(), word, words::shown_few(&won));
    let title = format!("Wider {word} than its {}", source.word());
    found.push(at(warning("wider-than-subject", &title, &detail, Some(source.rfc())), &format!("claims.{path}")));
}

/// Impersonation leaves no trace in the token but `azp`.
fn unnamed_actor(from: &Map<String, serde_json::Value>, to: &Map<String, serde_json::Value>, found: &mut Vec<Finding>) {
    let (old, new) = (claims::client(from), claims::client(to));
    if let (Some(old), Some(new), Some(user)) = (old, new, claims::user(to))
        && old != new
        && !to.contains_key("act")
    {
        let detail = format!("Only azp and the server's event tell that {} acts for {}.", shown(&new), shown(&user));
        found.push(note("no-act", "No act claim", &detail, Some("RFC 8693 4.1")));
    }
}
