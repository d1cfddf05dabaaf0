//! The developer portal's API (`/api/am/devportal/v3`), as far as a client of it goes.
//!
//! Paths, members and shapes are those of the published contract of the release played; the refusals are those of the real
//! server, which the contract hardly lists: 401 for a missing scope as much as for a bad token, 400 for a member it does not
//! know, 409 for a name that is taken.

mod apis;
mod applications;
mod keys;
mod offers;
mod secrets;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde_json::{Map, Value, json};

use self::apis::Subscription;
use self::applications::Application;
use super::issue::known_access_token;
use super::{ADMIN_ID, Gateway};
use crate::form::words;
use crate::serve;
use crate::world::lock;

/// Everything the portal keeps.
#[derive(Default)]
pub(crate) struct Portal {
    applications: Vec<Application>,
    subscriptions: Vec<Subscription>,
    /// Tokens seen, and since when (ms): for a while they are taken unseen, revoked or not.
    seen: HashMap<String, i64>,
}

impl Portal {
    /// Whether an application may call the API at a context now.
    pub fn is_subscribed(&self, application: &str, context: &str, now_ms: i64) -> bool {
        let fits = |one: &&Subscription| one.application == application && apis::context(&one.api) == Some(context);
        self.subscriptions.iter().filter(fits).any(|one| one.in_force_ms <= now_ms)
    }

    /// The application a foreign client id is mapped to: id and name.
    pub fn mapped(&self, consumer_key: &str) -> Option<(String, String)> {
        let fits = |one: &&Application| one.keys.iter().any(|key| key.mapped && key.consumer_key == consumer_key);
        self.applications.iter().find(fits).map(|one| (one.id.clone(), one.name.clone()))
    }

    /// The redirect address of a consumer key made here.
    pub fn callback(&self, consumer_key: &str) -> Option<String> {
        let mut keys = self.applications.iter().flat_map(|one| &one.keys);
        keys.find(|key| key.consumer_key == consumer_key).map(|key| key.callback.clone())
    }
}

pub(crate) fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/applications", get(applications::list).post(applications::create))
        .route("/applications/{id}", get(applications::read).put(applications::update).delete(applications::delete))
        .route("/applications/{id}/generate-keys", post(keys::generate))
        .route("/applications/{id}/map-keys", post(keys::map))
        .route("/applications/{id}/oauth-keys", get(keys::list))
        .route("/applications/{id}/oauth-keys/{key}", get(keys::read).put(keys::update).delete(keys::delete))
        .route("/applications/{id}/oauth-keys/{key}/clean-up", post(keys::clean_up))
        .route("/applications/{id}/oauth-keys/{key}/generate-token", post(keys::generate_token))
        .route("/applications/{id}/oauth-keys/{key}/regenerate-secret", post(secrets::regenerate))
        .route("/applications/{id}/oauth-keys/{key}/generate-secret", post(secrets::generate))
        .route("/applications/{id}/oauth-keys/{key}/secrets", get(secrets::list))
        .route("/applications/{id}/oauth-keys/{key}/revoke-secret", post(secrets::revoke))
        .route("/apis", get(apis::list))
        .route("/apis/{id}", get(apis::read))
        .route("/subscriptions", get(apis::subscriptions).post(apis::subscribe))
        .route("/subscriptions/{id}", delete(apis::unsubscribe).get(apis::subscription))
        .route("/key-managers", get(offers::key_managers))
        .route("/throttling-policies/{level}", get(offers::policies))
        .route("/settings", get(offers::settings))
}

/// A refusal in the shape of the product's own APIs: `code` is a number here.
#[derive(Debug)]
pub(crate) struct Error {
    status: u16,
    code: u32,
    message: String,
    description: String,
}

impl Error {
    pub fn new(status: u16, message: &str, description: &str) -> Self {
        Error::coded(status, status.into(), message, description)
    }

    pub fn coded(status: u16, code: u32, message: &str, description: &str) -> Self {
        Error { status, code, message: message.to_owned(), description: description.to_owned() }
    }

    pub fn bad(description: &str) -> Self {
        Error::new(400, "Bad Request", description)
    }

    pub fn response(&self) -> Response {
        let body = json!({
            "code": self.code, "message": self.message, "description": self.description, "moreInfo": "", "error": [],
        });
        serve::json(self.status, &body)
    }
}

/// The members of a JSON body.
pub(crate) struct Body(Map<String, Value>);

impl Body {
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text member, empty when it is absent or no text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of an array member.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Reads a JSON object of these members; the real server refuses every other one.
pub(crate) fn members(body: &[u8], allowed: &[&str]) -> Result<Body, Error> {
    if body.is_empty() {
        return Err(Error::bad("Request payload cannot be empty."));
    }
    let Ok(Value::Object(found)) = serde_json::from_slice::<Value>(body) else {
        return Err(Error::bad("Malformed request body."));
    };
    if let Some(name) = found.keys().find(|name| !allowed.contains(&name.as_str())) {
        return Err(Error::bad(&format!("Unrecognized property '{name}'")));
    }
    Ok(Body(found))
}

/// The user behind a request, if it carries a token with one of the scopes (or the local user's password). A missing scope
/// and a bad token are refused alike.
fn user(gateway: &Gateway, headers: &HeaderMap, scopes: &[&str]) -> Result<String, Error> {
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

/// A list with its pagination, from offset and limit of the query.
fn page(query: &HashMap<String, String>, all: Vec<Value>) -> Value {
    let number = |name: &str, usual: usize| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (offset, limit) = (number("offset", 0), number("limit", 25));
    let total = all.len();
    let list: Vec<Value> = all.into_iter().skip(offset).take(limit).collect();
    let link = |at: usize| format!("?limit={limit}&offset={at}");
    json!({
        "count": list.len(),
        "list": list,
        "pagination": {
            "offset": offset, "limit": limit, "total": total,
            "next": if offset + limit < total { link(offset + limit) } else { String::new() },
            "previous": if offset > 0 { link(offset.saturating_sub(limit)) } else { String::new() },
        },
    })
}

/// What a handler gives becomes the answer.
fn answer(result: Result<Response, Error>) -> Response {
    result.unwrap_or_else(|error| error.response())
}
