//! The userinfo endpoint (OpenID Connect Core section 5.3). Errors stand in `WWW-Authenticate` (RFC 6750 section 3) and, as at
//! Keycloak 26, nowhere else: the body is empty.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::events::Draft;
use super::issue::finish;
use super::mint;
use super::refusal::Refusal;
use super::state::Provider;
use super::token::grants::openid;
use crate::form::Form;
use crate::serve;
use crate::world::lock;

/// `GET .../userinfo`.
pub(crate) async fn by_header(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Response {
    answer(&provider, serve::bearer(&headers))
}

/// `POST .../userinfo`, the token in the header or in the form (RFC 6750 section 2.2).
pub(crate) async fn by_form(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    answer(&provider, serve::bearer(&headers).or(form.first("access_token")))
}

fn answer(provider: &Provider, token: Option<&str>) -> Response {
    let mut draft = Draft::new("USER_INFO_REQUEST");
    draft.detail("auth_method", "validate_access_token");
    let mut store = lock(&provider.store);
    let result = token
        .ok_or_else(|| Refusal::new(401, "invalid_request", "Token not provided", "invalid_token").because_so())
        .and_then(|token| {
            let refuse = || Refusal::new(401, "invalid_token", "Token verification failed", "invalid_token").because_so();
            let valid = provider.valid_access_token(&store, token).ok_or_else(refuse)?;
            draft.client = Some(valid.client.id.to_owned());
            draft.user = Some(valid.person.id.to_owned());
            draft.session = valid.token.text("sid").map(str::to_owned);
            draft.detail("username", &valid.person.username).detail("signature_required", "false");
            let scope = valid.token.text("scope").unwrap_or_default();
            if !openid(scope) {
                return Err(Refusal::new(403, "insufficient_scope", "Missing openid scope", "access_denied").because_so());
            }
            let mut claims = Map::new();
            claims.insert("sub".to_owned(), json!(valid.person.id));
            let scopes = mint::effective(valid.client, valid.person, scope, &[]);
            mint::personal(valid.person, &scopes, &mut |name, value| drop(claims.insert(name.to_owned(), value)));
            Ok(Value::Object(claims))
        });
    finish(provider, &mut store, draft, &result);
    match result {
        Ok(claims) => serve::json(200, &claims),
        Err(refusal) => {
            let challenge = format!(
                "Bearer realm=\"{}\", error=\"{}\", error_description=\"{}\"",
                provider.realm.name, refusal.error, refusal.description
            );
            serve::with_header(serve::text(refusal.status, "text/plain", String::new()), "www-authenticate", &challenge)
        }
    }
}
