//! Applications: what consumer keys and subscriptions hang on.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::{SCOPES, user};
use super::offers::APPLICATION_POLICIES;
use super::shape::{Body, Error, answer, members, page};
use super::store::{Application, Portal};
use crate::gateway::release::GatewayRelease;
use crate::gateway::state::{Gateway, State as Held};
use crate::world::lock;
use crate::{random, serve};

const LIST_SCOPES: &[&str] = &["apim:subscribe", "apim:app_manage", "apim:app_import_export"];
/// What a request may hold, both to create and to update (where the whole object comes back).
const MEMBERS: &[&str] = &[
    "applicationId",
    "name",
    "throttlingPolicy",
    "description",
    "tokenType",
    "status",
    "groups",
    "subscriptionCount",
    "keys",
    "attributes",
    "subscriptionScopes",
    "owner",
    "hashEnabled",
    "createdTime",
    "updatedTime",
    "visibility",
];

/// `GET /applications`: the user's own, by name unless asked otherwise; `query` is an exact name.
pub(super) async fn list(
    State(gateway): State<Arc<Gateway>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, LIST_SCOPES).map(|owner| {
        let state = lock(&gateway.state);
        let named = query.get("query").filter(|name| !name.is_empty());
        let mut own: Vec<&Application> = state.portal.applications.iter().filter(|one| one.owner == owner).collect();
        own.retain(|one| named.is_none_or(|name| one.name == *name));
        own.sort_by(|a, b| a.name.cmp(&b.name));
        if query.get("sortOrder").is_some_and(|order| order == "desc") {
            own.reverse();
        }
        serve::json(200, &page(&query, own.into_iter().map(|one| info(one, &state.portal)).collect()))
    }))
}

/// `POST /applications`.
pub(super) async fn create(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, body: Bytes) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let asked = members(&body, MEMBERS)?;
        checked(&asked)?;
        let mut state = lock(&gateway.state);
        let name = asked.text("name");
        taken(&state.portal, name, &owner, None)?;
        let now = gateway.world.now_ms();
        let made = Application {
            id: random::uuid(),
            name: name.to_owned(),
            policy: asked.text("throttlingPolicy").to_owned(),
            description: asked.text("description").to_owned(),
            owner,
            groups: asked.get("groups").cloned().unwrap_or_else(|| json!([])),
            attributes: asked.get("attributes").cloned().unwrap_or_else(|| json!({})),
            created_ms: now,
            updated_ms: now,
            keys: Vec::new(),
        };
        let place = format!("{}/api/am/devportal/v3/applications/{}", gateway.base, made.id);
        let response = serve::json(201, &whole(&made, &state, gateway.release));
        state.portal.applications.push(made);
        Ok(serve::with_header(response, "location", &place))
    }))
}

/// `GET /applications/{id}`.
pub(super) async fn read(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let state = lock(&gateway.state);
        let found = state.portal.own(&id, &owner)?;
        Ok(serve::json(200, &whole(found, &state, gateway.release)))
    }))
}

/// `PUT /applications/{id}`: the whole object again.
pub(super) async fn update(
    State(gateway): State<Arc<Gateway>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let asked = members(&body, MEMBERS)?;
        checked(&asked)?;
        let mut state = lock(&gateway.state);
        state.portal.own(&id, &owner)?;
        taken(&state.portal, asked.text("name"), &owner, Some(&id))?;
        let found = state.portal.own_mut(&id, &owner)?;
        found.name = asked.text("name").to_owned();
        found.policy = asked.text("throttlingPolicy").to_owned();
        found.description = asked.text("description").to_owned();
        found.updated_ms = gateway.world.now_ms();
        let found = state.portal.own(&id, &owner)?;
        Ok(serve::json(200, &whole(found, &state, gateway.release)))
    }))
}

/// `DELETE /applications/{id}`: its keys stop working at once.
pub(super) async fn delete(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, LIST_SCOPES).and_then(|owner| {
        let mut state = lock(&gateway.state);
        let keys: Vec<String> = state.portal.own(&id, &owner)?.keys.iter().map(|key| key.consumer_key.clone()).collect();
        state.consumers.retain(|consumer| !keys.contains(&consumer.key));
        state.portal.applications.retain(|one| one.id != id);
        state.portal.subscriptions.retain(|one| one.application != id);
        Ok(Response::default())
    }))
}

fn checked(asked: &Body) -> Result<(), Error> {
    let name = asked.text("name");
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::bad("name: size must be between 1 and 100"));
    }
    if name.trim() != name {
        return Err(Error::bad("Application name cannot contain leading or trailing white spaces"));
    }
    if name.chars().any(|letter| "~!@#;%^*+={}|<>\"'/,".contains(letter)) {
        return Err(Error::bad("Application name contains invalid characters"));
    }
    let policy = asked.text("throttlingPolicy");
    if !APPLICATION_POLICIES.iter().any(|(known, _)| *known == policy) {
        return Err(Error::bad("Specified application throttling policy is invalid"));
    }
    if asked.text("description").chars().count() > 512 {
        return Err(Error::bad("description: size must be between 0 and 512"));
    }
    Ok(())
}

fn taken(portal: &Portal, name: &str, owner: &str, but: Option<&str>) -> Result<(), Error> {
    let same = |one: &Application| one.owner == owner && one.name == name && Some(one.id.as_str()) != but;
    if portal.applications.iter().any(same) {
        let text = format!("An application already exists with name {name}");
        return Err(Error::coded(409, 900_301, "Conflict", &text));
    }
    Ok(())
}

/// The line of a list, also the `applicationInfo` of a subscription.
pub(super) fn info(one: &Application, portal: &Portal) -> Value {
    let count = portal.subscriptions.iter().filter(|subscription| subscription.application == one.id).count();
    json!({
        "applicationId": one.id, "name": one.name, "throttlingPolicy": one.policy, "description": one.description,
        "status": "APPROVED", "groups": one.groups, "subscriptionCount": count, "attributes": one.attributes,
        "owner": one.owner, "tokenType": "JWT", "createdTime": one.created_ms.to_string(),
        "updatedTime": one.updated_ms.to_string(),
    })
}

/// All of it, with its keys as a later read shows them. What was asked as `tokenType` is not looked at: it is always JWT.
fn whole(one: &Application, held: &Held, release: GatewayRelease) -> Value {
    let mut value = info(one, &held.portal);
    value["keys"] = Value::Array(one.keys.iter().map(|key| key.later(&held.consumers, release)).collect());
    value["subscriptionScopes"] = json!([]);
    value["hashEnabled"] = json!(release == GatewayRelease::V4_7);
    value["visibility"] = json!("PRIVATE");
    value
}
