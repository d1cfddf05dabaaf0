//! The same token again: what repeated calls say of the caches between a server and a gateway.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Admission, TraceFacts, stages};
use crate::message::value;
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};
use token::{
    finding::{Finding, Severity},
    words,
};

/// What was done with the token at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attempt {
    /// Step in the journal.
    pub step: i64,
    /// When, epoch milliseconds.
    pub at_ms: i64,
    /// What: the name of the API, `Revoked`, `Introspected`.
    pub what: String,
    /// How it ended.
    pub admission: Admission,
    /// `200`, `401 900901`, `active`.
    pub words: String,
    /// Whether it went through the gateway.
    pub through_gateway: bool,
    /// Whether the gateway says that it called the API with a token it had exchanged before.
    pub cached: bool,
    /// Whether it is the revocation.
    pub revoked: bool,
    /// Time since the revocation before it, milliseconds.
    pub since_revoked_ms: Option<i64>,
    /// How many calls it stands for: a repeated call with the same answer is one line.
    pub times: usize,
    /// The repetition it is of.
    #[serde(skip)]
    pub(super) bundle: Option<i64>,
}

/// How long WSO2 keeps the outcome for a token that it refused, seconds (`apim.cache.gateway_token`, as it comes).
const REFUSED_KEPT_S: i64 = 900;

/// Attempts with the token, oldest first.
pub(super) fn of(facts: &TraceFacts<'_>) -> Vec<Attempt> {
    let mut revoked_ms = None;
    let mut list = Vec::new();
    for step in facts.steps {
        let Some(mut attempt) = attempt(step, facts) else { continue };
        attempt.since_revoked_ms = revoked_ms.map(|at: i64| attempt.at_ms.saturating_sub(at));
        if attempt.revoked {
            revoked_ms = revoked_ms.or(Some(attempt.at_ms));
        }
        list.push(attempt);
    }
    list
}

/// The attempts with calls of one repetition and one answer laid together: the first of them stands for all.
pub(super) fn folded(list: Vec<Attempt>) -> Vec<Attempt> {
    let mut folded: Vec<Attempt> = Vec::new();
    for attempt in list {
        let same = |last: &&mut Attempt| {
            attempt.bundle.is_some_and(|first| last.bundle == Some(first) || last.step == first)
                && (&last.what, &last.words) == (&attempt.what, &attempt.words)
        };
        match folded.last_mut().filter(same) {
            Some(last) => last.times += 1,
            None => folded.push(attempt),
        }
    }
    folded
}

fn attempt(step: &Step, facts: &TraceFacts<'_>) -> Option<Attempt> {
    let done = match step.outcome {
        Outcome::Success => Admission::Accepted,
        Outcome::Refused if stages::about_token(step) => Admission::Refused,
        _ => Admission::Unknown,
    };
    let empty = Attempt {
        step: step.id,
        at_ms: step.started_ms,
        what: step.title.clone(),
        admission: done,
        words: stages::words_of(step),
        through_gateway: false,
        cached: false,
        revoked: false,
        since_revoked_ms: None,
        times: 1,
        bundle: step.bundle,
    };
    match step.operation {
        Operation::CallApi => {
            let url = step.draft.as_ref().and_then(|draft| value(draft, "url")).unwrap_or_default();
            let resource = facts.profile.resources.iter().find(|resource| resource.url == url);
            let under = |base: &str| url::Url::parse(url).is_ok_and(|url| crate::message::is_under(&url, base));
            Some(Attempt {
                what: resource.map_or_else(|| url.to_owned(), |resource| resource.name.clone()),
                through_gateway: resource.is_some_and(|resource| resource.through_gateway)
                    || facts.profile.gateway.as_ref().is_some_and(|gateway| under(&gateway.base)),
                cached: from_cache(step),
                ..empty
            })
        }
        Operation::Revoke => Some(Attempt { what: "Revoked".into(), revoked: step.outcome == Outcome::Success, ..empty }),
        _ => None,
    }
}

/// The header by which the lab's gateway tells where its token for the API came from. Real gateways with such a sequence tell
/// nobody; there only the times show it.
const EXCHANGED: &str = "x-lab-exchange: cached";

fn from_cache(step: &Step) -> bool {
    let says =
        |line: &token::text::Line| line.iter().map(|span| span.text.as_str()).collect::<String>().eq_ignore_ascii_case(EXCHANGED);
    step.exchanges.iter().any(|exchange| exchange.response.iter().any(says))
}

/// What follows from the repetition.
pub(super) fn remarks(attempts: &[Attempt]) -> Vec<Finding> {
    let mut places: Vec<&str> = Vec::new();
    for attempt in attempts.iter().filter(|attempt| !attempt.revoked && attempt.what != "Revoked") {
        if !places.contains(&attempt.what.as_str()) {
            places.push(&attempt.what);
        }
    }
    places.into_iter().flat_map(|place| at_place(place, attempts)).collect()
}

fn at_place(place: &str, attempts: &[Attempt]) -> Vec<Finding> {
    let calls: Vec<&Attempt> = attempts.iter().filter(|attempt| attempt.what == place).collect();
    [stale(place, &calls), stays(place, &calls), turned(place, &calls), drifts(place, &calls)].into_iter().flatten().collect()
}

fn finding(id: &str, severity: Severity, title: String, detail: String) -> Option<Finding> {
    Some(Finding { id: id.into(), severity, title, detail, rfc: None, path: None })
}

/// A token that passed after it was revoked.
fn stale(place: &str, calls: &[&Attempt]) -> Option<Finding> {
    let passed = calls.iter().rev().find(|call| call.since_revoked_ms.is_some() && call.admission == Admission::Accepted)?;
    let after = words::duration(passed.since_revoked_ms.unwrap_or_default() / 1000);
    let refused = calls.iter().find(|call| call.admission == Admission::Refused && call.at_ms > passed.at_ms);
    let until = match refused.and_then(|call| call.since_revoked_ms) {
        Some(ms) => format!("The first refusal came {} after the revocation.", words::duration(ms / 1000)),
        None => "It was not refused since; call again to find out when it is.".into(),
    };
    let why = if passed.through_gateway {
        "A gateway learns of a revoked JWT by a message, and keeps what introspection said of an opaque token for up to 15 min."
    } else {
        "An API that checks signature and time alone never learns of a revocation: the token passes until exp."
    };
    finding(
        "stale-after-revoke",
        Severity::Warning,
        format!("{place} let it pass after it was revoked"),
        format!("Still accepted {after} after the revocation. {until} {why}"),
    )
}

/// A refused token that stays refused: the gateway remembers it.
fn stays(place: &str, calls: &[&Attempt]) -> Option<Finding> {
    let cached =
        |call: &&&Attempt| call.through_gateway && call.admission == Admission::Refused && call.words.ends_with("900901");
    let end = calls.iter().rposition(|call| call.admission != Admission::Refused).map_or(0, |at| at + 1);
    let run: Vec<&&Attempt> = calls[end..].iter().filter(cached).collect();
    let (first, last) = (run.first()?, run.last()?);
    let span = last.at_ms.saturating_sub(first.at_ms) / 1000;
    if run.len() < 2 || span > REFUSED_KEPT_S {
        return None;
    }
    let times = run.len();
    finding(
        "refused-stays-refused",
        Severity::Note,
        format!("{place} refused it {times} times"),
        format!(
            "Refused {times} times within {}. WSO2 keeps a refused token for 15 min and answers from memory, so mending the cause does not help this token: get a new one.",
            words::duration(span)
        ),
    )
}

/// Refused first and accepted later: something took its time to arrive.
fn turned(place: &str, calls: &[&Attempt]) -> Option<Finding> {
    let refused = calls.iter().position(|call| call.admission == Admission::Refused)?;
    let accepted = calls.iter().skip(refused).find(|call| call.admission == Admission::Accepted)?;
    let span = accepted.at_ms.saturating_sub(calls.get(refused)?.at_ms) / 1000;
    finding(
        "accepted-later",
        Severity::Note,
        format!("{place} took it later"),
        format!(
            "The same token was refused ({}) and {} later accepted: something was changed in between (a new subscription, a deployed API), or had not reached the gateway yet, which takes some seconds. The journal shows what was done between the two calls.",
            calls.get(refused)?.words,
            words::duration(span)
        ),
    )
}

/// A token the gateway keeps says what was so when it was exchanged.
fn drifts(place: &str, calls: &[&Attempt]) -> Option<Finding> {
    let last = calls.iter().rfind(|call| call.cached && call.admission == Admission::Accepted)?;
    let first = calls.iter().find(|call| !call.cached && call.admission == Admission::Accepted && call.at_ms <= last.at_ms)?;
    let age = words::duration(last.at_ms.saturating_sub(first.at_ms) / 1000);
    finding(
        "exchange-cached",
        Severity::Note,
        format!("{place} was called with a kept token"),
        format!(
            "The gateway used a token it had exchanged {age} before. Roles that changed since, or a user who was disabled, are not in it until it ends. Comparing it with a fresh exchange shows what differs."
        ),
    )
}
