//! Who is asking: client authentication at the token, introspection, revocation and logout endpoints.
//!
//! Client secret by Basic header or in the body (RFC 6749 section 2.3.1), nothing else; the two names Keycloak gives one
//! failure (`unauthorized_client` for a bad secret, `invalid_client` for an unknown client) are kept.

use axum::http::HeaderMap;
use subtle::ConstantTimeEq as _;

use super::assertion;
use super::realm::{Client, Proof};
use super::refusal::Refusal;
use super::state::Provider;
use crate::form::Form;
use crate::serve;

/// Finds and authenticates the client of a request. `named` is filled as soon as an id is known, for the event.
pub(crate) fn authenticate(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Form,
    named: &mut Option<String>,
) -> Result<&'static Client, Refusal> {
    const TEXT: &str = "Invalid client or Invalid client credentials";
    let realm = &provider.realm;
    let (id, secret) = match serve::basic(headers) {
        Some(Ok((id, secret))) => (Some(id), Some(secret)),
        Some(Err(())) => {
            return Err(Refusal::new(401, "invalid_client", TEXT, "invalid_client_credentials").challenging());
        }
        None => {
            // RFC 7523 3: the client may be named by its assertion alone.
            let named = form.filled("client_id").map(str::to_owned).or_else(|| assertion::subject(form));
            (named, form.first("client_secret").map(str::to_owned))
        }
    };
    let Some(id) = id else {
        return Err(Refusal::new(400, "invalid_client", "Missing client_id parameter", "invalid_client_credentials"));
    };
    *named = Some(id.clone());
    let Some(client) = realm.client(&id) else {
        return Err(Refusal::new(401, "invalid_client", TEXT, "client_not_found"));
    };
    if !client.enabled {
        return Err(Refusal::new(401, "invalid_client", TEXT, "client_disabled"));
    }
    if client.public {
        return Ok(client);
    }
    if client.proof != Proof::Secret {
        return assertion::check(provider, client, form).map(|()| client);
    }
    let right = realm.secret(client.id).zip(secret).is_some_and(|(right, given)| right.as_bytes().ct_eq(given.as_bytes()).into());
    if !right {
        return Err(Refusal::new(401, "unauthorized_client", TEXT, "invalid_client_credentials"));
    }
    Ok(client)
}
