//! The token endpoint: which grant, and by which client.
//!
//! A grant works on the store under one lock and gives either the answer or a refusal; the event is written here, so no
//! grant can forget it. The grants with more rules of their own stand in `grants` below and in `exchange.rs`.

pub(super) mod grants;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::client_auth::authenticate;
use super::events::Draft;
use super::issue::{JWT_BEARER, Request, TOKEN_EXCHANGE, finish};
use super::refusal::Refusal;
use super::state::Provider;
use super::store::Store;
use super::{exchange, grant};
use crate::fault::Fault;
use crate::form::Form;
use crate::serve;
use crate::world::lock;

/// `POST /protocol/openid-connect/token` (RFC 6749 section 3.2).
pub(crate) async fn endpoint(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(response) = misbehave(&provider).await {
        return response;
    }
    let media_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.starts_with("application/x-www-form-urlencoded") {
        return serve::json(415, &json!({"error": "HTTP 415 Unsupported Media Type"}));
    }
    let form = Form::parse(&body);
    answer(&provider, &headers, &form).unwrap_or_else(|refusal| refusal.response())
}

async fn misbehave(provider: &Provider) -> Option<Response> {
    match provider.world.fault() {
        Fault::TokenServerError => {
            let page = "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>";
            Some(serve::text(500, "text/html;charset=UTF-8", page.to_owned()))
        }
        Fault::TokenInvalidJson => Some(serve::text(200, "application/json", "{\"access_token\": \"cut off he".to_owned())),
        Fault::TokenErrorWithOk => {
            Some(serve::json(200, &json!({"error": "temporarily_unavailable", "error_description": "Try again later"})))
        }
        Fault::TokenRedirect => {
            let elsewhere = format!("{}/elsewhere", provider.base);
            Some(serve::with_header(serve::text(302, "text/plain", String::new()), "location", &elsewhere))
        }
        Fault::TokenHang => std::future::pending().await,
        _ => None,
    }
}

fn answer(provider: &Provider, headers: &HeaderMap, form: &Form) -> Result<Response, Refusal> {
    let Some(grant) = form.first("grant_type") else {
        return Err(Refusal::silent(400, "invalid_request", "Missing form parameter: grant_type"));
    };
    type Grant = fn(&Request<'_>, &mut Store, &mut Draft) -> Result<Value, Refusal>;
    let (kind, repeatable, run): (&'static str, &[&str], Grant) = match grant {
        "authorization_code" => ("CODE_TO_TOKEN", &[], grants::authorization_code),
        "refresh_token" => ("REFRESH_TOKEN", &[], grants::refresh_token),
        "client_credentials" => ("CLIENT_LOGIN", &[], grants::client_credentials),
        "password" => ("LOGIN", &[], grants::password),
        TOKEN_EXCHANGE => ("TOKEN_EXCHANGE", &["audience", "resource"], exchange::exchange),
        JWT_BEARER if provider.partner.is_some() => ("JWT_AUTHORIZATION_GRANT", &[], grant::jwt_authorization),
        _ => {
            return Err(Refusal::silent(400, "unsupported_grant_type", "Unsupported grant_type"));
        }
    };
    // RFC 6749 section 3.2: parameters stand once; RFC 8693 section 2.1 lets audience and resource repeat.
    if form.repeats(repeatable) {
        return Err(Refusal::silent(400, "invalid_request", "duplicated parameter"));
    }
    let mut draft = Draft::new(kind);
    draft.detail("grant_type", grant);
    let mut store = lock(&provider.store);
    let result = authenticate(provider, headers, form, &mut draft.client).and_then(|client| {
        draft.detail("client_auth_method", client.proof.authenticator());
        run(&Request { provider, client, form, now: provider.world.now_s() }, &mut store, &mut draft)
    });
    finish(provider, &mut store, draft, &result);
    result.map(|body| serve::json(200, &body))
}
