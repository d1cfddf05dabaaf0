//! The admin endpoints the lab has: reading saved events and the server info, behind Keycloak's permission check.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::Provider;
use super::events::Query;
use super::realm::REALM;
use crate::form::Form;
use crate::serve;
use crate::world::lock;

/// `GET /admin/serverinfo`: for whoever has a role of `realm-management`; here only what a tool asks it for.
pub(crate) async fn server_info(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Response {
    let store = lock(&provider.store);
    let Some(valid) = serve::bearer(&headers).and_then(|token| provider.valid_access_token(&store, token)) else {
        return serve::json(401, &json!({"error": "HTTP 401 Unauthorized"}));
    };
    let owners = valid.token.claims.get("resource_access");
    if owners.and_then(|owners| owners.get("realm-management")).is_none() {
        return serve::json(403, &json!({"error": "HTTP 403 Forbidden"}));
    }
    let feature = |name: &str, enabled: bool| json!({"name": name, "enabled": enabled});
    serve::json(
        200,
        &json!({"features": [
            feature("TOKEN_EXCHANGE_STANDARD_V2", true),
            feature("TOKEN_EXCHANGE", provider.legacy),
            feature("ADMIN_FINE_GRAINED_AUTHZ", provider.legacy),
            feature("JWT_AUTHORIZATION_GRANT", true),
            feature("TOKEN_EXCHANGE_DELEGATION", false),
            feature("DPOP", false),
            feature("PAR", false),
            feature("DEVICE_FLOW", false),
        ]}),
    )
}

/// `GET /admin/realms/{realm}/events`: needs a token with role `view-events` of client `realm-management`.
pub(crate) async fn events(
    State(provider): State<Arc<Provider>>,
    Path(realm): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let store = lock(&provider.store);
    let valid = serve::bearer(&headers).and_then(|token| provider.valid_access_token(&store, token));
    let Some(valid) = valid else {
        return serve::json(401, &json!({"error": "HTTP 401 Unauthorized"}));
    };
    // The roles of the token count, not those of the person: a narrowed token is a narrowed right.
    let roles = &valid.token.claims.get("resource_access").and_then(|owners| owners.pointer("/realm-management/roles"));
    let may_read = roles.and_then(|roles| roles.as_array()).is_some_and(|roles| roles.contains(&json!("view-events")));
    if !may_read {
        return serve::json(403, &json!({"error": "HTTP 403 Forbidden"}));
    }
    if realm != REALM {
        return serve::json(404, &json!({"error": "Realm not found."}));
    }
    match Query::parse(&Form::parse(query.unwrap_or_default().as_bytes())) {
        Ok(query) => serve::json(200, &store.events.read(&query)),
        Err(text) => serve::json(400, &json!({"errorMessage": text})),
    }
}
