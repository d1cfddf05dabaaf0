//! What is wrong with an introspection answer by itself and beside what is known of the token (RFC 7662 2.2).

use serde_json::{Map, Value};

use crate::{
    claims,
    decode::{error_finding as wrong, warning_finding as warning},
    finding::Finding,
    shown::shown,
    words,
};

/// What the answer has to agree with, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// Claims by the token's own text.
    pub claims: Option<&'a Map<String, Value>>,
    /// Subject learned elsewhere: the ID token of the same answer.
    pub subject: Option<&'a str>,
    /// Client the token was issued to.
    pub client: Option<&'a str>,
    /// Issuer the token comes from.
    pub issuer: Option<&'a str>,
    /// Now, epoch seconds.
    pub now_s: i64,
}

/// Tolerated clock difference, seconds.
const TOLERANCE_S: i64 = 60;
const RFC: Option<&str> = Some("RFC 7662 2.2");

/// Every contradiction, each with an id that begins with `introspection-`.
pub fn contradictions(answer: &Map<String, Value>, expected: &Expected<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |finding: Finding, path: &str| found.push(Finding { path: Some(format!("claims.{path}")), ..finding });
    match answer.get("active") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => return found,
        _ => {
            let detail =
                "active must be true or false; here it is something else, so the server did not say whether the token lives.";
            say(wrong("introspection-active-bad-type", "Active is not true or false", detail, RFC), "active");
        }
    }
    let own = |name: &str| expected.claims.and_then(|claims| claims::text(claims, name));
    let texts: [(&str, &str, &str, Option<String>); 4] = [
        ("sub", "introspection-other-subject", "Another subject", own("sub").or_else(|| expected.subject.map(str::to_owned))),
        ("iss", "introspection-other-issuer", "Another issuer", own("iss").or_else(|| expected.issuer.map(str::to_owned))),
        ("jti", "introspection-other-token", "Another token", own("jti")),
        (
            "client_id",
            "introspection-other-client",
            "Another client",
            expected.claims.and_then(claims::client).or_else(|| expected.client.map(str::to_owned)),
        ),
    ];
    for (name, id, title, ours) in texts {
        match (answer.get(name), ours) {
            (Some(Value::String(theirs)), Some(ours)) if *theirs != ours => {
                let detail = format!(
                    "By what is known of the token its {name} is {}, and introspection says {}. That is another token's answer, or a server that mixes them up.",
                    shown(&ours),
                    shown(theirs)
                );
                say(wrong(id, title, &detail, RFC), name);
            }
            (None | Some(Value::String(_) | Value::Null), _) => {}
            (Some(_), _) => {
                let detail = format!("{name} in the introspection answer is no text.");
                say(wrong("introspection-member-bad-type", "Member of wrong type", &detail, RFC), name);
            }
        }
    }
    for name in ["exp", "iat", "nbf"] {
        if answer.get(name).is_some_and(|value| !value.is_null() && claims::epoch(answer, name).is_none()) {
            let detail = format!("{name} in the introspection answer is no time.");
            say(wrong("introspection-time-bad-type", "Time is no number", &detail, RFC), name);
        }
    }
    let from_now = |name: &str| claims::epoch(answer, name).map(|at| at.saturating_sub(expected.now_s));
    if let Some(left) = from_now("exp").filter(|left| *left <= 0) {
        let detail = format!(
            "By the answer's own exp the token ended {} ago, and the same answer calls it active. One of the two is wrong; APIs that check exp refuse it.",
            words::duration(left)
        );
        say(wrong("introspection-active-after-end", "Active after its end", &detail, RFC), "exp");
    }
    if let Some(ahead) = from_now("nbf").filter(|ahead| *ahead > TOLERANCE_S) {
        let detail = format!(
            "By the answer's own nbf the token holds only in {}, and the same answer calls it active.",
            words::duration(ahead)
        );
        say(wrong("introspection-active-before-start", "Active before its start", &detail, RFC), "nbf");
    }
    if let Some(ahead) = from_now("iat").filter(|ahead| *ahead > TOLERANCE_S) {
        let detail = format!("By the answer's own iat the token is issued only in {}.", words::duration(ahead));
        say(warning("introspection-issued-ahead", "Issued in the future", &detail, RFC), "iat");
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_about_something_else_is_found() {
        let own = json!({"sub": "u1", "azp": "app", "jti": "j1", "iss": "https://id"});
        let check = |change: Value, with_claims: bool, ids: &[&str]| {
            let mut answer =
                json!({"active": true, "sub": "u1", "client_id": "app", "jti": "j1", "iss": "https://id", "exp": 2_000});
            for (name, value) in change.as_object().unwrap() {
                answer[name] = value.clone();
            }
            let expected = Expected {
                claims: own.as_object().filter(|_| with_claims),
                subject: Some("u1"),
                client: Some("app"),
                issuer: Some("https://id"),
                now_s: 1_000,
            };
            let found = contradictions(answer.as_object().unwrap(), &expected);
            assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ids, "{change}");
        };
        for with_claims in [true, false] {
            check(json!({}), with_claims, &[]);
            check(json!({"sub": "u2"}), with_claims, &["introspection-other-subject"]);
            check(json!({"client_id": "other"}), with_claims, &["introspection-other-client"]);
            check(json!({"iss": "https://id/"}), with_claims, &["introspection-other-issuer"]);
            check(json!({"jti": "j2"}), with_claims, if with_claims { &["introspection-other-token"] } else { &[] });
            check(json!({"exp": 999}), with_claims, &["introspection-active-after-end"]);
            check(json!({"exp": 1_000}), with_claims, &["introspection-active-after-end"]);
            check(json!({"exp": "2000"}), with_claims, &["introspection-time-bad-type"]);
            check(json!({"nbf": 1_061}), with_claims, &["introspection-active-before-start"]);
            check(json!({"iat": 1_061}), with_claims, &["introspection-issued-ahead"]);
            check(json!({"iat": 1_060, "nbf": 1_060}), with_claims, &[]);
            check(json!({"active": "true"}), with_claims, &["introspection-active-bad-type"]);
            check(json!({"active": 1}), with_claims, &["introspection-active-bad-type"]);
            check(json!({"active": false, "sub": "u2", "exp": 1}), with_claims, &[]);
            check(json!({"sub": ["u1"]}), with_claims, &["introspection-member-bad-type"]);
        }
    }
}
