//! Attenuation: a token made from another should be able to do less, for no longer.
//!
//! RFC 8693 does not demand it, which is why it is pointed out: nothing else in the chain will.

use std::collections::HashSet;

use serde_json::Map;

use super::{Change, Column, rows::set_change};
use crate::{
    claims,
    decode::{note_finding as note, warning_finding as warning},
    finding::Finding,
    words,
};

/// Where the issued token is more than its subject.
pub fn findings(subject: &Column<'_>, issued: &Column<'_>) -> Vec<Finding> {
    let empty = Map::new();
    let (from, to) = (subject.claims.unwrap_or(&empty), issued.claims.unwrap_or(&empty));
    let mut found = Vec::new();
    match (subject.view.expires_at, issued.view.expires_at) {
        (Some(old), Some(new)) if new > old => {
            let title = format!("Outlives its subject token by {}", words::duration(new.saturating_sub(old)));
            found.push(outlives(&title));
        }
        (Some(_), None) => found.push(outlives("Outlives its subject token for ever")),
        _ => {}
    }
    let sets = [
        ("aud", "audience", claims::audience(from), claims::audience(to)),
        ("scope", "scope", claims::scopes(from), claims::scopes(to)),
    ];
    for (path, word, old, new) in &sets {
        // A set that only the issued token has is more than none; an empty subject set says nothing for opaque ones.
        if subject.claims.is_some() {
            wider(path, word, old, new, &mut found);
        }
    }
    if subject.claims.is_some() {
        let names = |claims| claims::roles(claims).into_iter().map(|(path, role)| format!("{role} ({path})")).collect::<Vec<_>>();
        wider("roles", "role", &names(from), &names(to), &mut found);
        if from.contains_key("cnf") && issued.claims.is_some() && !to.contains_key("cnf") {
            let detail = "The subject token was bound to a key, the issued one is a bearer token: whoever holds it can use it.";
            found.push(at(warning("binding-lost", "Binding lost", detail, Some("RFC 9700 2.2.1")), "claims.cnf"));
        }
    }
    unnamed_actor(from, to, &mut found);
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn at(finding: Finding, path: &str) -> Finding {
    Finding { path: Some(path.into()), ..finding }
}

fn outlives(title: &str) -> Finding {
    let detail = "It stays valid after the token it was made from has expired.";
    at(warning("outlives-subject", title, detail, Some("RFC 8693 5")), "claims.exp")
}

fn wider(path: &str, word: &str, old: &[String], new: &[String], found: &mut Vec<Finding>) {
    if !matches!(set_change(old, new), Change::Widened | Change::Replaced | Change::Added) {
        return;
    }
    let before: HashSet<&String> = old.iter().collect();
    let won: Vec<&String> = new.iter().filter(|member| !before.contains(member)).collect();
    // Another audience is what an exchange is for; only more of them than before is wider.
    if path == "aud" && new.len() <= old.len().max(1) {
        return;
    }
    let detail = format!("The subject token did not have {} {}.", word, words::few(&won));
    let title = format!("Wider {word} than its subject token");
    found.push(at(warning("wider-than-subject", &title, &detail, Some("RFC 8693 5")), &format!("claims.{path}")));
}

/// Impersonation leaves no trace in the token but `azp`.
fn unnamed_actor(from: &Map<String, serde_json::Value>, to: &Map<String, serde_json::Value>, found: &mut Vec<Finding>) {
    let (old, new) = (claims::client(from), claims::client(to));
    if let (Some(old), Some(new), Some(user)) = (old, new, claims::user(to))
        && old != new
        && !to.contains_key("act")
    {
        let detail = format!("Only azp and the server's event tell that {new} acts for {user}.");
        found.push(note("no-act", "No act claim", &detail, Some("RFC 8693 4.1")));
    }
}
