//! Ending a session: by the browser (OpenID Connect RP-Initiated Logout 1.0) or by the client with its refresh token.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::client_auth::authenticate;
use super::cookies::browser_session;
use super::events::Draft;
use super::issue::finish;
use super::refusal::Refusal;
use super::state::Provider;
use super::store::Store;
use super::{page, redirect};
use crate::form::Form;
use crate::jose;
use crate::serve;
use crate::world::lock;

/// `GET .../logout`.
pub(crate) async fn front_channel(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    by_browser(&provider, &Form::of_query(query), &headers)
}

/// `POST .../logout`: with a refresh token it is the client that speaks, otherwise a browser.
pub(crate) async fn post(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    if form.first("refresh_token").is_none() {
        return by_browser(&provider, &form, &headers);
    }
    let mut draft = Draft::new("LOGOUT");
    let mut store = lock(&provider.store);
    let result = by_client(&provider, &headers, &form, &mut store, &mut draft);
    finish(&provider, &mut store, draft, &result);
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refusal.response(),
    }
}

fn by_client(provider: &Provider, headers: &HeaderMap, form: &Form, store: &mut Store, draft: &mut Draft) -> Result<(), Refusal> {
    let client = authenticate(provider, headers, form, &mut draft.client)?;
    let refuse = |text: &str| Refusal::new(400, "invalid_grant", text, "invalid_token").because_so();
    let token = form.first("refresh_token").and_then(|text| provider.refresh_token(text));
    let Some(token) = token else {
        return Err(refuse("Invalid refresh token"));
    };
    if token.text("azp") != Some(client.id) {
        return Err(refuse("Invalid refresh token. Token client and authorized client don't match"));
    }
    draft.user = token.text("sub").map(str::to_owned);
    draft.session = token.text("sid").map(str::to_owned);
    // A session that is gone already is logged out: the answer is the same.
    store.sessions.remove(token.text("sid").unwrap_or_default());
    Ok(())
}

fn by_browser(provider: &Provider, form: &Form, headers: &HeaderMap) -> Response {
    let mut store = lock(&provider.store);
    // An expired ID token is still a good hint (RP-Initiated Logout section 4), a forged one is none.
    let hint = form.filled("id_token_hint").map(|text| {
        jose::parse(text).filter(|token| {
            provider.signed_here(token) && token.text("iss") == Some(&provider.issuer) && token.text("typ") == Some("ID")
        })
    });
    if let Some(None) = hint {
        return page::error(400, "Invalid parameter: id_token_hint");
    }
    let hint = hint.flatten();
    let client_id = hint.as_ref().and_then(|token| token.text("azp")).or(form.filled("client_id"));
    let client = client_id.and_then(|id| provider.realm.client(id));
    let target = form.filled("post_logout_redirect_uri");
    if let Some(target) = target {
        // `post.logout.redirect.uris` is `+` for every client here: the same as the redirect URIs.
        let Some(client) = client else {
            return page::error(400, "Missing parameters: id_token_hint");
        };
        if !redirect::allowed(client.redirect_uris, target) {
            return page::error(400, "Invalid redirect uri");
        }
    }
    let own = browser_session(&store, headers, provider.world.now_s());
    if hint.is_none() && form.first("confirmLogout").is_none() && own.is_some() {
        let names = ["post_logout_redirect_uri", "state", "client_id"];
        let hidden: Vec<(&str, &str)> = names.into_iter().filter_map(|name| Some((name, form.filled(name)?))).collect();
        return page::confirm_logout(&format!("{}/protocol/openid-connect/logout", provider.issuer), &hidden);
    }
    let session = hint.as_ref().and_then(|token| token.text("sid")).map(str::to_owned).or(own);
    if let Some(ended) = session.and_then(|id| store.sessions.remove(&id)) {
        let mut draft = Draft::new("LOGOUT");
        draft.client = client.map(|client| client.id.to_owned());
        draft.user = Some(ended.user.to_owned());
        draft.session = Some(ended.id);
        if let Some(target) = target {
            draft.detail("redirect_uri", target);
        }
        store.events.success(draft, &provider.realm.id, provider.world.now_ms());
    }
    let Some(target) = target else {
        return page::logged_out();
    };
    let location = match form.filled("state") {
        None => target.to_owned(),
        Some(state) => {
            let separator = if target.contains('?') { '&' } else { '?' };
            let state = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
            format!("{target}{separator}{state}")
        }
    };
    serve::with_header(serve::text(302, "text/plain", String::new()), "location", &location)
}
