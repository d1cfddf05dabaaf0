//! The gateway's other OAuth endpoints: introspection, revocation, userinfo, keys and metadata.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::grants::KNOWN;
use super::issue::{own_access_token, own_refresh_token};
use super::refusal::{Refusal, refused};
use super::state::Gateway;
use super::token::authenticate;
use crate::form::{Form, words};
use crate::serve;
use crate::world::lock;

/// `POST /oauth2/introspect` (RFC 7662). WSO2 wants a user with the right permission here; this one is also set up to
/// take consumer credentials, which a real server takes only with an access-control entry of its own.
pub(crate) async fn introspect(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let admin = matches!(serve::basic(&headers), Some(Ok((user, password))) if gateway.is_admin(&user, &password));
    if !admin && let Err(refusal) = authenticate(&gateway, &headers, &form) {
        return refused(&gateway, &refusal);
    }
    let Some(token) = form.filled("token") else {
        return refused(&gateway, &Refusal(400, "invalid_request", "Missing token parameter".to_owned()));
    };
    let Some((id, held)) = own_access_token(&gateway, token) else {
        return serve::json(200, &json!({"active": false}));
    };
    let answer = json!({
        "sub": held.sub, "aut": if held.user { "APPLICATION_USER" } else { "APPLICATION" }, "aud": [held.consumer],
        "nbf": held.issued, "scope": held.scope, "iss": gateway.issuer, "active": true, "exp": held.expires,
        "token_type": "Bearer", "iat": held.issued, "jti": id, "client_id": held.consumer,
        "username": if held.user { format!("{}@carbon.super", held.sub) } else { "admin@carbon.super".to_owned() },
    });
    serve::json(200, &answer)
}

/// `POST /oauth2/revoke` (RFC 7009): 200 and nothing, for an unknown token too.
pub(crate) async fn revoke(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let Ok(consumer) = authenticate(&gateway, &headers, &form) else {
        return refused(&gateway, &Refusal(401, "unauthorized_client", "Client Authentication failed.".to_owned()));
    };
    let Some(token) = form.filled("token") else {
        return refused(&gateway, &Refusal(400, "invalid_request", "Invalid revocation request".to_owned()));
    };
    let access = own_access_token(&gateway, token).filter(|(_, held)| held.consumer == consumer.key);
    let refresh = own_refresh_token(&gateway, token);
    let mut state = lock(&gateway.state);
    if let Some(held) = access.and_then(|(id, _)| state.tokens.get_mut(&id)) {
        held.revoked = true;
    }
    if let Some(id) = refresh.filter(|id| state.refresh.get(id).is_some_and(|(held, _)| held.consumer == consumer.key)) {
        state.refresh.remove(&id);
    }
    Response::default()
}

/// `GET|POST /oauth2/userinfo`: needs scope `openid`.
pub(crate) async fn userinfo(State(gateway): State<Arc<Gateway>>, headers: HeaderMap) -> Response {
    let held = serve::bearer(&headers).and_then(|token| own_access_token(&gateway, token));
    let refuse = |status, error: &str, text: &str| {
        let response = serve::json(status, &json!({"error": error, "error_description": text}));
        serve::with_header(response, "www-authenticate", &format!("Bearer error=\"{error}\""))
    };
    let Some((_, held)) = held else {
        return refuse(401, "invalid_token", "Access token validation failed");
    };
    if !words(&held.scope).any(|word| word == "openid") {
        return refuse(403, "insufficient_scope", "Access token does not have the openid scope");
    }
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(held.sub));
    for name in ["preferred_username", "given_name", "family_name", "email", "groups"] {
        if let Some(value) = held.subject.get(name) {
            claims.insert(name.to_owned(), value.clone());
        }
    }
    serve::json(200, &Value::Object(claims))
}

/// `/oauth2/jwks` for tokens and `/jwks` for backend statements: one key, so one answer.
pub(crate) async fn jwks(State(gateway): State<Arc<Gateway>>) -> Response {
    serve::json(200, &json!({"keys": [gateway.key.jwk("sig", "RS256")]}))
}

/// The metadata, which hangs below the issuer and not at the root.
pub(crate) async fn metadata(State(gateway): State<Arc<Gateway>>) -> Response {
    let at = |path: &str| format!("{}/oauth2/{path}", gateway.base);
    serve::json(
        200,
        &json!({
            "issuer": gateway.issuer,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "introspection_endpoint": at("introspect"),
            "revocation_endpoint": at("revoke"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("jwks"),
            "grant_types_supported": KNOWN,
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["code"],
        }),
    )
}
