//! The press that mends a failed check: the operation that made the token, opened again with what was missing filled in.
//!
//! Nothing is sent by it. Where no request can help (a foreign issuer, a role the user does not have) there is no button.

use crate::operation::{self, Scope};
use record::{
    audit::{CheckFix, FixAction},
    operation::{Draft, Operation},
};
use token::{
    check::{CheckOutcome, Expectations, Report},
    inspect::{TokenKind, TokenView},
    text::Pair,
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

/// A fix for every failed check that has one, in the order of the checks.
pub fn suggest(report: &Report, wanted: &Expectations, made: &Made<'_>) -> Vec<CheckFix> {
    let failed = report.checks.iter().filter(|check| check.outcome == CheckOutcome::Fail);
    failed
        .filter_map(|check| {
            let action = match check.id.as_str() {
                "scope" => made.with_scope(&check.missing),
                "audience" => wanted.audience.first().and_then(|audience| made.for_audience(audience)),
                "expiry" | "age" | "lifetime" => made.fresh(),
                "active" | "user" => Some(log_in(Vec::new(), "Log in")),
                _ => None,
            };
            action.map(|action| CheckFix { check: check.id.clone(), action })
        })
        .collect()
}

impl Made<'_> {
    /// Asked again for the scopes it had and the missing ones.
    fn with_scope(&self, missing: &[String]) -> Option<FixAction> {
        let more = format!("with scope {}", words::few(missing));
        match self.draft.map(|draft| (draft, operation::of(draft.operation).scope)) {
            Some((draft, Scope::Asks)) => {
                let asked =
                    draft.values.iter().filter(|pair| pair.name == "scope").flat_map(|pair| pair.value.split_ascii_whitespace());
                let scope: Vec<String> = asked.map(str::to_owned).chain(missing.iter().cloned()).collect();
                Some(again(draft, "scope", &scope, &format!("{} {more}", operation::of(draft.operation).again)))
            }
            // A refreshed token never gains scopes (RFC 6749 6), so it takes another log in.
            Some((_, Scope::Narrows)) => {
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
        Some(FixAction {
            label: operation::of(draft.operation).again.into(),
            values: draft.values.clone(),
            operation: draft.operation,
        })
    }

    /// The token as subject of an exchange, if it can still be sent.
    fn as_subject(&self) -> Option<Vec<Pair>> {
        let usable = self.token.kind == TokenKind::Access && !self.token.evidence_only;
        usable.then(|| pairs("subject_token", &[format!("token:{}", self.token.id)]))
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

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use token::{
        check::run,
        inspect::{KeyEvidence, Obtained, Origin, TokenFormat, Verification, view},
    };

    const NOW: i64 = 1_795_179_740;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    fn claims() -> Map<String, Value> {
        map(json!({"iss": "http://127.0.0.1:18080/realms/shop", "sub": "7c57", "preferred_username": "alice", "azp": "portal",
            "aud": "orders-api", "typ": "Bearer", "scope": "profile orders:write", "iat": NOW - 2, "exp": NOW + 298,
            "resource_access": {"orders-api": {"roles": ["editor"]}}, "realm_access": {"roles": ["viewer"]}}))
    }

    fn verified() -> Verification {
        Verification::Verified {
            key: KeyEvidence {
                kid: "k".into(),
                alg: "RS256".into(),
                kind: "RSA 2048".into(),
                source: "x".into(),
                read_ms: None,
                nonce_hashed: false,
            },
        }
    }

    fn wanted() -> Expectations {
        Expectations {
            issuer: vec!["http://127.0.0.1:18080/realms/shop".into()],
            audience: vec!["orders-api".into()],
            roles_all: vec!["viewer".into()],
            roles_path: "resource_access.orders-api.roles".into(),
            scope: vec!["orders:write".into()],
            signature: true,
            ..Expectations::default()
        }
    }

    fn report(expectations: &Expectations, claims: &Map<String, Value>, verification: &Verification) -> Report {
        run("orders-api", expectations, None, Some(claims), verification, None, NOW)
    }

    #[test]
    fn a_failed_check_opens_the_form_that_mends_it() {
        let token = |id: &str, kind: TokenKind, claims: &Map<String, Value>| -> TokenView {
            let origin = Origin { step: Some(7), ..Origin::new(id, kind, Obtained::Unknown, "x") };
            view(&origin, None, Some(claims), TokenFormat::Jws, 9, &verified(), 0)
        };
        let draft = |operation: Operation| Draft {
            operation,
            profile: "p".into(),
            values: [("client", "portal"), ("subject_token", "token:s"), ("audience", "a"), ("scope", "profile")]
                .map(|(name, value)| Pair { name: name.into(), value: value.into() })
                .into(),
            extra: Vec::new(),
        };
        let access = token("t", TokenKind::Access, &claims());
        let shelf = [access.clone(), token("r", TokenKind::Refresh, &map(json!({"exp": NOW + 900})))];
        let fix = |change: fn(&mut Map<String, Value>, &mut Expectations), made: Option<&Draft>, id: &str| {
            let (mut claims, mut wanted) = (claims(), wanted());
            wanted.roles_all.clear();
            change(&mut claims, &mut wanted);
            let report = report(&wanted, &claims, &verified());
            let fixes = suggest(&report, &wanted, &Made { token: &access, draft: made, shelf: &shelf, now_s: NOW });
            let failed =
                |fix: &CheckFix| report.checks.iter().any(|check| check.id == fix.check && check.outcome == CheckOutcome::Fail);
            assert!(fixes.iter().all(failed));
            fixes.into_iter().find(|fix| fix.check == id).map(|fix| fix.action).map(|fix| {
                let values: Vec<String> = fix.values.iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect();
                (fix.label, fix.operation, values.join(" "))
            })
        };
        let said = |label: &str, operation: Operation, values: &str| Some((label.to_owned(), operation, values.to_owned()));
        let more_scope = |_: &mut Map<String, Value>, wanted: &mut Expectations| wanted.scope.push("orders:read".into());
        let (exchange, login, refresh) = (draft(Operation::TokenExchange), draft(Operation::LogIn), draft(Operation::Refresh));
        assert_eq!(
            fix(more_scope, Some(&exchange), "scope"),
            said(
                "Exchange again with scope orders:read",
                Operation::TokenExchange,
                "client=portal subject_token=token:s audience=a scope=profile scope=orders:read"
            )
        );
        assert_eq!(fix(more_scope, Some(&login), "scope").map(|fix| fix.1), Some(Operation::LogIn));
        assert_eq!(
            fix(more_scope, Some(&refresh), "scope"),
            said("Log in again with scope orders:read", Operation::LogIn, "scope=profile scope=orders:write scope=orders:read")
        );
        assert_eq!(
            fix(more_scope, None, "scope"),
            said("Exchange it with scope orders:read", Operation::TokenExchange, "subject_token=token:t scope=orders:read")
        );
        let other_audience =
            |claims: &mut Map<String, Value>, _: &mut Expectations| drop(claims.insert("aud".into(), json!("billing")));
        assert_eq!(
            fix(other_audience, Some(&exchange), "audience"),
            said(
                "Exchange again for orders-api",
                Operation::TokenExchange,
                "client=portal subject_token=token:s scope=profile audience=orders-api"
            )
        );
        assert_eq!(
            fix(other_audience, Some(&login), "audience"),
            said("Exchange it for orders-api", Operation::TokenExchange, "subject_token=token:t audience=orders-api")
        );
        let over = |claims: &mut Map<String, Value>, _: &mut Expectations| drop(claims.insert("exp".into(), json!(NOW - 1)));
        assert_eq!(fix(over, Some(&login), "expiry"), said("Refresh it", Operation::Refresh, "refresh_token=token:r"));
        let foreign = |claims: &mut Map<String, Value>, _: &mut Expectations| drop(claims.insert("iss".into(), json!("x")));
        assert_eq!(fix(foreign, Some(&exchange), "issuer"), None, "no request makes another issuer right");
    }
}
