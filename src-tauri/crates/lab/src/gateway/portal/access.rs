//! Who may use the portal's API.

use axum::http::HeaderMap;

use super::shape::Error;
use crate::form::words;
use crate::gateway::issue::known_access_token;
use crate::gateway::state::{ADMIN_ID, Gateway};
use crate::serve;
use crate::world::lock;

/// Either scope opens what has to do with applications and their keys.
pub(super) const SCOPES: &[&str] = &["apim:subscribe", "apim:app_manage"];

/// The user behind a request, if it carries a token with one of the scopes (or the local user's password). A missing scope
/// and a bad token are refused alike.
pub(super) fn user(gateway: &Gateway, headers: &HeaderMap, scopes: &[&str]) -> Result<String, Error> {
    let refused = || Error::new(401, "", "Unauthenticated request");
    if let Some(Ok((name, password))) = serve::basic(headers) {
        return if gateway.is_admin(&name, &password) { Ok(ADMIN_ID.to_owned()) } else { Err(refused()) };
    }
    let token = serve::bearer(headers).ok_or_else(refused)?;
    let (_, held) = known_access_token(gateway, token).ok_or_else(refused)?;
    let (now, kept_ms) = (gateway.world.now_ms(), gateway.world.caches().portal_ms);
    let mut state = lock(&gateway.state);
    let seen = state.portal.seen.get(token).is_some_and(|since| now - since < kept_ms);
    if held.expires <= gateway.world.now_s() || held.revoked && !seen || !words(&held.scope).any(|scope| scopes.contains(&scope))
    {
        return Err(refused());
    }
    state.portal.seen.retain(|_, since| now - *since < kept_ms);
    state.portal.seen.entry(token.to_owned()).or_insert(now);
    Ok(held.sub)
}
