//! One door each: what is known there becomes an admission, the claim at fault and what to do.

use super::{Admission, AtDoor, Blame, Called, Door, TraceFacts};
use crate::{message::value, operation::of, server};
use record::audit::{Diagnosis, Outcome, Step};
use token::{
    check::{Check, CheckOutcome, Report},
    inspect::TokenFormat,
    measure,
    truth::Told,
    words,
};

pub(super) fn all(facts: &TraceFacts<'_>) -> Vec<AtDoor> {
    vec![signature(facts), introspection(facts), call(facts, Door::Gateway), call(facts, Door::Api)]
}

/// A door as the subject of a sentence.
pub(super) fn subject(stage: &AtDoor) -> String {
    match stage.door {
        Door::Signature => "The check of its signature and time".into(),
        Door::Introspection => "Introspection".into(),
        Door::Gateway => "The gateway".into(),
        Door::Api => stage.target.clone(),
    }
}

fn stage(door: Door, target: impl Into<String>) -> AtDoor {
    let title = match door {
        Door::Signature => "Signature and time",
        Door::Introspection => "Introspection",
        Door::Gateway => "Through the gateway",
        Door::Api => "The API directly",
    };
    AtDoor {
        door,
        title: title.into(),
        target: target.into(),
        admission: Admission::NotAsked,
        words: "not asked yet".into(),
        said: None,
        blame: None,
        cause: None,
        fix: None,
        actions: Vec::new(),
        step: None,
        at_ms: None,
    }
}

fn signature(facts: &TraceFacts<'_>) -> AtDoor {
    let target = facts.token.issuer.as_deref().map_or_else(|| "checked here".into(), |issuer| format!("keys of {issuer}"));
    let at = stage(Door::Signature, target);
    if facts.token.format == TokenFormat::Opaque {
        let words = "opaque: it carries no signature, and only its server can say what it is".into();
        return AtDoor { admission: Admission::Unavailable, words, ..at };
    }
    let failed = facts.own.checks.iter().find(|check| check.outcome == CheckOutcome::Fail);
    let unknown = facts.own.checks.iter().find(|check| check.outcome == CheckOutcome::Unknown);
    match (failed, unknown) {
        (Some(check), _) => AtDoor {
            admission: Admission::Refused,
            words: check.title.clone(),
            blame: Some(blame_of(check)),
            cause: Some(cause_of(check)),
            fix: Some(fix_of(check)),
            ..at
        },
        (None, Some(check)) => AtDoor { admission: Admission::Unknown, words: check.found.clone(), ..at },
        (None, None) => {
            let words = facts.own.checks.first().map(|check| check.found.clone()).unwrap_or_default();
            AtDoor { admission: Admission::Accepted, words, ..at }
        }
    }
}

fn cause_of(check: &Check) -> String {
    match check.id.as_str() {
        "expiry" => format!("Its time is over: {}.", check.found),
        "not-before" => format!("Its time has not come yet: {}.", check.found),
        _ => format!("{}: {}.", check.title, check.found.trim_end_matches('.')),
    }
}

fn fix_of(check: &Check) -> String {
    let text = match check.id.as_str() {
        "expiry" => "Get a new token, by refresh or by another log in.",
        "not-before" => "Compare the clocks of this machine and of the server.",
        _ => {
            "Get the token again from its issuer. If the issuer changed its keys or address, read its metadata again in Profiles."
        }
    };
    check.advice.clone().unwrap_or_else(|| text.into())
}

fn introspection(facts: &TraceFacts<'_>) -> AtDoor {
    let told = match &facts.introspection {
        Err(why) => {
            let at = stage(Door::Introspection, "");
            return AtDoor { admission: Admission::Unavailable, words: why.clone(), ..at };
        }
        Ok(None) => return stage(Door::Introspection, ""),
        Ok(Some(told)) => *told,
    };
    let at = AtDoor { step: told.step, at_ms: Some(told.read_ms), ..stage(Door::Introspection, told.address.clone()) };
    match told.claims.as_ref().map(|claims| claims.get("active").and_then(serde_json::Value::as_bool)) {
        Some(Some(true)) => AtDoor { admission: Admission::Accepted, words: "active".into(), ..at },
        Some(_) => inactive(facts, at),
        None => AtDoor {
            admission: Admission::Unknown,
            words: unanswered(told),
            said: told.problem.clone(),
            cause: Some("The question itself was refused, which says nothing of the token.".into()),
            fix: Some(
                "Ask as a client that may introspect: at WSO2 the user admin, at newer Keycloaks a client in the token's aud."
                    .into(),
            ),
            ..at
        },
    }
}

fn unanswered(told: &Told) -> String {
    told.status.map_or_else(|| "no answer".into(), |status| format!("{status}, no answer about the token"))
}

fn inactive(facts: &TraceFacts<'_>, at: AtDoor) -> AtDoor {
    let ended = facts.token.expires_at.filter(|end| *end <= facts.now_s);
    let (blame, cause) = match ended {
        Some(end) => {
            let ago = words::duration(facts.now_s.saturating_sub(end));
            let blame = Blame { claim: "exp".into(), found: format!("ended {ago} ago"), expected: "a time to come".into() };
            (blame, format!("Its time was over {ago} ago."))
        }
        None => (
            Blame { claim: "active".into(), found: "false".into(), expected: "true".into() },
            "It is revoked, its session has ended, or it was issued by another server: all three are one answer (RFC 7662 2.2)."
                .to_owned(),
        ),
    };
    AtDoor {
        admission: Admission::Refused,
        words: "not active".into(),
        blame: Some(blame),
        cause: Some(cause),
        fix: Some("Get a new token and show that.".into()),
        ..at
    }
}

fn call(facts: &TraceFacts<'_>, door: Door) -> AtDoor {
    let called = match if door == Door::Gateway { &facts.gateway } else { &facts.api } {
        Ok(called) => called,
        Err(why) => return AtDoor { admission: Admission::Unavailable, words: why.clone(), ..stage(door, "") },
    };
    let at = stage(door, called.resource.name.clone());
    let last = facts.steps.iter().rev().find(|step| is_call_of(step, &called.resource.url));
    let Some(step) = last else { return at };
    let at = AtDoor { step: Some(step.id), at_ms: Some(step.started_ms), words: words_of(step), ..at };
    match step.outcome {
        Outcome::Success => AtDoor { admission: Admission::Accepted, ..at },
        Outcome::Refused if about_token(step) => refused(facts, step, called, at),
        Outcome::Refused | Outcome::Failed | Outcome::Cancelled | Outcome::Unknown => AtDoor {
            admission: Admission::Unknown,
            said: said(step),
            cause: step.diagnosis.as_ref().map(|found| found.cause.clone()).or_else(|| step.problem.clone()),
            fix: step.diagnosis.as_ref().map(|found| found.fix.clone()).or_else(|| step.advice.clone()),
            ..at
        },
    }
}

/// Whether a step is a call of this address.
pub(super) fn is_call_of(step: &Step, url: &str) -> bool {
    of(step.operation).calls_api() && step.draft.as_ref().is_some_and(|draft| value(draft, "url") == Some(url))
}

/// A refusal that is about the token: 401 and 403, and WSO2's 9009xx whatever their status. A 404, a 429 or a backend that is
/// down come after the token was accepted.
pub(super) fn about_token(step: &Step) -> bool {
    let code = step.words.as_ref().and_then(|words| words.error.as_deref()).unwrap_or_default();
    code != "900906" && (code.starts_with("9009") || matches!(step.status, Some(401 | 403)))
}

/// `200`, `401 900901`, or what went wrong.
pub(super) fn words_of(step: &Step) -> String {
    let code = step.words.as_ref().and_then(|words| words.error.clone()).unwrap_or_default();
    match step.status {
        Some(status) => format!("{status} {code}").trim_end().to_owned(),
        None => step.problem.clone().unwrap_or_else(|| "no answer".into()),
    }
}

fn said(step: &Step) -> Option<String> {
    step.words.as_ref().and_then(|words| words.description.clone()).filter(|text| !text.is_empty())
}

fn refused(facts: &TraceFacts<'_>, step: &Step, called: &Called<'_>, at: AtDoor) -> AtDoor {
    let diagnosis = step.diagnosis.as_ref();
    let failed = first_failure(&called.report);
    let in_order = || [signature(facts), introspection(facts)].iter().all(|door| door.admission == Admission::Accepted);
    if failed.is_none() && diagnosis.is_some_and(|found| server::names_no_cause(&found.id)) && in_order() {
        return AtDoor {
            admission: Admission::Refused,
            said: said(step),
            cause: Some(ALL_IN_ORDER.into()),
            fix: diagnosis.map(|found| found.fix.clone()),
            actions: diagnosis.map(|found| found.actions.clone()).unwrap_or_default(),
            ..at
        };
    }
    AtDoor {
        admission: Admission::Refused,
        said: said(step),
        blame: blame(diagnosis, failed),
        cause: diagnosis.map(|found| found.cause.clone()).or_else(|| failed.map(cause_of)),
        fix: diagnosis.map(|found| found.fix.clone()).or_else(|| failed.map(fix_of)),
        actions: diagnosis.map(|found| found.actions.clone()).unwrap_or_default(),
        ..at
    }
}

/// Said of a gateway's one code for expired, revoked, badly signed and unknown, where none of these is so.
const ALL_IN_ORDER: &str = "The gateway has one code for expired, revoked, badly signed and unknown, and by signature, time and introspection the token is none of these. What is left is not in the token: the gateway answers from memory, which lasts up to 15 min, or a request it makes for the call was refused.";

fn first_failure(report: &Report) -> Option<&Check> {
    let id = report.first_failure.as_ref()?;
    report.checks.iter().find(|check| check.id == *id)
}

/// What the server's code decides counts before what the checks here would trip over first; where the code leaves several causes
/// open, the check decides among them.
fn blame(diagnosis: Option<&Diagnosis>, failed: Option<&Check>) -> Option<Blame> {
    let shown = diagnosis.and_then(|found| found.evidence.iter().find(|one| one.name != "event").map(|one| (found.certain, one)));
    match (shown, failed) {
        (Some((true, evidence)), failed) => {
            let same = failed.filter(|check| check.path == evidence.name);
            let expected = same.map(|check| check.expected.clone()).unwrap_or_else(|| evidence.missing.join(" "));
            Some(Blame { claim: evidence.name.clone(), found: evidence.values.join(" "), expected })
        }
        (_, Some(check)) => Some(blame_of(check)),
        // Evidence that lacks nothing is what was looked at, and at fault only where the cause is certain.
        (Some((false, evidence)), None) if !evidence.missing.is_empty() => {
            Some(Blame { claim: evidence.name.clone(), found: evidence.values.join(" "), expected: evidence.missing.join(" ") })
        }
        (_, None) => None,
    }
}

fn blame_of(check: &Check) -> Blame {
    let found = if check.found.chars().count() > 160 { measure::middle_cut(&check.found, 100, 40) } else { check.found.clone() };
    Blame { claim: check.path.clone(), found, expected: check.expected.clone() }
}
