//! The JWT authorization grant (RFC 7523 section 2.1, as Keycloak 26.6 and later do it): a token of a trusted issuer becomes one
//! of this realm.
//!
//! It replaces the legacy exchange from outside. Nobody is imported, there is no session and no refresh token, and each
//! assertion is good once.

use serde_json::Value;

use super::assertion::for_this_realm;
use super::broker::Broker;
use super::events::Draft;
use super::issue::{Request, With, access, respond};
use super::refusal::Refusal;
use super::store::Store;
use super::token::grants::check_scope;
use crate::jose;

/// The longest an assertion may still be good, seconds: `jwtAuthorizationGrantMaxAllowedAssertionExpiration`.
const LONGEST: i64 = 300;

/// The grant.
pub(crate) fn jwt_authorization(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    draft.client = Some(client.id.to_owned());
    let refuse = |text: &str| Refusal::new(400, "invalid_grant", text, "invalid_request").because_so();
    let Some(text) = form.filled("assertion") else {
        return Err(refuse("Missing parameter:assertion"));
    };
    let Some(token) = jose::parse(text) else {
        return Err(refuse("The provided assertion is not a valid JWT"));
    };
    if client.public {
        return Err(refuse("Public client not allowed to use authorization grant"));
    }
    if !client.jwt_grant {
        return Err(refuse("JWT Authorization Grant is not supported for the requested client"));
    }
    let Some(issuer) = token.text("iss") else {
        return Err(refuse("Missing claim: iss"));
    };
    let Some(subject) = token.text("sub") else {
        return Err(refuse("Missing claim: sub"));
    };
    let Some(broker) = Broker::named(provider, issuer).filter(|broker| broker.issuer() == issuer) else {
        return Err(refuse("No Identity Provider for provided issuer"));
    };
    draft.detail("identity_provider", broker.alias()).detail("identity_provider_issuer", issuer);
    draft.detail("identity_provider_user_id", subject);
    for_this_realm(provider, &token).map_err(refuse)?;
    let Some(ends) = token.number("exp") else {
        return Err(refuse("Token exp claim is required"));
    };
    if ends <= now {
        return Err(refuse("Token is not active"));
    }
    match token.number("iat") {
        None if ends > now + LONGEST => {
            return Err(refuse("Token expiration is too far in the future and iat claim not present in token"));
        }
        Some(issued) if issued > now => return Err(refuse("Token was issued in the future")),
        Some(issued) if issued + LONGEST < now => {
            return Err(refuse("Token was issued too far in the past to be used now"));
        }
        _ => {}
    }
    let Some(id) = token.text("jti") else {
        return Err(refuse("Token jti claim is required"));
    };
    if !broker.signed(&token) {
        return Err(refuse("Invalid signature"));
    }
    if !store.spend(issuer, id, ends) {
        return Err(refuse("Token reuse detected"));
    }
    let linked = broker.linked(provider, subject).filter(|person| !person.imported);
    let Some(person) = linked.filter(|person| !store.disabled.contains(person.id)) else {
        return Err(refuse("User not found"));
    };
    draft.user = Some(person.id.to_owned());
    draft.detail("username", &person.username);
    let scope = form.first("scope").unwrap_or_default();
    check_scope(request, scope)?;
    let order = request.order(store, person, "ag", scope);
    let minted = access(provider, &order);
    Ok(Value::Object(respond(provider, &order, &minted, &With::default(), draft)))
}
