//! Runs all checks of a token against the expectations of one resource, in the order an API runs them.

use serde_json::{Map, Value};

use super::{
    challenge,
    expectations::Expectations,
    report::{Check, CheckOutcome, Report},
};
use crate::{claims, decode::json::Exact, inspect::Verification};

/// A token as an API gets to see it.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// Its header; none for opaque tokens.
    pub header: Option<&'a Map<String, Value>>,
    /// Its claims, or what introspection said of it.
    pub claims: Option<&'a Map<String, Value>>,
    /// Texts of the numbers that the claims can not hold.
    pub exact: &'a Exact,
    /// How the check of its signature ended.
    pub verification: &'a Verification,
    /// What introspection said, if it was asked.
    pub active: Option<bool>,
}

/// Runs every check on claims whose numbers are all held by their values; see [`run_on`].
pub fn run(
    resource: &str,
    expectations: &Expectations,
    header: Option<&Map<String, Value>>,
    claims: Option<&Map<String, Value>>,
    verification: &Verification,
    active: Option<bool>,
    now_s: i64,
) -> Report {
    run_on(resource, expectations, &Presented { header, claims, exact: &Exact::new(), verification, active }, now_s)
}

/// Runs every check; none is skipped because another failed. `now_s` is epoch seconds.
pub fn run_on(resource: &str, expectations: &Expectations, presented: &Presented<'_>, now_s: i64) -> Report {
    let empty = Map::new();
    let bench = Bench {
        resource,
        wanted: expectations,
        header: presented.header.unwrap_or(&empty),
        claims: presented.claims.unwrap_or(&empty),
        exact: presented.exact,
        readable: presented.claims.is_some(),
        verification: presented.verification,
        active: presented.active,
        now_s,
    };
    let mut checks = vec![bench.signature()];
    checks.extend(bench.active());
    checks.extend([
        bench.issuer(),
        bench.expiry(),
        bench.not_before(),
        bench.token_type(),
        bench.audience(),
        bench.user(),
        bench.scope(),
    ]);
    checks.extend(bench.roles());
    checks.extend(bench.required_claims());
    checks.extend([bench.binding(), bench.lifetime(), bench.age()]);
    Report { until_s: bench.until(), ..report(resource, expectations, checks) }
}

fn report(resource: &str, wanted: &Expectations, checks: Vec<Check>) -> Report {
    let checks: Vec<Check> = checks.into_iter().map(Check::visible).collect();
    let first = checks.iter().find(|check| check.outcome == CheckOutcome::Fail);
    let unknown = checks.iter().find(|check| check.outcome == CheckOutcome::Unknown);
    let answer = match (first, unknown) {
        (Some(check), _) => Some(status(&check.id)),
        (None, Some(_)) => None,
        (None, None) => Some(200),
    };
    let headline = match (answer, unknown) {
        (Some(200), _) => format!("{resource} would accept it"),
        (Some(status), Some(check)) if check.id == "signature" => {
            format!("{resource} would answer {status}, if the signature holds")
        }
        (Some(status), _) => format!("{resource} would answer {status}"),
        (None, check) => {
            let why = check.map_or("a check", |check| check.label.as_str());
            format!("Cannot tell what {resource} would answer: {why} is not known")
        }
    };
    Report {
        resource: resource.into(),
        answer,
        error: answer.and_then(challenge::error).map(str::to_owned),
        challenge: first.zip(answer).and_then(|(check, status)| challenge::challenge(status, check, wanted)),
        headline,
        first_failure: first.map(|check| check.id.clone()),
        checks,
        until_s: None,
    }
}

/// What an API answers when a check fails: 401 asks for another token, 403 for more rights (RFC 6750 3.1).
fn status(id: &str) -> u16 {
    let forbidden = matches!(id, "user" | "scope" | "roles" | "roles-any") || id.starts_with("claim:");
    if forbidden { 403 } else { 401 }
}

/// Everything the checks look at.
pub(super) struct Bench<'a> {
    pub(super) resource: &'a str,
    pub(super) wanted: &'a Expectations,
    pub(super) header: &'a Map<String, Value>,
    pub(super) claims: &'a Map<String, Value>,
    pub(super) exact: &'a Exact,
    pub(super) readable: bool,
    pub(super) verification: &'a Verification,
    pub(super) active: Option<bool>,
    pub(super) now_s: i64,
}

/// What one check found out.
pub(super) struct Finding {
    pub(super) outcome: CheckOutcome,
    pub(super) title: String,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Bench<'_> {
    pub(super) fn check(&self, id: &str, label: &str, path: &str, rfc: &str, finding: Finding) -> Check {
        // What can not be read can neither hold nor fail, unless nothing was expected.
        let blind = !self.readable && !matches!(id, "signature" | "active") && finding.outcome != CheckOutcome::NotApplicable;
        Check {
            id: id.into(),
            label: label.into(),
            title: finding.title,
            outcome: if blind { CheckOutcome::Unknown } else { finding.outcome },
            expected: finding.expected,
            found: if blind { "the token can not be read".into() } else { finding.found },
            path: path.into(),
            missing: Vec::new(),
            advice: None,
            rfc: Some(rfc.into()),
            moment: None,
        }
    }

    /// The next moment a boundary of time is crossed.
    fn until(&self) -> Option<i64> {
        let at = |name: &str| claims::epoch(self.claims, name);
        let tolerance = self.wanted.clock_tolerance_s;
        let age = (self.wanted.max_age_s > 0)
            .then(|| at("iat").map(|iat| iat.saturating_add(self.wanted.max_age_s).saturating_add(tolerance).saturating_add(1)));
        let ends = [
            at("exp").map(|exp| exp.saturating_add(tolerance)),
            at("nbf").map(|nbf| nbf.saturating_sub(tolerance)),
            age.flatten(),
        ];
        ends.into_iter().flatten().filter(|moment| *moment > self.now_s).min()
    }
}

pub(super) fn outcome(holds: bool) -> CheckOutcome {
    if holds { CheckOutcome::Pass } else { CheckOutcome::Fail }
}

pub(super) fn asked(expected: bool, holds: bool) -> CheckOutcome {
    if expected { outcome(holds) } else { CheckOutcome::NotApplicable }
}

/// Adds what explains a failure; a check that did not fail needs no explanation and marks nothing.
pub(super) fn explained(check: Check, advice: Option<String>, missing: Vec<String>) -> Check {
    if check.outcome == CheckOutcome::Fail { Check { advice, missing, ..check } } else { check }
}

pub(super) fn either(names: &[String]) -> String {
    match names.split_last() {
        None => "nothing".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
