//! Dynamic client registration (`/client-registration/v0.17/register`), the way a tool gets a client of its own.
//!
//! It has habits a client must know: 200 and not 201, the same client again for a name that is there, `callBackURL` spelled
//! otherwise than in the published contract, and grants that vanish without a word when there is no callback.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::portal::shape::{Error, members};
use super::registry::{Consumer, ConsumerSecret, Registration, Rights};
use super::release::GatewayRelease;
use super::state::{ADMIN, ADMIN_ID, Gateway};
use crate::form::words;
use crate::world::lock;
use crate::{random, serve};

const MEMBERS: &[&str] =
    &["callbackUrl", "clientName", "owner", "grantType", "saasApp", "tokenType", "tokenScope", "userstoreDomainInSubject"];

/// `POST /client-registration/v0.17/register`.
pub(crate) async fn register(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&gateway, &headers, &body).unwrap_or_else(|error| error.response())
}

fn answer(gateway: &Gateway, headers: &HeaderMap, body: &[u8]) -> Result<Response, Error> {
    let admin = matches!(serve::basic(headers), Some(Ok((user, password))) if gateway.is_admin(&user, &password));
    if !admin {
        return Err(Error::new(401, "Unauthorized", "The user is not authorized"));
    }
    let asked = members(body, MEMBERS)?;
    let owner = asked.text("owner");
    if owner.is_empty() {
        return Err(Error::bad("Application owner cannot be empty"));
    }
    if owner != ADMIN {
        let text = format!("User: {owner} does not exist for application registration");
        return Err(Error::new(403, "Forbidden", &text));
    }
    let name = asked.text("clientName");
    if name.is_empty() {
        return Err(Error::bad("Invalid Payload. Client name cannot be empty"));
    }
    let mut state = lock(&gateway.state);
    let state = &mut *state;
    if let Some(found) = state.registrations.iter().find(|one| one.name == name) {
        if found.owner != owner {
            return Err(Error::new(403, "Forbidden", "Access is forbidden to the application"));
        }
        let consumer = state.consumers.iter().find(|one| one.key == found.key);
        let secret = consumer.and_then(|one| one.secrets.last());
        let shown = secret.map(|secret| secret.later(gateway.release));
        return Ok(told(found, &shown.unwrap_or_default()));
    }
    let callback = asked.text("callbackUrl").to_owned();
    let needs_callback = |grant: &&str| ["authorization_code", "implicit"].contains(grant);
    let grants: Vec<&str> =
        words(asked.text("grantType")).filter(|grant| !(callback.is_empty() && needs_callback(grant))).collect();
    let secret = ConsumerSecret::fresh();
    let registration = Registration {
        name: name.to_owned(),
        owner: owner.to_owned(),
        key: random::token(21),
        callback,
        grants: grants.join(" "),
        saas: asked.get("saasApp").is_some_and(|value| *value == Value::Bool(true) || *value == json!("true")),
    };
    let response = told(&registration, &secret.value);
    state.consumers.push(Consumer {
        key: registration.key.clone(),
        name: registration.name.clone(),
        grants: grants.into_iter().map(str::to_owned).collect(),
        opaque: gateway.release == GatewayRelease::V4_6 && asked.text("tokenType") != "JWT",
        owner: ADMIN_ID.to_owned(),
        secrets: vec![secret],
        rights: Rights::None,
    });
    state.registrations.push(registration);
    Ok(response)
}

fn told(registration: &Registration, secret: &str) -> Response {
    let inner = json!({
        "grant_types": registration.grants,
        "redirect_uris": registration.callback,
        "client_name": format!("{}_{}", registration.owner, registration.name),
    });
    let mut body = Map::new();
    for (name, value) in [
        ("clientId", json!(registration.key)),
        ("clientName", json!(registration.name)),
        ("callBackURL", json!(registration.callback)),
        ("clientSecret", json!(secret)),
        ("isSaasApplication", json!(registration.saas)),
        ("appOwner", json!(registration.owner)),
        ("jsonString", json!(inner.to_string())),
        ("jsonAppAttribute", json!("{}")),
        ("applicationUUID", Value::Null),
        ("tokenType", json!("JWT")),
    ] {
        body.insert(name.to_owned(), value);
    }
    serve::json(200, &Value::Object(body))
}
