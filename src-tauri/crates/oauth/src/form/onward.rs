//! Where a token the provider did not issue can go next: to the identity provider, for one of its own tokens.
//!
//! A gateway that calls an API on behalf of a user has to get there; by hand the same is two forms, filled in. Which of the two
//! the provider takes depends on its configuration, so both are offered and neither is promised.

use super::choices::{Context, token_type};
use crate::{
    belongs::{Belongs, belongs},
    message::{EXCHANGE_FIELD, ExchangeKind},
    profile::{Client, Profile},
    server::habits,
};
use record::{audit::FixAction, operation::Operation};
use token::{
    inspect::{TokenFormat, TokenKind, TokenView},
    text::Pair,
};

/// Forms to open with a token of the gateway, or of another environment the user means to bring here; none for the provider's own
/// tokens, and for those nobody can send any more. A token of another environment is named and confirmed before it is sent.
pub fn onward(token: &TokenView, profile: &Profile) -> Vec<FixAction> {
    let context = Context { profile, shelf: &[], chosen: None, about: None };
    let sendable = !token.evidence_only && matches!(token.kind, TokenKind::Access | TokenKind::Id);
    let elsewhere = belongs(token, profile) == Belongs::Elsewhere && token.issuer.is_some();
    if !sendable || !(context.by_gateway(token) || elsewhere) || !habits(profile.provider.dialect).exchange.kinds {
        return Vec::new();
    }
    let Some(client) = context.requester(None) else { return Vec::new() };
    let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
    let reference = format!("token:{}", token.id);
    let gateway = profile.gateway.as_ref().map(|gateway| gateway.issuer.clone()).unwrap_or_default();
    let issuer = token.issuer.clone().unwrap_or(gateway);
    let mut list = vec![FixAction {
        label: "Exchange for a Keycloak token".into(),
        operation: Operation::TokenExchange,
        values: vec![
            pair(EXCHANGE_FIELD, ExchangeKind::ExternalToInternal.id()),
            pair("client", &client.client_id),
            pair("subject_token", &reference),
            pair("subject_token_type", &subject_type(token, context.by_gateway(token))),
            pair("subject_issuer", &issuer),
            pair("audience", ""),
        ],
    }];
    if token.format == TokenFormat::Jws {
        list.push(FixAction {
            label: "Show it as an authorization grant".into(),
            operation: Operation::JwtBearer,
            values: vec![pair("client", &client.client_id), pair("assertion", &reference), pair("scope", "")],
        });
    }
    list
}

/// The client that would ask at the provider, when nothing else is known.
pub fn requester(profile: &Profile) -> Option<&Client> {
    Context { profile, shelf: &[], chosen: None, about: None }.requester(None)
}

/// How a token from outside is announced to Keycloak: a JWT is checked with the issuer's keys, anything else by its userinfo. So
/// are WSO2's JWTs, because Keycloak takes one by its signature only when its content says what it is (`typ`), and theirs do not.
pub(super) fn subject_type(token: &TokenView, of_gateway: bool) -> String {
    let name = match token_type(Some(token)) {
        _ if of_gateway || token.format == TokenFormat::Opaque => "access_token",
        "id_token" => "id_token",
        _ => "jwt",
    };
    format!("{}{name}", super::fields::TYPE)
}
