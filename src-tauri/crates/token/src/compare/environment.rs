//! Two environments side by side: what two issuers must differ in is set apart from what differs in substance.
//!
//! Dev beside prod always differs in issuer, key, ids and times. Counted as differences they hide the one scope that is missing; so
//! they are folded into a group of their own and never counted as substance, and the statements leave them out.

use serde_json::{Map, Value};

use super::{
    columns::Column,
    rows,
    table::{Cell, Change, ENVIRONMENT, Group, Row},
    verdict::{Verdict, VerdictTone as Tone},
};
use crate::{
    claims,
    inspect::{ClaimValue, origin_of},
    lineage::Kinship,
    words,
};

/// Path of the row that compares lifetimes by their length; no claim has it.
pub const LIFETIME: &str = "exp - iat";

/// Header parameters that say which key it was, or where it is found.
const OF_THE_KEY: [&str; 7] = ["kid", "x5t", "x5t#S256", "x5c", "x5u", "jku", "jwk"];

/// Claims that name a session, a tenant or the user by an id of the issuer's own.
const OF_THE_ISSUER: [&str; 5] = ["sid", "session_state", "tid", "tenant_id", "org_id"];

/// Ids of the user at one issuer; they say nothing where the same person has another one elsewhere.
const OF_THE_USER: [&str; 5] = ["sub", "oid", "uid", "user_id", "userid"];

/// Times and ids that are new in every token.
const OF_THE_MOMENT: [&str; 12] =
    ["exp", "iat", "nbf", "auth_time", "jti", "nonce", "at_hash", "c_hash", "s_hash", "ath", "updated_at", "origin_jti"];

/// Whether two tokens come from two environments: other issuers of one kind, and neither was made from the other.
pub fn apart(first: &Column<'_>, other: &Column<'_>, kinship: Kinship) -> bool {
    let issuer = |column: &Column<'_>| column.claims.and_then(|claims| claims::text(claims, "iss"));
    let (Some(one), Some(two)) = (issuer(first), issuer(other)) else { return false };
    if one == two || kinship != Kinship::Unknown {
        return false;
    }
    match (&first.view.provenance, &other.view.provenance) {
        (Some(one), Some(two)) if one.profile != two.profile => true,
        // Provider and gateway of one environment name issuers of different shapes.
        _ => same_shape(&one, &two),
    }
}

/// Whether two issuers are named alike: as many path segments, at most one of them another.
fn same_shape(one: &str, two: &str) -> bool {
    let path = |issuer: &str| {
        let url = url::Url::parse(issuer).ok()?;
        Some(url.path_segments()?.map(str::to_owned).collect::<Vec<_>>())
    };
    match (path(one), path(two)) {
        (Some(one), Some(two)) => one.len() == two.len() && one.iter().zip(&two).filter(|(one, two)| one != two).count() <= 1,
        _ => false,
    }
}

/// Moves what belongs to the environment into a group of its own, and what belongs to the moment to the noise. `pairs` says of each
/// column but the first whether it is of another environment than the first.
pub fn fold(table: &mut Vec<Group>, columns: &[Column<'_>], pairs: &[bool]) {
    let Some((first, others)) = columns.split_first() else { return };
    let mut environment: Vec<Row> = Vec::new();
    let mut moment: Vec<Row> = Vec::new();
    for group in table.iter_mut() {
        let noise = group.id == "noise";
        let mut left = Vec::new();
        for row in group.rows.drain(..) {
            if OF_THE_MOMENT.contains(&row.path.as_str()) {
                if noise { left.push(row) } else { moment.push(row) }
            } else if rows::differs(&row)
                && others.iter().zip(pairs).enumerate().all(|(index, (other, apart))| {
                    row.changes.get(index + 1) == Some(&Change::Same) || (*apart && expected(&row.path, first, other))
                })
            {
                environment.push(row);
            } else {
                left.push(row);
            }
        }
        group.rows = left;
    }
    if columns.len() == 2 {
        table.iter_mut().flat_map(|group| &mut group.rows).for_each(side_by_side);
    }
    if let Some(row) = lifetime(columns) {
        match table.iter_mut().find(|group| group.id == "lifetime") {
            Some(group) => group.rows.insert(0, row),
            None => table.push(rows::group("lifetime", vec![row])),
        }
    }
    environment.sort_by_key(|row| rank(&row.path));
    for (id, rows) in [(ENVIRONMENT, environment), ("noise", moment)] {
        if rows.is_empty() {
            continue;
        }
        match table.iter_mut().find(|group| group.id == id) {
            Some(group) => group.rows.splice(0..0, rows).for_each(drop),
            None => table.push(rows::group(id, rows)),
        }
    }
    table.retain(|group| !group.rows.is_empty());
    table.sort_by_key(|group| rows::place(&group.id));
    table.iter_mut().for_each(rows::head);
    for group in table.iter_mut().filter(|group| group.id == ENVIRONMENT) {
        let count = group.rows.len();
        group.summary = format!("{count} {}, as two environments must", if count == 1 { "differs" } else { "differ" });
        group.folded = true;
    }
}

/// Neither of two environments lost or won anything: one has it and the other has not.
fn side_by_side(row: &mut Row) {
    let sizes = row.change_text.split_once(' ').map(|(_, rest)| format!(" {rest}")).unwrap_or_default();
    let (change, words) = match row.change {
        Change::Narrowed | Change::Removed => (Change::Removed, format!("A only{sizes}")),
        Change::Widened => (Change::Added, format!("B adds{sizes}")),
        Change::Added => (Change::Added, format!("B only{sizes}")),
        _ => return,
    };
    row.changes.iter_mut().filter(|one| **one == row.change).for_each(|one| *one = change);
    (row.change, row.change_text) = (change, words);
}

/// The issuer first, then the key, then the rest by name.
fn rank(path: &str) -> (usize, String) {
    let first = ["iss", "header.kid", "sub", "sid", "allowed-origins"];
    (first.iter().position(|one| *one == path).unwrap_or(first.len()), path.to_owned())
}

/// Whether two environments must differ in a claim, as far as these two say.
fn expected(path: &str, first: &Column<'_>, other: &Column<'_>) -> bool {
    if let Some(name) = path.strip_prefix("header.") {
        let has = |column: &Column<'_>| column.header.is_some_and(|header| header.contains_key(name));
        return OF_THE_KEY.contains(&name) && has(first) && has(other);
    }
    let (Some(from), Some(to)) = (first.claims, other.claims) else { return false };
    // Web origins of a client are addresses of the environment, whether it has some or none.
    if matches!(path, "iss" | "allowed-origins") {
        return true;
    }
    let (Some(old), Some(new)) = (at(from, path), at(to, path)) else { return false };
    OF_THE_ISSUER.contains(&path)
        || (OF_THE_USER.contains(&path) && same_owner(from, to))
        || neutral(old, from) == neutral(new, to)
}

/// A member by its path; the first that reads so.
fn at<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    path.match_indices('.').find_map(|(dot, _)| at(claims.get(&path[..dot])?.as_object()?, &path[dot + 1..]))
}

/// Whether both bear the same user name, or, without a user, the same client id. At two issuers that is no proof of one person.
pub fn same_owner(from: &Map<String, Value>, to: &Map<String, Value>) -> bool {
    let name = |claims| claims::text(claims, "preferred_username");
    match (name(from), name(to)) {
        (Some(one), Some(two)) => one == two,
        (None, None) if claims::user(from).is_none() && claims::user(to).is_none() => {
            claims::client(from).is_some() && claims::client(from) == claims::client(to)
        }
        _ => false,
    }
}

/// A value with the token's own issuer and its host written as such, so that the same value of two environments reads the same.
fn neutral(value: &Value, claims: &Map<String, Value>) -> Value {
    let Some(issuer) = claims::text(claims, "iss").filter(|issuer| !issuer.is_empty()) else { return value.clone() };
    let origin = origin_of(&issuer);
    rewritten(value, &|text| neutral_text(text, &issuer, &origin))
}

fn neutral_text(text: &str, issuer: &str, origin: &str) -> String {
    let under = |base: &str| text.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    match (under(issuer), under(origin)) {
        (Some(rest), _) => format!("\u{0}issuer{rest}"),
        (None, Some(rest)) => format!("\u{0}origin{rest}"),
        _ => text.to_owned(),
    }
}

fn rewritten(value: &Value, text: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(one) => Value::String(text(one)),
        Value::Array(list) => Value::Array(list.iter().map(|one| rewritten(one, text)).collect()),
        Value::Object(map) => Value::Object(map.iter().map(|(name, one)| (name.clone(), rewritten(one, text))).collect()),
        other => other.clone(),
    }
}

/// Members of a set with the token's own issuer written as such.
pub fn neutral_set(members: &[String], claims: &Map<String, Value>) -> Vec<String> {
    let Some(issuer) = claims::text(claims, "iss").filter(|issuer| !issuer.is_empty()) else { return members.to_vec() };
    let origin = origin_of(&issuer);
    members.iter().map(|member| neutral_text(member, &issuer, &origin)).collect()
}

/// How long a token lives, in seconds.
pub fn life(column: &Column<'_>) -> Option<i64> {
    let claims = column.claims?;
    claims::epoch(claims, "exp")?.checked_sub(claims::epoch(claims, "iat")?)
}

/// Lifetimes by their length, since the moments differ anyway.
fn lifetime(columns: &[Column<'_>]) -> Option<Row> {
    let lives: Vec<Option<i64>> = columns.iter().map(life).collect();
    let first = *lives.first()?;
    if lives.iter().all(Option::is_none) {
        return None;
    }
    let unreadable = |index: usize| columns.get(index).is_none_or(|column| column.claims.is_none());
    let changes: Vec<Change> = lives
        .iter()
        .enumerate()
        .map(|(index, life)| match (first, life) {
            _ if index > 0 && (unreadable(0) || unreadable(index)) => Change::Unknown,
            (Some(from), Some(to)) if *to > from => Change::Outlives,
            (Some(from), Some(to)) if *to < from => Change::Shorter,
            (None, Some(_)) => Change::Shorter,
            (Some(_), None) => Change::Outlives,
            _ => Change::Same,
        })
        .collect();
    let cell = |index: usize, life: &Option<i64>| match life {
        _ if unreadable(index) => Cell::Unknown,
        None => Cell::Absent,
        Some(_) if index > 0 && *life == first => Cell::Equal,
        Some(life) => Cell::Value { value: ClaimValue::Text { text: words::duration(*life) } },
    };
    let change = rows::overall(&changes);
    let gap = first.zip(lives.last().copied().flatten()).map(|(from, to)| words::duration((to - from).abs()));
    let change_text = match (change, gap) {
        (Change::Outlives, Some(gap)) => format!("longer {gap}"),
        (Change::Outlives, None) => "never ends".into(),
        (Change::Shorter, Some(gap)) => format!("shorter {gap}"),
        (Change::Shorter, None) => "ends now".into(),
        (Change::Unknown, _) => "unknown".into(),
        _ => "same".into(),
    };
    Some(Row {
        path: LIFETIME.into(),
        label: LIFETIME.into(),
        cells: lives.iter().enumerate().map(|(index, life)| cell(index, life)).collect(),
        change,
        changes,
        change_text,
        meaning: Some("How long the token lives, from its issue to its end".into()),
        failed_check: false,
        substance: rows::matters(change),
    })
}

/// The statements of the environment: whose issuer, which key, which id of the user.
pub fn statements(first: &Column<'_>, other: &Column<'_>, table: &[Group]) -> Vec<Verdict> {
    let has = |path: &str| table.iter().flat_map(|group| &group.rows).any(|row| row.path == path);
    let say = |id: &str, label: &str, tone: Tone, word: &str, rest: String, paths: &[&str]| Verdict {
        id: id.into(),
        label: label.into(),
        tone,
        word: word.into(),
        rest,
        paths: paths.iter().filter(|path| has(path)).map(|path| (*path).to_owned()).collect(),
    };
    let empty = Map::new();
    let (from, to) = (first.claims.unwrap_or(&empty), other.claims.unwrap_or(&empty));
    let text = |claims: &Map<String, Value>, name: &str| claims::text(claims, name).unwrap_or_default();
    let mut said =
        vec![say("issuer", "Issuer", Tone::Changed, "other", format!("{} → {}", text(from, "iss"), text(to, "iss")), &["iss"])];
    if first.header.is_some() && other.header.is_some() {
        let (old, new) = (&first.view, &other.view);
        let alg = |alg: &Option<String>| alg.clone().unwrap_or_else(|| "none".into());
        let algs = if old.alg == new.alg {
            format!("{} both", alg(&old.alg))
        } else {
            format!("{} → {}", alg(&old.alg), alg(&new.alg))
        };
        let (tone, word) = if old.kid == new.kid { (Tone::Same, "same") } else { (Tone::Changed, "other") };
        said.push(say("key", "Key", tone, word, algs, &["header.kid", "header.alg"]));
    }
    if let (Some(old), Some(new)) = (claims::text(from, "sub"), claims::text(to, "sub")) {
        let (tone, word) = if old == new { (Tone::Same, "same") } else { (Tone::Changed, "other") };
        said.push(say("subject", "User id", tone, word, String::new(), &["sub"]));
    }
    said
}

/// The statements of substance, in words that name the columns: neither of two environments was made from the other.
pub fn substance(verdicts: &mut Vec<Verdict>, first: &Column<'_>, other: &Column<'_>, letter: &str) {
    verdicts.retain(|verdict| verdict.id != "issuer");
    let empty = Map::new();
    let (from, to) = (first.claims.unwrap_or(&empty), other.claims.unwrap_or(&empty));
    for verdict in verdicts.iter_mut().filter(|verdict| verdict.tone != Tone::Unknown) {
        let set = match verdict.id.as_str() {
            "audience" => {
                let of = |claims| neutral_set(&claims::audience(claims), claims);
                Some((of(from), of(to)))
            }
            "scope" => Some((claims::scopes(from), claims::scopes(to))),
            "roles" => {
                let names = |claims| claims::roles(claims).into_iter().map(|(path, role)| format!("{path}\u{0}{role}")).collect();
                Some((names(from), names(to)))
            }
            _ => None,
        };
        if let Some((old, new)) = set {
            (verdict.tone, verdict.word, verdict.rest) = sets(&old, &new, letter);
            continue;
        }
        match verdict.id.as_str() {
            "identity" if same_owner(from, to) && claims::actor_chain(from) == claims::actor_chain(to) => {
                let who = if claims::user(from).is_some() { "same user name" } else { "same client id" };
                (verdict.tone, verdict.word, verdict.rest) = (Tone::Same, who.into(), String::new());
            }
            "requester" if verdict.tone == Tone::Same => {
                (verdict.word, verdict.rest) = (std::mem::take(&mut verdict.rest), String::new());
            }
            "lifetime" => {
                if let (Some(old), Some(new)) = (life(first), life(other)) {
                    let (before, after) = (words::duration(old), words::duration(new));
                    // One unit is said once.
                    let short = match (before.rsplit_once(' '), after.rsplit_once(' ')) {
                        (Some((count, unit)), Some((_, other))) if unit == other && !count.contains(' ') => count.to_owned(),
                        _ => before,
                    };
                    let spans = format!("{short} → {after}");
                    (verdict.tone, verdict.word, verdict.rest) = match new.cmp(&old) {
                        std::cmp::Ordering::Equal => (Tone::Same, words::duration(old), String::new()),
                        std::cmp::Ordering::Less => (Tone::Narrowed, spans, String::new()),
                        std::cmp::Ordering::Greater => (Tone::Widened, spans, String::new()),
                    };
                    verdict.paths = vec![LIFETIME.into()];
                }
            }
            _ => {}
        }
    }
}

/// A set of each: which of the two has more, and how many.
fn sets(old: &[String], new: &[String], letter: &str) -> (Tone, String, String) {
    let (before, after): (std::collections::HashSet<&String>, std::collections::HashSet<&String>) =
        (old.iter().collect(), new.iter().collect());
    let (lost, won) = (before.difference(&after).count(), after.difference(&before).count());
    match (lost, won) {
        (0, 0) if before.is_empty() => (Tone::None, "none".into(), String::new()),
        (0, 0) => (Tone::Same, "same".into(), before.len().to_string()),
        (0, won) => (Tone::Changed, format!("{letter} adds"), won.to_string()),
        (lost, 0) => (Tone::Changed, "A has".into(), format!("{lost} more")),
        (lost, won) => (Tone::Changed, "differ".into(), format!("A {lost}, {letter} {won}")),
    }
}
