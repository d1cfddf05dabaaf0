//! The press that mends a failed check: the operation that made the token, opened again with what was missing filled in.
//!
//! Nothing is sent by it. Where no request can help (a foreign issuer, a role the user does not have) there is no button.

use super::{CheckOutcome, Expectations, Report};
use crate::{
    audit::FixAction,
    operation::{Draft, Operation, Pair},
    token::{TokenKind, TokenView},
    words,
};

/// How the checked token was made, and what else is at hand.
pub struct Made<'a> {
    /// The checked token.
    pub token: &'a TokenView,
    /// What was sent to get it; none for pasted tokens.
    pub draft: Option<&'a Draft>,
    /// The shelf.
    pub shelf: &'a [TokenView],
    /// Now, epoch seconds.
    pub now_s: i64,
}

/// Puts a fix on every failed check that has one.
pub fn suggest(report: &mut Report, wanted: &Expectations, made: &Made<'_>) {
    for check in report.checks.iter_mut().filter(|check| check.outcome == CheckOutcome::Fail) {
        check.fix = match check.id.as_str() {
            "scope" => made.with_scope(&check.missing),
            "audience" => wanted.audience.first().and_then(|audience| made.for_audience(audience)),
            "expiry" | "age" | "lifetime" => made.fresh(),
            "active" | "user" => Some(log_in(Vec::new(), "Log in")),
            _ => None,
        };
    }
}

impl Made<'_> {
    /// Asked again for the scopes it had and the missing ones.
    fn with_scope(&self, missing: &[String]) -> Option<FixAction> {
        let more = format!("with scope {}", words::few(missing));
        match self.draft {
            Some(draft) if asks_for_scope(draft.operation) => {
                let asked =
                    draft.values.iter().filter(|pair| pair.name == "scope").flat_map(|pair| pair.value.split_ascii_whitespace());
                let scope: Vec<String> = asked.map(str::to_owned).chain(missing.iter().cloned()).collect();
                Some(again(draft, "scope", &scope, &format!("{} {more}", verb(draft.operation))))
            }
            // A refreshed token never gains scopes (RFC 6749 6), so it takes another log in.
            Some(draft) if draft.operation == Operation::Refresh => {
                let scope: Vec<String> = self.token.scope.iter().chain(missing).cloned().collect();
                Some(log_in(pairs("scope", &scope), &format!("Log in again {more}")))
            }
            _ => {
                let mut values = self.as_subject()?;
                values.extend(pairs("scope", missing));
                Some(FixAction { label: format!("Exchange it {more}"), values, operation: Operation::TokenExchange })
            }
        }
    }

    fn for_audience(&self, audience: &str) -> Option<FixAction> {
        let one = [audience.to_owned()];
        if let Some(draft) = self.draft.filter(|draft| draft.operation == Operation::TokenExchange) {
            return Some(again(draft, "audience", &one, &format!("Exchange again for {audience}")));
        }
        let mut values = self.as_subject()?;
        values.extend(pairs("audience", &one));
        Some(FixAction { label: format!("Exchange it for {audience}"), values, operation: Operation::TokenExchange })
    }

    /// A younger token: by the refresh token that came with it, else the way it was made.
    fn fresh(&self) -> Option<FixAction> {
        let live = |token: &&TokenView| {
            token.kind == TokenKind::Refresh
                && !token.evidence_only
                && token.active != Some(false)
                && token.expires_at.is_none_or(|end| end > self.now_s)
        };
        let of_session = |token: &&TokenView| token.session.is_some() && token.session == self.token.session;
        let of_step = |token: &&TokenView| token.step.is_some() && token.step == self.token.step;
        let refresh =
            self.shelf.iter().filter(live).rfind(|token| of_step(token) || (self.token.parent.is_none() && of_session(token)));
        if let Some(refresh) = refresh {
            let values = pairs("refresh_token", &[format!("token:{}", refresh.id)]);
            return Some(FixAction { label: "Refresh it".into(), values, operation: Operation::Refresh });
        }
        let draft = self.draft?;
        Some(FixAction { label: verb(draft.operation).into(), values: draft.values.clone(), operation: draft.operation })
    }

    /// The token as subject of an exchange, if it can still be sent.
    fn as_subject(&self) -> Option<Vec<Pair>> {
        let usable = self.token.kind == TokenKind::Access && !self.token.evidence_only;
        usable.then(|| pairs("subject_token", &[format!("token:{}", self.token.id)]))
    }
}

fn asks_for_scope(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::LogIn | Operation::TokenExchange | Operation::ClientCredentials | Operation::Password | Operation::JwtBearer
    )
}

fn verb(operation: Operation) -> &'static str {
    match operation {
        Operation::LogIn => "Log in again",
        Operation::TokenExchange => "Exchange again",
        Operation::JwtBearer => "Map the user again",
        Operation::Refresh => "Refresh again",
        _ => "Get it again",
    }
}

fn pairs(name: &str, values: &[String]) -> Vec<Pair> {
    let mut said: Vec<&String> = Vec::new();
    for value in values {
        if !said.contains(&value) {
            said.push(value);
        }
    }
    said.into_iter().map(|value| Pair { name: name.into(), value: value.clone() }).collect()
}

/// The draft with other values of one parameter.
fn again(draft: &Draft, name: &str, values: &[String], label: &str) -> FixAction {
    let mut all: Vec<Pair> = draft.values.iter().filter(|pair| pair.name != name).cloned().collect();
    all.extend(pairs(name, values));
    FixAction { label: label.into(), values: all, operation: draft.operation }
}

fn log_in(values: Vec<Pair>, label: &str) -> FixAction {
    FixAction { label: label.into(), values, operation: Operation::LogIn }
}
