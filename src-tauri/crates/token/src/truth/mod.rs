//! Three-way truth: what a token says of itself, what introspection says of it, and what userinfo says of its user.
//!
//! The three come from different places and times: the token from the moment of issue, introspection from the server's memory
//! now, userinfo from the user's record. Where they differ somebody will be surprised, so every difference is marked with what
//! each says, and the ones that decide access are findings.

mod findings;
mod heard;
mod table;
#[cfg(test)]
mod tests;
mod told;

use serde_json::{Map, Value};

use crate::{
    claims::{self, Key, Layout},
    decode::json::Exact,
    inspect::{ClaimValue, TokenFormat, Verification},
    words,
};

pub use heard::{Expected, contradictions};
pub use table::{Agreement, Heard, Source, Speaker, Truth, TruthGroup, TruthRow, Word};
use told::active;
pub use told::{Answers, AtHand, Told};

/// Puts the three side by side at a moment (epoch seconds).
pub fn truth(at_hand: &AtHand<'_>, now_s: i64) -> Truth {
    let introspected = at_hand.introspection.as_ref().ok().copied().flatten();
    let told_of_user = at_hand.userinfo.as_ref().ok().copied().flatten();
    let said =
        [at_hand.claims, introspected.and_then(|told| told.claims.as_ref()), told_of_user.and_then(|told| told.claims.as_ref())];
    let of = |told: Option<&Told>| told.map(|told| told.exact.clone()).unwrap_or_default();
    let groups = groups(&said, &[at_hand.exact.clone(), of(introspected), of(told_of_user)]);
    let rows: Vec<&TruthRow> = groups.iter().flat_map(|group| &group.rows).collect();
    let differences = rows.iter().filter(|row| row.agreement == Agreement::Differ).count();
    let mut findings = Vec::new();
    if let Some(answer) = introspected.and_then(|told| told.claims.as_ref()) {
        let client = at_hand.view.client.as_deref().filter(|_| at_hand.claims.is_none());
        let expected = Expected { now_s, client, ..Expected::default() };
        findings.extend(contradictions(answer, &expected));
    }
    findings::activity(at_hand, introspected, told_of_user, now_s, &mut findings);
    findings::members(&said, &rows, &mut findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Truth {
        sources: vec![
            token_source(at_hand),
            source(Speaker::Introspection, "Introspection", &at_hand.introspection),
            source(Speaker::Userinfo, "Userinfo", &at_hand.userinfo),
        ],
        token: at_hand.view.clone(),
        groups,
        findings,
        differences,
        left_out: 0,
    }
}

const SHORT: [&str; 3] = ["the token", "introspection", "userinfo"];

fn token_source(at_hand: &AtHand<'_>) -> Source {
    let words = match (&at_hand.view.verification, at_hand.view.format) {
        (_, TokenFormat::Opaque) => "opaque, it says nothing by itself".into(),
        (_, TokenFormat::Jwe) if at_hand.claims.is_none() => "encrypted, it says nothing here".into(),
        (Verification::Verified { key }, _) => {
            format!("verified, {} {}", key.alg, crate::measure::middle_cut(&key.kid, 8, 4)).trim().to_owned()
        }
        (Verification::BadSignature { .. }, _) => "signature bad".into(),
        (Verification::Unsecured, _) => "not signed".into(),
        (Verification::Unverifiable { .. }, _) => "not verified".into(),
    };
    let heard = if at_hand.claims.is_some() { Heard::Said } else { Heard::Unavailable };
    Source {
        speaker: Speaker::Token,
        title: "Token".into(),
        heard,
        words,
        address: None,
        read_ms: None,
        step: at_hand.view.step,
        active: None,
    }
}

fn source(speaker: Speaker, title: &str, told: &Result<Option<&Told>, String>) -> Source {
    let empty = Source {
        speaker,
        title: title.into(),
        heard: Heard::NotAsked,
        words: "not asked yet".into(),
        address: None,
        read_ms: None,
        step: None,
        active: None,
    };
    let told = match told {
        Err(why) => return Source { heard: Heard::Unavailable, words: why.clone(), ..empty },
        Ok(None) => return empty,
        Ok(Some(told)) => told,
    };
    let active = told.claims.as_ref().and_then(active);
    let words = match (&told.claims, speaker, active) {
        (None, ..) => {
            let problem = told.problem.clone().unwrap_or_else(|| "no answer".into());
            told.status.map_or(problem.clone(), |status| format!("{status}, {problem}"))
        }
        (Some(_), Speaker::Introspection, Some(true)) => "active".into(),
        (Some(_), Speaker::Introspection, Some(false)) => "not active".into(),
        (Some(_), Speaker::Introspection, None) => "does not say whether it is active".into(),
        (Some(members), ..) => words::count(members.len(), "member"),
    };
    Source {
        heard: if told.claims.is_some() { Heard::Said } else { Heard::Refused },
        words,
        address: Some(told.address.clone()),
        read_ms: Some(told.read_ms),
        step: told.step,
        active: active.filter(|_| speaker == Speaker::Introspection),
        ..empty
    }
}

/// A value as it is shown, and by what it is compared.
type Said = (ClaimValue, Key);

fn groups(said: &[Option<&Map<String, Value>>; 3], exact: &[Exact; 3]) -> Vec<TruthGroup> {
    let mut lines = std::collections::BTreeMap::new();
    for (index, (claims, exact)) in said.iter().zip(exact).enumerate() {
        for entry in claims.map(|claims| claims::exact_entries(claims, Layout::Inspect, exact)).unwrap_or_default() {
            let line: &mut (claims::Entry, [Option<Said>; 3]) =
                lines.entry(entry.order()).or_insert_with(|| (entry.clone(), [None, None, None]));
            line.1[index] = Some((entry.value, entry.key));
        }
    }
    claims::distinct(lines.values_mut().map(|(entry, _)| entry));
    let heard = said.iter().filter(|claims| claims.is_some()).count();
    let mut groups: Vec<TruthGroup> = Vec::new();
    for (entry, values) in lines.into_values() {
        let row = row(&entry, values, heard);
        match groups.last_mut().filter(|group| group.id == entry.group) {
            Some(group) => group.rows.push(row),
            None => groups.push(TruthGroup {
                id: entry.group.into(),
                title: claims::title(entry.group, Layout::Inspect).into(),
                rows: vec![row],
            }),
        }
    }
    groups
}

fn row(entry: &claims::Entry, values: [Option<Said>; 3], heard: usize) -> TruthRow {
    let first = values.iter().flatten().next().cloned();
    let meaning = claims::explained(&entry.path, &[first.as_ref().map(|(value, _)| value)]);
    let cells = values.map(|said| Word {
        differs: said.as_ref().zip(first.as_ref()).is_some_and(|(said, first)| !same(said, first)),
        value: said.map(|(value, _)| value),
    });
    let saying: Vec<&str> = SHORT.iter().zip(&cells).filter(|(_, cell)| cell.value.is_some()).map(|(name, _)| *name).collect();
    let other: Vec<&str> = SHORT.iter().zip(&cells).filter(|(_, cell)| cell.differs).map(|(name, _)| *name).collect();
    let (agreement, words) = match (other.is_empty(), saying.as_slice()) {
        (false, _) => {
            (Agreement::Differ, format!("{} {}", words::list(&other), if other.len() > 1 { "differ" } else { "differs" }))
        }
        (true, [one]) if heard > 1 => (Agreement::Alone, format!("only {one}")),
        (true, [_]) => (Agreement::Unheard, String::new()),
        _ => (Agreement::Agree, "the same".into()),
    };
    TruthRow { path: entry.path.clone(), label: entry.label.clone(), cells: cells.into(), agreement, words, meaning }
}

/// Equal as the readers of claims see it: the order of a set means nothing, nor does the spelling of a number.
fn same((one, key): &Said, (other, by): &Said) -> bool {
    match (one, other) {
        (ClaimValue::Set { members: one, .. }, ClaimValue::Set { members: other, .. }) => {
            let sorted = |list: &[String]| {
                let mut list = list.to_vec();
                list.sort();
                list.dedup();
                list
            };
            sorted(one) == sorted(other)
        }
        _ => key == by,
    }
}
