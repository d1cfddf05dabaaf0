//! Consumer secrets after the first: regenerated up to 4.6, several beside each other since 4.7.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::{SCOPES, user};
use super::keys::find;
use super::shape::{Error, answer, members};
use crate::gateway::registry::ConsumerSecret;
use crate::gateway::release::GatewayRelease;
use crate::gateway::state::{Gateway, State as Held};
use crate::serve;
use crate::world::lock;

/// The consumer key of a path.
fn consumer_key(state: &Held, id: &str, key: &str, owner: &str) -> Result<String, Error> {
    Ok(find(state.portal.own(id, owner)?, key)?.consumer_key.clone())
}

/// Its secrets; a client of the provider has none here.
fn secrets<'a>(state: &'a mut Held, consumer_key: &str) -> Result<&'a mut Vec<ConsumerSecret>, Error> {
    let known = state.consumers.iter_mut().find(|one| one.key == consumer_key);
    known.map(|one| &mut one.secrets).ok_or_else(|| Error::bad("The key manager does not keep secrets of this client"))
}

/// What 4.6 answers at an address it does not have.
fn not_there(gateway: &Gateway) -> Result<(), Error> {
    match gateway.release {
        GatewayRelease::V4_6 => Err(Error::new(404, "Not Found", "The requested resource is not available.")),
        GatewayRelease::V4_7 => Ok(()),
    }
}

/// `POST …/regenerate-secret`: the old one is dead at once. With several secrets switched on, which is how 4.7 comes, the
/// server fails at it.
pub(super) async fn regenerate(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let mut state = lock(&gateway.state);
        let consumer_key = consumer_key(&state, &id, &key, &owner)?;
        if gateway.release == GatewayRelease::V4_7 {
            return Err(Error::coded(500, 900_967, "General Error", "Server Error Occurred"));
        }
        let secret = ConsumerSecret::fresh();
        let shown = json!({"consumerKey": consumer_key, "consumerSecret": secret.value});
        *secrets(&mut state, &consumer_key)? = vec![secret];
        Ok(serve::json(200, &shown))
    }))
}

/// `POST …/generate-secret`: readable in this answer and never again.
pub(super) async fn generate(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        not_there(&gateway)?;
        let asked = members(&body, &["additionalProperties"])?;
        let more = |name: &str| asked.get("additionalProperties").and_then(|more| more.get(name));
        let lives = more("expiresIn").and_then(Value::as_i64);
        if lives.is_some_and(|seconds| seconds <= 0) {
            return Err(Error::bad("Secret expiry time must be a positive number of seconds"));
        }
        let secret = ConsumerSecret {
            description: more("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
            expires: lives.map(|seconds| gateway.world.now_s() + seconds),
            ..ConsumerSecret::fresh()
        };
        let shown = shown(&secret, &secret.value);
        let mut state = lock(&gateway.state);
        let consumer_key = consumer_key(&state, &id, &key, &owner)?;
        secrets(&mut state, &consumer_key)?.push(secret);
        Ok(serve::json(201, &shown))
    }))
}

/// `GET …/secrets`: all of them, masked.
pub(super) async fn list(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        not_there(&gateway)?;
        let mut state = lock(&gateway.state);
        let consumer_key = consumer_key(&state, &id, &key, &owner)?;
        let list: Vec<Value> = secrets(&mut state, &consumer_key)?.iter().map(|one| shown(one, &one.masked())).collect();
        Ok(serve::json(200, &json!({"count": list.len(), "list": list})))
    }))
}

/// `POST …/revoke-secret`: any but the newest.
pub(super) async fn revoke(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        not_there(&gateway)?;
        let asked = members(&body, &["secretId", "additionalProperties"])?;
        let secret_id = asked.text("secretId");
        let mut state = lock(&gateway.state);
        let consumer_key = consumer_key(&state, &id, &key, &owner)?;
        let held = secrets(&mut state, &consumer_key)?;
        match held.iter().position(|one| one.id == secret_id) {
            None => Err(Error::new(404, "Not Found", "The secret does not exist")),
            Some(at) if at + 1 == held.len() => Err(Error::bad("The most recent secret cannot be revoked")),
            Some(at) => {
                held.remove(at);
                Ok(serve::text(204, "application/json", String::new()))
            }
        }
    }))
}

fn shown(secret: &ConsumerSecret, value: &str) -> Value {
    let mut more = json!({"description": secret.description});
    if let Some(until) = secret.expires {
        more["expiresAt"] = json!(until);
    }
    json!({"secretId": secret.id, "secretValue": value, "additionalProperties": more})
}
