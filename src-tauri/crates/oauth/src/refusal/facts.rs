//! Everything at hand about a refusal, and the plain questions that conditions and evidence ask of it.

use serde_json::{Map, Value};

use super::known::Background;
use crate::{
    message::{values, words},
    operation::of,
    profile::{Dialect, Profile},
    server::habits,
};
use record::{
    audit::Event,
    operation::{Draft, Operation},
};
use token::inspect::{TokenFormat, TokenKind, TokenView};

/// Everything at hand about a refusal.
#[derive(Clone, Copy, Debug)]
pub struct RefusalFacts<'a> {
    /// Habits of the server that refused.
    pub dialect: Dialect,
    /// What was tried.
    pub operation: Operation,
    /// HTTP status.
    pub status: u16,
    /// `error` member.
    pub error: Option<&'a str>,
    /// `error_description` member (or a gateway's `description`).
    pub description: Option<&'a str>,
    /// Body as it came.
    pub body: &'a str,
    /// Claims of the token that was sent.
    pub subject_claims: Option<&'a Map<String, Value>>,
    /// What was filled in.
    pub draft: &'a Draft,
    /// Where.
    pub profile: &'a Profile,
    /// Server events joined to the step.
    pub events: &'a [Event],
    /// The token that was sent.
    pub token_in: Option<&'a TokenView>,
    /// Tokens that were issued, when it was a success.
    pub issued: &'a [TokenView],
    /// Claims of the first of them.
    pub issued_claims: Option<&'a Map<String, Value>>,
    /// What is known beyond the exchange itself.
    pub known: &'a Background,
    /// Now, epoch seconds.
    pub now_s: i64,
}

impl RefusalFacts<'_> {
    /// When it was answered, epoch milliseconds by the server's clock, as its events tell; none without them. What happened
    /// later did not cause the answer.
    pub fn until_ms(&self) -> Option<i64> {
        self.events.iter().map(|event| event.time_ms).max()
    }
}

/// What a server says beyond its code: the description, or the body where it is short text.
pub(crate) fn told<'a>(facts: &RefusalFacts<'a>) -> &'a str {
    const LONGEST: usize = 512;
    match facts.description.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => text,
        None if facts.body.len() > LONGEST => "",
        None => Some(facts.body.trim()).filter(|body| !body.starts_with(['{', '[', '<', '"'])).unwrap_or_default(),
    }
}

/// What was issued, as far as it is an access token that can be read.
pub(crate) fn issued<'a>(facts: &RefusalFacts<'a>) -> Option<&'a TokenView> {
    facts.issued.iter().find(|token| token.kind == TokenKind::Access && token.format == TokenFormat::Jws)
}

/// Scopes that were asked for and not granted: by the token response where it is known (RFC 6749 5.1), else by the token, if it can
/// be read. Those with a meaning of their own are judged by rows of their own.
pub(crate) fn scopes_missing(facts: &RefusalFacts<'_>) -> Vec<String> {
    let answered = || facts.issued.iter().find(|token| token.kind == TokenKind::Access && token.granted.is_some());
    let Some(token) = answered().or_else(|| issued(facts)) else { return Vec::new() };
    let granted = token.granted.as_ref().unwrap_or(&token.scope);
    words(facts.draft, "scope")
        .into_iter()
        .filter(|scope| !matches!(*scope, "openid" | "offline_access") && !granted.iter().any(|given| given == scope))
        .map(str::to_owned)
        .collect()
}

/// Audiences that were asked for and are not in the issued token.
pub(crate) fn audiences_missing(facts: &RefusalFacts<'_>) -> Vec<String> {
    let Some(token) = issued(facts) else { return Vec::new() };
    values(facts.draft, "audience")
        .filter(|audience| !token.audience.iter().any(|given| given == audience))
        .map(str::to_owned)
        .collect()
}

/// The issuer whose tokens the refusing server takes.
pub(crate) fn server_issuer<'a>(facts: &RefusalFacts<'a>) -> &'a str {
    match &facts.profile.gateway {
        Some(gateway) if of(facts.operation).calls_api() && habits(facts.dialect).apis_take_gateways_tokens => &gateway.issuer,
        _ => &facts.profile.provider.issuer,
    }
}

/// A top-level claim as text.
pub(crate) fn claim(facts: &RefusalFacts<'_>, name: &str) -> Option<String> {
    match facts.subject_claims?.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// The scopes a server finds with the token. An API reads its JWT, whatever the token response said of it (RFC 9068 2.2.3); who
/// issued it, and an API that has an opaque one introspected, goes by what was granted (RFC 6749 5.1).
pub(crate) fn scopes<'a>(token: &'a TokenView, facts: &RefusalFacts<'_>) -> &'a [String] {
    let by_itself = of(facts.operation).calls_api() && token.format == TokenFormat::Jws;
    token.granted.as_ref().filter(|_| !by_itself).unwrap_or(&token.scope)
}

/// Scopes that the challenge names and the token lacks.
pub(crate) fn lacking(facts: &RefusalFacts<'_>) -> Vec<String> {
    let has = facts.token_in.map(|token| scopes(token, facts)).unwrap_or_default();
    facts.known.wanted_scope.iter().filter(|scope| !has.contains(scope)).cloned().collect()
}
