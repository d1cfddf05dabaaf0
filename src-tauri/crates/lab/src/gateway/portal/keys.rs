//! Keys: the consumer key and secret of an application at a key manager, made here or mapped from elsewhere.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::{SCOPES, user};
use super::offers::{RESIDENT, key_manager};
use super::shape::{Body, Error, answer, members};
use super::store::{Application, KeyMapping};
use crate::gateway::assertion;
use crate::gateway::issue::{access_token, blank, granted};
use crate::gateway::refusal::Refusal;
use crate::gateway::registry::{Consumer, ConsumerSecret, Rights};
use crate::gateway::state::{Gateway, Issued};
use crate::world::lock;
use crate::{random, serve};

const GENERATE_MEMBERS: &[&str] = &[
    "keyType",
    "keyManager",
    "grantTypesToBeSupported",
    "callbackUrl",
    "scopes",
    "validityTime",
    "clientId",
    "clientSecret",
    "additionalProperties",
];
const KEY_MEMBERS: &[&str] = &[
    "keyMappingId",
    "keyManager",
    "consumerKey",
    "consumerSecret",
    "consumerSecrets",
    "supportedGrantTypes",
    "callbackUrl",
    "keyState",
    "keyType",
    "mode",
    "groupId",
    "token",
    "additionalProperties",
];
const MAP_MEMBERS: &[&str] = &["consumerKey", "consumerSecret", "keyManager", "keyType"];
const TOKEN_MEMBERS: &[&str] =
    &["consumerSecret", "validityPeriod", "scopes", "revokeToken", "grantType", "additionalProperties"];

/// The key of a path, below its application.
pub(super) fn find<'a>(application: &'a Application, key: &str) -> Result<&'a KeyMapping, Error> {
    let unknown = || Error::coded(404, 900_331, "Key mapping not found", "Key mapping does not exist for the application");
    application.keys.iter().find(|one| one.id == key).ok_or_else(unknown)
}

/// `POST /applications/{id}/generate-keys`.
pub(super) async fn generate(
    State(gateway): State<Arc<Gateway>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| made(&gateway, &id, &owner, &body)))
}

fn made(gateway: &Gateway, id: &str, owner: &str, body: &[u8]) -> Result<Response, Error> {
    let asked = members(body, GENERATE_MEMBERS)?;
    let mut state = lock(&gateway.state);
    let name = state.portal.own(id, owner)?.name.clone();
    let manager = key_manager(asked.text("keyManager"))?;
    let key_type = key_type(&asked)?;
    free(state.portal.own(id, owner)?, &key_type, manager.name)?;
    if !manager.creates {
        let text = "Key Manager doesn't support generating OAuth applications";
        return Err(Error::coded(400, 901_405, "Bad Request", text));
    }
    if let Some((status, code, text)) = manager.fails {
        return Err(Error::coded(status, code, if status == 500 { "Internal Server Error" } else { "Bad Request" }, text));
    }
    let grants = asked.texts("grantTypesToBeSupported");
    if asked.get("grantTypesToBeSupported").is_none() {
        return Err(Error::bad("grantTypesToBeSupported: must not be null"));
    }
    let callback = asked.text("callbackUrl").to_owned();
    if callback.is_empty() && grants.iter().any(|grant| grant == "authorization_code" || grant == "implicit") {
        return Err(Error::bad(
            "The callback url must have at least one URI value when using Authorization code or implicit grant types.",
        ));
    }
    let secret = match asked.text("clientSecret") {
        "" => ConsumerSecret::fresh(),
        preset => ConsumerSecret { value: preset.to_owned(), ..ConsumerSecret::fresh() },
    };
    let consumer_key = match asked.text("clientId") {
        "" => random::token(21),
        preset => preset.to_owned(),
    };
    let mut additional = json!({
        "application_access_token_expiry_time": "N/A", "user_access_token_expiry_time": "N/A",
        "refresh_token_expiry_time": "N/A", "id_token_expiry_time": "N/A",
    });
    if let (Value::Object(known), Some(Value::Object(more))) = (&mut additional, asked.get("additionalProperties")) {
        known.extend(more.clone());
    }
    let mapping = KeyMapping {
        id: random::uuid(),
        key_type,
        key_manager: manager.name,
        consumer_key: consumer_key.clone(),
        grants: grants.clone(),
        callback,
        mapped: false,
        additional,
    };
    let mut shown = mapping.shown(&secret.value, gateway.release);
    let consumer = Consumer {
        key: consumer_key,
        name,
        grants: grants.clone(),
        opaque: false,
        owner: owner.to_owned(),
        secrets: vec![secret],
        rights: Rights::Application(id.to_owned()),
    };
    state.consumers.push(consumer.clone());
    state.portal.own_mut(id, owner)?.keys.push(mapping);
    drop(state);
    if grants.iter().any(|grant| grant == "client_credentials") {
        let scopes = match asked.texts("scopes").join(" ") {
            none if none.is_empty() => "default".to_owned(),
            some => granted(&some, &[]),
        };
        shown["token"] = token(gateway, &Issued { scope: scopes, ..blank(gateway, &consumer) });
    }
    Ok(serve::json(200, &shown))
}

fn key_type(asked: &Body) -> Result<String, Error> {
    match asked.text("keyType") {
        known @ ("PRODUCTION" | "SANDBOX") => Ok(known.to_owned()),
        _ => Err(Error::bad("keyType: must be one of PRODUCTION, SANDBOX")),
    }
}

/// One mapping for each application, key type and key manager.
fn free(application: &Application, key_type: &str, manager: &str) -> Result<(), Error> {
    if application.keys.iter().any(|key| key.key_type == key_type && key.key_manager == manager) {
        let text = format!("Key Mappings already exists for application {}", application.id);
        return Err(Error::coded(409, 901_409, "Key Mappings already exists", &text));
    }
    Ok(())
}

/// `POST /applications/{id}/map-keys`: binds a client that is already there, at this key manager or at the provider.
pub(super) async fn map(
    State(gateway): State<Arc<Gateway>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let asked = members(&body, MAP_MEMBERS)?;
        let mut state = lock(&gateway.state);
        state.portal.own(&id, &owner)?;
        let manager = key_manager(asked.text("keyManager"))?;
        let key_type = key_type(&asked)?;
        free(state.portal.own(&id, &owner)?, &key_type, manager.name)?;
        let consumer_key = asked.text("consumerKey").to_owned();
        let everywhere = state.portal.applications.iter().flat_map(|one| &one.keys);
        if everywhere.into_iter().any(|key| key.consumer_key == consumer_key) {
            return Err(Error::coded(409, 901_409, "Key Mappings already exists", "Key Mappings already exists"));
        }
        if manager.name == RESIDENT {
            let now = gateway.world.now_s();
            let known = state.consumers.iter_mut().find(|one| one.key == consumer_key);
            let Some(known) = known.filter(|one| one.has_secret(asked.text("consumerSecret"), now)) else {
                return Err(Error::coded(500, 900_962, "Internal Server Error", "Error while mapping the OAuth application"));
            };
            known.rights = Rights::Application(id.clone());
        }
        let mapping = KeyMapping {
            id: random::uuid(),
            key_type,
            key_manager: manager.name,
            consumer_key,
            grants: vec!["client_credentials".to_owned()],
            callback: String::new(),
            mapped: true,
            additional: json!({}),
        };
        let shown = mapping.shown(asked.text("consumerSecret"), gateway.release);
        state.portal.own_mut(&id, &owner)?.keys.push(mapping);
        Ok(serve::json(200, &shown))
    }))
}

/// `GET /applications/{id}/oauth-keys`.
pub(super) async fn list(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let state = lock(&gateway.state);
        let keys = &state.portal.own(&id, &owner)?.keys;
        let list: Vec<Value> = keys.iter().map(|key| key.later(&state.consumers, gateway.release)).collect();
        Ok(serve::json(200, &json!({"count": list.len(), "list": list})))
    }))
}

/// `GET /applications/{id}/oauth-keys/{key}`.
pub(super) async fn read(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let state = lock(&gateway.state);
        let found = find(state.portal.own(&id, &owner)?, &key)?;
        Ok(serve::json(200, &found.later(&state.consumers, gateway.release)))
    }))
}

/// `PUT /applications/{id}/oauth-keys/{key}`: grants and callback.
pub(super) async fn update(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let asked = members(&body, KEY_MEMBERS)?;
        let mut state = lock(&gateway.state);
        find(state.portal.own(&id, &owner)?, &key)?;
        let grants = asked.texts("supportedGrantTypes");
        let callback = asked.text("callbackUrl").to_owned();
        let mut consumer_key = String::new();
        if let Some(found) = state.portal.own_mut(&id, &owner)?.keys.iter_mut().find(|one| one.id == key) {
            found.grants.clone_from(&grants);
            found.callback = callback;
            consumer_key.clone_from(&found.consumer_key);
        }
        if let Some(consumer) = state.consumers.iter_mut().find(|one| one.key == consumer_key) {
            consumer.grants = grants;
        }
        let found = find(state.portal.own(&id, &owner)?, &key)?;
        Ok(serve::json(200, &found.later(&state.consumers, gateway.release)))
    }))
}

/// `DELETE /applications/{id}/oauth-keys/{key}`: the pair is dead at once.
pub(super) async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| remove(&gateway, &id, &key, &owner)))
}

/// `POST …/clean-up`: takes the pair away as well, for a registration that went wrong half-way.
pub(super) async fn clean_up(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| remove(&gateway, &id, &key, &owner)))
}

fn remove(gateway: &Gateway, id: &str, key: &str, owner: &str) -> Result<Response, Error> {
    let mut state = lock(&gateway.state);
    let found = find(state.portal.own(id, owner)?, key)?;
    let (consumer_key, mapped) = (found.consumer_key.clone(), found.mapped);
    if mapped {
        let known = state.consumers.iter_mut().find(|one| one.key == consumer_key);
        known.into_iter().for_each(|one| one.rights = Rights::None);
    } else {
        state.consumers.retain(|one| one.key != consumer_key);
    }
    state.portal.own_mut(id, owner)?.keys.retain(|one| one.id != key);
    Ok(Response::default())
}

/// `POST …/generate-token`: an application token without going to the token endpoint, in other words.
pub(super) async fn generate_token(
    State(gateway): State<Arc<Gateway>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(token_for(&gateway, &id, &key, &headers, &body).await)
}

async fn token_for(gateway: &Gateway, id: &str, key: &str, headers: &HeaderMap, body: &[u8]) -> Result<Response, Error> {
    let owner = user(gateway, headers, SCOPES)?;
    let asked = members(body, TOKEN_MEMBERS)?;
    let consumer_key = find(lock(&gateway.state).portal.own(id, &owner)?, key)?.consumer_key.clone();
    let now = gateway.world.now_s();
    let consumer = gateway.consumer(&consumer_key).filter(|one| one.has_secret(asked.text("consumerSecret"), now));
    let failed = |text: &str| Error::coded(500, 900_957, "Internal Server Error", text);
    let consumer = consumer.ok_or_else(|| failed("Error occurred while generating the access token"))?;
    let validity = asked.get("validityPeriod").and_then(Value::as_i64).filter(|seconds| *seconds > 0);
    let mut issue = Issued { scope: granted(&asked.texts("scopes").join(" "), &[]), ..blank(gateway, &consumer) };
    issue.expires = now + validity.unwrap_or(gateway.lifespan);
    if asked.text("grantType") == "TOKEN_EXCHANGE" {
        let subject = asked.get("additionalProperties").and_then(|more| more.get("subject_token")).and_then(Value::as_str);
        let claims = assertion::check(gateway, subject, assertion::SUBJECT_AGE_S).await.map_err(|flaw| {
            let Refusal(_, _, text) = flaw.of_exchange();
            Error::coded(400, 900_965, "Bad Request", &text)
        })?;
        issue = assertion::federated(gateway, issue, subject, claims, &asked.texts("scopes").join(" "));
    }
    Ok(serve::json(200, &token(gateway, &issue)))
}

/// A token in the portal's own words, which are not those of OAuth.
fn token(gateway: &Gateway, issue: &Issued) -> Value {
    let scopes: Vec<&str> = crate::form::words(&issue.scope).collect();
    json!({
        "accessToken": access_token(gateway, issue), "tokenScopes": scopes, "validityTime": issue.expires - issue.issued,
    })
}
