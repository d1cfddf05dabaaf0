//! Token revocation (RFC 7009): an access token ends alone, a refresh token takes its client session along, and with it
//! everything that was made from it by exchange.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::client_auth::authenticate;
use super::events::Draft;
use super::issue::finish;
use super::refusal::Refusal;
use super::state::Provider;
use super::store::Store;
use crate::form::Form;
use crate::jose;
use crate::world::lock;

/// `POST .../revoke`. Success has an empty body; an unknown token is a 200 with an error in it.
pub(crate) async fn endpoint(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let mut draft = Draft::new("REVOKE_GRANT");
    let mut store = lock(&provider.store);
    let result = revoke(&provider, &headers, &form, &mut store, &mut draft);
    finish(&provider, &mut store, draft, &result);
    match result {
        Ok(()) => Response::default(),
        Err(refusal) => refusal.response(),
    }
}

fn revoke(provider: &Provider, headers: &HeaderMap, form: &Form, store: &mut Store, draft: &mut Draft) -> Result<(), Refusal> {
    let client = authenticate(provider, headers, form, &mut draft.client)?;
    draft.detail("client_auth_method", "client-secret");
    let Some(text) = form.first("token") else {
        return Err(Refusal::new(400, "invalid_request", "Token not provided", "invalid_request"));
    };
    let unknown = |event| Refusal::new(200, "invalid_token", "Invalid token", event);
    let refresh = provider.refresh_token(text);
    let is_refresh = refresh.is_some();
    let access = || jose::parse(text).filter(|token| provider.signed_here(token) && token.text("iss") == Some(&provider.issuer));
    let Some(token) = refresh.or_else(access) else {
        return Err(unknown("invalid_token"));
    };
    if !is_refresh && token.text("typ") != Some("Bearer") {
        return Err(Refusal::new(400, "unsupported_token_type", "Unsupported token type", "invalid_token_type"));
    }
    if token.text("azp") != Some(client.id) {
        return Err(Refusal::new(400, "invalid_request", "Unmatching clients", "invalid_request"));
    }
    let jti = token.text("jti").unwrap_or_default();
    let sid = token.text("sid").unwrap_or_default();
    if token.claims.contains_key("sid") && store.live(sid, provider.world.now_s()).is_none() {
        return Err(unknown("user_session_not_found"));
    }
    draft.user = token.text("sub").map(str::to_owned);
    draft.session = token.text("sid").map(str::to_owned);
    let also = if is_refresh {
        draft.detail("revoked_client", client.id).detail("refresh_token_id", jti).detail("refresh_token_type", "Refresh");
        let also = store.detach(sid, client.id);
        if store.sessions.get(sid).is_some_and(|session| session.clients.is_empty()) {
            store.sessions.remove(sid);
        }
        also
    } else {
        draft.detail("token_id", jti);
        let until = token.number("exp").unwrap_or_default().max(provider.world.now_s() + 10);
        store.revoke(jti, until);
        store.detach_exchanged(sid, jti)
    };
    if !also.is_empty() {
        draft.detail("token_exchange_revoked_clients", also.join("::"));
    }
    Ok(())
}
