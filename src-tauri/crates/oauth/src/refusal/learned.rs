//! What an answer teaches about the server: that it has the feature which was tried, or has not.
//!
//! A refusal can prove either. "Feature not enabled" says that the server lacks it; "Client not allowed to exchange" says that
//! the server has it and the client lacks a permission. Like the catalogue, this is data that rests on the server's words.

use super::lesson::Lesson;
use crate::{
    message::ExchangeKind,
    profile::{Profile, Support},
    server::habits,
};
use record::{
    audit::{Actor, Outcome, Step},
    operation::Operation,
};

use Support::{NotSupported, Supported};

/// What counts at every server, before its own lessons.
const FIRST: &[Lesson] = &[Lesson { tried: &[], error: "unsupported_grant_type", words: "", teaches: &[("", NotSupported)] }];

/// What counts at every server, after its own lessons.
const LAST: &[Lesson] = &[
    // The grant was understood; what it was given was not good enough (RFC 6749 5.2).
    Lesson { tried: &["jwt-bearer", "refresh", "password"], error: "invalid_grant", words: "", teaches: &[("", Supported)] },
    Lesson {
        tried: &["client-credentials", "password", "jwt-bearer"],
        error: "unauthorized_client",
        words: "not allowed",
        teaches: &[("", Supported)],
    },
];

/// What a finished step teaches about the provider, as (capability id, state, evidence). `acts` is for delegation: whether the
/// issued token names the actor, where the subject token allowed one (`may_act`); none where it did not.
pub fn learned(step: &Step, profile: &Profile, acts: Option<bool>) -> Vec<(&'static str, Support, String)> {
    let Some(draft) = &step.draft else { return Vec::new() };
    let Some(id) = (crate::operation::of(draft.operation).capability)(draft) else { return Vec::new() };
    let main = step.exchanges.iter().find(|exchange| Some(exchange.seq) == step.main_exchange);
    // What a gateway or an API answers says nothing about the provider.
    if main.is_some_and(|main| main.to != Actor::Provider && !main.through_browser) {
        return Vec::new();
    }
    let evidence = |words: &str| format!("step {}, {words}", step.id);
    match step.outcome {
        Outcome::Success => {
            let word = step.status.map_or_else(|| "worked".to_owned(), |status| status.to_string());
            let mut found: Vec<(&'static str, Support, String)> = succeeded(id, ExchangeKind::of(draft), draft.operation)
                .into_iter()
                .map(|id| (id, Supported, evidence(&word)))
                .collect();
            if id == "delegation" {
                // Seen at a server: the feature is on, the user has consented, and the actor token is left unread all the same.
                match acts {
                    Some(true) => found.push((id, Supported, evidence(&word))),
                    Some(false) => {
                        found.push((id, NotSupported, evidence("the new token names no actor though may_act allowed it")))
                    }
                    None => {}
                }
            }
            found
        }
        Outcome::Refused => {
            let Some(words) = &step.words else { return Vec::new() };
            let error = words.error.as_deref().unwrap_or_default();
            let description = words.description.as_deref().unwrap_or_default();
            let small = description.to_lowercase();
            let fits = |lesson: &&Lesson| {
                (lesson.tried.is_empty() || lesson.tried.contains(&id))
                    && (lesson.error.is_empty() || lesson.error == error)
                    && (lesson.words.is_empty() || small.contains(lesson.words))
            };
            let said = format!("{} {}", words.status, if description.is_empty() { error } else { description });
            let mut found: Vec<(&'static str, Support, String)> = FIRST
                .iter()
                .chain(habits(profile.provider.dialect).lessons)
                .chain(LAST)
                .find(fits)
                .map(|lesson| lesson.teaches)
                .unwrap_or_default()
                .iter()
                .map(|(taught, support)| (if taught.is_empty() { id } else { *taught }, *support, evidence(&said)))
                .collect();
            if error == "unsupported_grant_type" && draft.operation == Operation::TokenExchange {
                found.push(("token-exchange", NotSupported, evidence(&said)));
            }
            found
        }
        Outcome::Failed | Outcome::Cancelled | Outcome::Unknown => Vec::new(),
    }
}

/// What success proves. A server may leave an actor token unread, and a legacy request without legacy parameters may be answered
/// by the standard exchange; so by themselves these two prove the grant only.
fn succeeded(id: &'static str, kind: ExchangeKind, operation: Operation) -> Vec<&'static str> {
    if operation != Operation::TokenExchange {
        return vec![id];
    }
    match kind {
        ExchangeKind::Delegation | ExchangeKind::Legacy => vec!["token-exchange"],
        ExchangeKind::Standard => vec!["token-exchange", id],
        ExchangeKind::Impersonation
        | ExchangeKind::ExternalToInternal
        | ExchangeKind::InternalToExternal
        | ExchangeKind::DangerNakedImpersonation => vec!["token-exchange", id, "legacy-exchange"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{
        EXCHANGE_FIELD,
        tests::{draft, profile},
    };
    use record::audit::ServerWords;

    fn step(operation: Operation, kind: &str, answer: Result<(), (u16, &str, &str)>) -> Step {
        let words = answer.err().map(|(status, error, description)| ServerWords {
            server: "Lab".into(),
            status,
            status_text: String::new(),
            body: Vec::new(),
            error: Some(error.into()),
            description: Some(description.into()),
            account_link: None,
        });
        Step {
            id: 7,
            started_ms: 5,
            duration_us: 1,
            operation,
            title: String::new(),
            headline: String::new(),
            profile: "lab".into(),
            subject: None,
            client: Some("portal".into()),
            audience: None,
            outcome: if words.is_some() { Outcome::Refused } else { Outcome::Success },
            status: Some(words.as_ref().map_or(200, |words| words.status)),
            problem: None,
            problem_id: None,
            advice: None,
            words,
            diagnosis: None,
            surprises: Vec::new(),
            tokens_in: Vec::new(),
            tokens_out: Vec::new(),
            verdicts: Vec::new(),
            report: None,
            main_exchange: None,
            bundle: None,
            exchanges: Vec::new(),
            events: Vec::new(),
            draft: Some(draft(operation, &[("client", "portal"), (EXCHANGE_FIELD, kind)])),
        }
    }

    #[test]
    fn answers_teach_what_the_server_has() {
        let exchange = Operation::TokenExchange;
        type Taught = &'static [(&'static str, Support)];
        let rows: Vec<(Step, Taught)> = vec![
            (step(exchange, "standard", Ok(())), &[("token-exchange", Supported), ("standard-exchange", Supported)]),
            (step(exchange, "legacy", Ok(())), &[("token-exchange", Supported)]),
            (
                step(
                    exchange,
                    "impersonation",
                    Err((400, "invalid_request", "Parameter 'requested_subject' is not supported for standard token exchange")),
                ),
                &[("impersonation", NotSupported), ("legacy-exchange", NotSupported), ("standard-exchange", Supported)],
            ),
            (
                step(exchange, "impersonation", Err((403, "access_denied", "Client not allowed to exchange"))),
                &[("impersonation", Supported), ("legacy-exchange", Supported)],
            ),
            (
                step(exchange, "internal_to_external", Err((400, "not_linked", "identity provider is not linked"))),
                &[("internal-to-external", Supported), ("legacy-exchange", Supported)],
            ),
            (
                step(exchange, "standard", Err((400, "unsupported_grant_type", "Unsupported grant_type"))),
                &[("standard-exchange", NotSupported), ("token-exchange", NotSupported)],
            ),
            (step(exchange, "delegation", Ok(())), &[("token-exchange", Supported)]),
            (
                step(
                    Operation::JwtBearer,
                    "",
                    Err((400, "invalid_grant", "JWT Authorization Grant is not supported for the requested client")),
                ),
                &[("jwt-bearer", Supported)],
            ),
            (
                step(Operation::JwtBearer, "", Err((400, "unsupported_grant_type", "Unsupported grant_type"))),
                &[("jwt-bearer", NotSupported)],
            ),
            (
                step(Operation::Password, "", Err((401, "unauthorized_client", "Invalid client or Invalid client credentials"))),
                &[],
            ),
            (step(Operation::CallApi, "", Ok(())), &[]),
        ];
        for (step, expected) in rows {
            let found: Vec<(&str, Support)> =
                learned(&step, &profile(), None).into_iter().map(|(id, support, _)| (id, support)).collect();
            assert_eq!(found, expected, "{:?}", step.draft);
        }
        let delegated = |acts| learned(&step(exchange, "delegation", Ok(())), &profile(), acts);
        assert_eq!(delegated(Some(true))[1], ("delegation", Supported, "step 7, 200".to_owned()));
        assert_eq!(delegated(Some(false))[1].1, NotSupported);
    }
}
