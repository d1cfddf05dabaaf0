//! The statements over a comparison: who, for whom, where, what for, how long, by whom, bound to what.

use std::hash::Hash;

use serde_json::{Map, Value};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    columns::{Column, End},
    rows::set_change,
    table::{Change, Group},
};
use crate::{claims, inspect::TokenKind, words};

/// One statement about the pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Verdict {
    /// `identity`, `requester`, `audience`, `scope`, `roles`, `lifetime`, `issuer`, `binding`.
    pub id: String,
    /// Label, e.g. `Audience`.
    pub label: String,
    /// What class it has (decides ink and glyph).
    pub tone: VerdictTone,
    /// The strong word, e.g. `narrowed`, `preserved`, `outlives`.
    pub word: String,
    /// The quiet rest, e.g. `3 → 1`, `frontend → portal`, `by 7 s`.
    pub rest: String,
    /// Paths of the rows that made it (it filters them).
    pub paths: Vec<String>,
}

/// Class of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictTone {
    /// Nothing changed.
    Same,
    /// Changed, neither more nor less.
    Changed,
    /// Less than before.
    Narrowed,
    /// More than before: a warning.
    Widened,
    /// Something came.
    Added,
    /// Something went.
    Removed,
    /// Issued lives longer than subject: a warning.
    Outlives,
    /// Not there on either side.
    None,
    /// One side cannot be read, so nothing is stated.
    Unknown,
}

/// The eight statements about subject and issued token, always in this order.
pub fn verdicts(subject: &Column<'_>, issued: &Column<'_>, table: &[Group]) -> Vec<Verdict> {
    let empty = Map::new();
    let pair = Pair { from: subject.claims.unwrap_or(&empty), to: issued.claims.unwrap_or(&empty), subject, issued };
    let verdict = |id: &str, label: &str, (tone, word, rest): Said, wanted: &dyn Fn(&str, &str) -> bool| Verdict {
        id: id.into(),
        label: label.into(),
        tone,
        word,
        rest,
        paths: table
            .iter()
            .flat_map(|group| group.rows.iter().map(|row| (group.id.as_str(), row.path.as_str())))
            .filter(|(group, path)| wanted(group, path))
            .map(|(_, path)| path.to_owned())
            .collect(),
    };
    let requester = |path: &str| matches!(path, "azp" | "client_id" | "appid" | "cid");
    let known = subject.claims.is_some() && issued.claims.is_some();
    let mut said = vec![
        verdict("identity", "Identity", pair.identity(), &|group, path| group == "identity" && !requester(path)),
        verdict("requester", "Requester", pair.requester(), &|_, path| requester(path)),
        verdict("audience", "Audience", set(&claims::audience(pair.from), &claims::audience(pair.to)), &|_, path| path == "aud"),
        verdict("scope", "Scope", set(&claims::scopes(pair.from), &claims::scopes(pair.to)), &|_, path| {
            matches!(path, "scope" | "scp")
        }),
        verdict("roles", "Roles", set(&claims::roles(pair.from), &claims::roles(pair.to)), &|group, _| group == "roles"),
        verdict("lifetime", "Lifetime", pair.lifetime(), &|group, _| group == "lifetime"),
        verdict("issuer", "Issuer", pair.issuer(), &|group, _| group == "issuer"),
        verdict("binding", "Binding", pair.binding(), &|group, _| group == "binding"),
    ];
    // A token that cannot be read has lost nothing anybody could know of; its end may be told by its response.
    for verdict in said.iter_mut().filter(|verdict| verdict.id != "lifetime") {
        let which = if known {
            let Some(which) = pair.not_told(&verdict.id) else { continue };
            which
        } else {
            match (subject.claims, issued.claims) {
                (None, None) => "neither can be read",
                (None, Some(_)) => "the first cannot be read",
                _ => "it cannot be read",
            }
        };
        (verdict.tone, verdict.word, verdict.rest) = (VerdictTone::Unknown, "unknown".into(), which.into());
    }
    said
}

type Said = (VerdictTone, String, String);

/// The name a token gives its user.
fn name_of(claims: &Map<String, Value>) -> Option<String> {
    claims::text(claims, "preferred_username").or_else(|| claims::text(claims, "username"))
}

fn say(tone: VerdictTone, word: &str, rest: impl Into<String>) -> Said {
    // Names stand in it as they are, so what hides in them is written out.
    (tone, word.into(), crate::shown::made_visible(rest.into()))
}

fn arrow(from: &str, to: &str) -> String {
    format!("{from} → {to}")
}

/// Verdict on a set; the rest tells the sizes.
fn set<T: Eq + Hash>(from: &[T], to: &[T]) -> Said {
    let sizes = arrow(&from.len().to_string(), &to.len().to_string());
    match set_change(from, to) {
        Change::Same if from.is_empty() => say(VerdictTone::None, "none", ""),
        Change::Narrowed => say(VerdictTone::Narrowed, "narrowed", sizes),
        Change::Widened => say(VerdictTone::Widened, "widened", sizes),
        Change::Added => say(VerdictTone::Added, "added", sizes),
        Change::Removed => say(VerdictTone::Removed, "removed", sizes),
        Change::Replaced => say(VerdictTone::Changed, "replaced", sizes),
        Change::Same | Change::Outlives | Change::Shorter | Change::Unknown => {
            say(VerdictTone::Same, "same", from.len().to_string())
        }
    }
}

struct Pair<'a> {
    from: &'a Map<String, Value>,
    to: &'a Map<String, Value>,
    subject: &'a Column<'a>,
    issued: &'a Column<'a>,
}

/// Claims beside `sub` that name one user at an issuer, whatever the application: Entra's object id and Okta's user id.
const PERSON: [&str; 3] = ["oid", "uid", "upn"];

impl Pair<'_> {
    /// Whether both have a claim, with one value.
    fn same(&self, name: &str) -> bool {
        let (from, to) = self.both(name);
        from.is_some() && from == to
    }

    /// Whether they are an ID token and the token that came with it: one answer is about one user.
    fn of_one_answer(&self) -> bool {
        let (from, to) = (&self.subject.view, &self.issued.view);
        let with_id = from.kind != to.kind && (from.kind == TokenKind::Id || to.kind == TokenKind::Id);
        with_id && from.step.is_some() && from.step == to.step && self.same("iss")
    }

    fn both(&self, name: &str) -> (Option<String>, Option<String>) {
        (claims::text(self.from, name), claims::text(self.to, name))
    }

    /// Which of two readable tokens may have what a verdict is about although introspection does not say it (RFC 7662 2.2).
    fn not_told(&self, verdict: &str) -> Option<&'static str> {
        let names: &[&str] = match verdict {
            "identity" => &["sub", "username", "preferred_username"],
            "requester" => &["client_id", "azp", "appid", "cid"],
            "audience" => &["aud"],
            "scope" => &["scope", "scp"],
            "roles" => &["realm_access", "resource_access", "roles", "groups"],
            "issuer" => &["iss"],
            "binding" => &["cnf"],
            _ => return None,
        };
        match (self.subject.may_hide(names), self.issued.may_hide(names)) {
            (false, false) => None,
            (true, true) => Some("introspection does not say"),
            (true, false) => Some("introspection of the first does not say"),
            (false, true) => Some("introspection does not say"),
        }
    }

    /// Preserved, delegated, impersonated or changed (RFC 8693 1.1: delegation is told by `act` alone).
    fn identity(&self) -> Said {
        let (before, after) = (claims::actor_chain(self.from), claims::actor_chain(self.to));
        let who = |claims: &Map<String, Value>| {
            claims::user(claims).or_else(|| claims::client(claims)).unwrap_or_else(|| "nobody".into())
        };
        let (old, new) = (who(self.from), who(self.to));
        if after.len() > before.len() || (!after.is_empty() && after != before) {
            let actor = after.first().map_or("an actor", String::as_str);
            return say(VerdictTone::Changed, "delegated", format!("{actor} acts for {new}"));
        }
        let (from, to) = self.both("sub");
        let same_name = self.same("preferred_username");
        let same_issuer = self.both("iss").0 == self.both("iss").1;
        if from.is_none() && to.is_none() && !same_name {
            return say(VerdictTone::None, "none", "");
        }
        // One of them is told by introspection without its sub: a name it gives decides, and nothing else can.
        if (from.is_none() && self.subject.is_told()) || (to.is_none() && self.issued.is_told()) {
            return match (name_of(self.from), name_of(self.to)) {
                (Some(from), Some(to)) if from == to => say(VerdictTone::Same, "preserved", "by name"),
                (Some(from), Some(to)) => say(VerdictTone::Changed, "changed", arrow(&from, &to)),
                _ => say(VerdictTone::Unknown, "unknown", "introspection gives no sub"),
            };
        }
        let application = claims::user(self.to).is_none() && claims::user(self.from).is_some();
        match (from, to) {
            _ if application => say(VerdictTone::Changed, "changed", format!("{old} → {new}, an application")),
            (Some(from), Some(to)) if from == to && !same_issuer => say(VerdictTone::Same, "preserved", "at another issuer"),
            (from, to) if from == to => say(VerdictTone::Same, "preserved", ""),
            // Entra gives each application another sub, Okta another one to each kind of token: what names the user besides decides.
            (Some(_), Some(_)) if PERSON.into_iter().any(|name| self.same(name)) => {
                say(VerdictTone::Same, "preserved", "another sub, the same user by another claim")
            }
            (Some(_), Some(_)) if self.of_one_answer() => {
                say(VerdictTone::Same, "preserved", "another sub in tokens of one answer")
            }
            (Some(_), Some(_))
                if same_issuer && claims::user(self.to).is_some() && claims::user(self.from).is_some() && !same_name =>
            {
                say(VerdictTone::Changed, "impersonated", arrow(&old, &new))
            }
            (Some(_), None) => say(VerdictTone::Removed, "removed", "the issued token has no sub"),
            (None, Some(_)) if same_name => say(VerdictTone::Same, "preserved", format!("{new}, sub added")),
            (None, Some(_)) => say(VerdictTone::Added, "added", new),
            _ if same_name => say(VerdictTone::Changed, "mapped", format!("{new}, another sub")),
            _ => say(VerdictTone::Changed, "changed", arrow(&old, &new)),
        }
    }

    fn requester(&self) -> Said {
        match (claims::client(self.from), claims::client(self.to)) {
            (None, None) => say(VerdictTone::None, "none", ""),
            (Some(from), Some(to)) if from == to => say(VerdictTone::Same, "same", from),
            (Some(from), Some(to)) => say(VerdictTone::Changed, "changed", arrow(&from, &to)),
            (Some(from), None) => say(VerdictTone::Removed, "removed", from),
            (None, Some(to)) => say(VerdictTone::Added, "added", to),
        }
    }

    fn lifetime(&self) -> Said {
        if self.subject.is_refresh() != self.issued.is_refresh() {
            return say(VerdictTone::None, "not compared", "a refresh token ends with its session");
        }
        match (self.subject.end(), self.issued.end()) {
            // An opaque token has an end; it only does not say so.
            (End::Unknown, _) | (_, End::Unknown) => say(VerdictTone::Unknown, "unknown", "it does not say"),
            (End::Never, End::Never) => say(VerdictTone::None, "none", ""),
            (End::At(_), End::Never) => say(VerdictTone::Outlives, "outlives", "it never ends"),
            (End::Never, End::At(_)) => say(VerdictTone::Narrowed, "shorter", "it ends now"),
            (End::At(from), End::At(to)) => {
                let gap = words::duration(to.saturating_sub(from));
                match to.cmp(&from) {
                    std::cmp::Ordering::Equal => say(VerdictTone::Same, "same", ""),
                    std::cmp::Ordering::Greater => say(VerdictTone::Outlives, "outlives", format!("by {gap}")),
                    std::cmp::Ordering::Less => say(VerdictTone::Narrowed, "shorter", format!("by {gap}")),
                }
            }
        }
    }

    fn issuer(&self) -> Said {
        let (from, to) = self.both("iss");
        let (before, after) = (&self.subject.view, &self.issued.view);
        let host = |issuer: &str| {
            url::Url::parse(issuer).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| issuer.to_owned())
        };
        match (from, to) {
            (None, None) => say(VerdictTone::None, "none", ""),
            (Some(from), None) => say(VerdictTone::Removed, "removed", host(&from)),
            (None, Some(to)) => say(VerdictTone::Added, "added", host(&to)),
            (Some(from), Some(to)) if from != to => {
                let (short, long) = (host(&from), host(&to));
                let rest = if short == long { arrow(&from, &to) } else { arrow(&short, &long) };
                say(VerdictTone::Changed, "changed", rest)
            }
            // A prediction and an opaque token have no header to hold against one.
            _ if self.subject.header.is_none() || self.issued.header.is_none() => say(VerdictTone::Same, "same", ""),
            _ if before.alg != after.alg => {
                let name = |alg: &Option<String>| alg.clone().unwrap_or_else(|| "none".into());
                say(VerdictTone::Changed, "same", format!("other algorithm, {}", arrow(&name(&before.alg), &name(&after.alg))))
            }
            _ if before.kid != after.kid => say(VerdictTone::Changed, "same", "other key"),
            _ => say(VerdictTone::Same, "same", ""),
        }
    }

    /// Whether the token is tied to a key (RFC 7800), and to which.
    fn binding(&self) -> Said {
        match (self.from.get("cnf"), self.to.get("cnf")) {
            (None, None) => say(VerdictTone::None, "none", ""),
            (Some(from), Some(to)) if from == to => say(VerdictTone::Same, "kept", ""),
            (Some(_), Some(_)) => say(VerdictTone::Changed, "changed", "another key"),
            (Some(_), None) => say(VerdictTone::Removed, "lost", "now a bearer token"),
            (None, Some(_)) => say(VerdictTone::Added, "added", "bound to a key"),
        }
    }
}

/// The word of the lifetime that goes with the row of an end, for holding one against the other.
#[cfg(test)]
pub(super) fn lifetime_words(change: Change) -> &'static str {
    match change {
        Change::Outlives => "outlives",
        Change::Shorter => "shorter",
        Change::Same => "same",
        Change::Unknown => "unknown",
        _ => "other",
    }
}
