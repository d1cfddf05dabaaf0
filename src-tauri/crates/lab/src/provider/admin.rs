//! The part of Keycloak's admin API the lab has: the server info, saved events and their settings, looking clients and users up,
//! and the prediction of a token, each behind Keycloak's permission check.

use std::sync::{Arc, MutexGuard};

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::events::Query;
use super::issue::access;
use super::mint::{InSession, Order};
use super::realm::{CLIENTS, Client, REALM};
use super::state::Provider;
use super::store::Store;
use crate::form::{Form, words};
use crate::random;
use crate::serve;
use crate::world::lock;

/// Who changes users of the lab: nobody signs in as this account.
const ADMINISTRATOR: &str = "f4b1d6a2-0c8e-4e57-9b3a-61d7e2c05f18";

/// The types the lab writes, each also with `_ERROR`. All of them are saved.
const SAVED: [&str; 8] = [
    "LOGIN",
    "CODE_TO_TOKEN",
    "TOKEN_EXCHANGE",
    "CLIENT_LOGIN",
    "REFRESH_TOKEN",
    "INTROSPECT_TOKEN",
    "USER_INFO_REQUEST",
    "LOGOUT",
];

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

/// `GET /admin/realms/{realm}/events`: needs role `view-events` of client `realm-management`.
pub(crate) async fn events(
    State(provider): State<Arc<Provider>>,
    Path(realm): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    answer(&provider, &headers, &realm, "view-events", |store| {
        match Query::parse(&Form::of_query(query)) {
            Ok(query) => serve::json(200, &store.events.read(&query)),
            // Keycloak 26.7.5 says it in this member; older ones in errorMessage.
            Err(text) => serve::json(400, &json!({"error": text})),
        }
    })
}

/// `GET /admin/realms/{realm}/events/config`.
pub(crate) async fn events_config(
    State(provider): State<Arc<Provider>>,
    Path(realm): Path<String>,
    headers: HeaderMap,
) -> Response {
    let types: Vec<String> = SAVED
        .iter()
        .chain(&["REVOKE_GRANT", "OAUTH2_EXTENSION_GRANT"])
        .flat_map(|name| [(*name).to_owned(), format!("{name}_ERROR")])
        .collect();
    answer(&provider, &headers, &realm, "view-events", |_| {
        serve::json(
            200,
            &json!({
                "eventsEnabled": true, "eventsExpiration": 0, "eventsListeners": ["jboss-logging"],
                "enabledEventTypes": types, "adminEventsEnabled": true, "adminEventsDetailsEnabled": true,
            }),
        )
    })
}

/// `GET /admin/realms/{realm}/admin-events`: what was changed at the users, newest first. Filters as far as a client asks with them.
pub(crate) async fn admin_events(
    State(provider): State<Arc<Provider>>,
    Path(realm): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let form = Form::of_query(query);
    answer(&provider, &headers, &realm, "view-events", |store| {
        let is = |event: &Value, parameter: &str, member: &str| {
            let asked = form.all(parameter);
            asked.is_empty() || event.get(member).and_then(Value::as_str).is_some_and(|have| asked.iter().any(|one| one == have))
        };
        let under = |event: &Value| {
            let path = event.get("resourcePath").and_then(Value::as_str).unwrap_or_default();
            // A star stands for the rest.
            form.filled("resourcePath").is_none_or(|asked| match asked.split_once('*') {
                Some((start, _)) => path.starts_with(start),
                None => path == asked,
            })
        };
        let number = |name: &str, usual: usize| form.filled(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let fits = |event: &&Value| {
            is(event, "operationTypes", "operationType") && is(event, "resourceTypes", "resourceType") && under(event)
        };
        let found: Vec<&Value> =
            store.admin_events.iter().filter(fits).skip(number("first", 0)).take(number("max", 100)).collect();
        serve::json(200, &json!(found))
    })
}

impl Provider {
    /// Switches a user on or off; false when there is no such user.
    pub fn set_enabled(&self, username: &str, enabled: bool) -> bool {
        let Some(person) = self.realm.user(username) else {
            return false;
        };
        let mut store = lock(&self.store);
        let changed = if enabled { store.disabled.remove(person.id) } else { store.disabled.insert(person.id) };
        if changed {
            let event = event_of_change(self, "UPDATE", "USER", &format!("users/{}", person.id));
            store.admin_events.insert(0, event);
        }
        true
    }

    /// Takes a client role from a user or gives it back; false when the user does not have it from the start.
    pub fn set_role(&self, username: &str, client: &str, role: &str, held: bool) -> bool {
        let Some(person) = self.realm.user(username) else {
            return false;
        };
        if person.set_role(client, role, held).is_some() {
            let path = format!("users/{}/role-mappings/clients/{}", person.id, uuid_of_id(client));
            let event = event_of_change(self, if held { "CREATE" } else { "DELETE" }, "CLIENT_ROLE_MAPPING", &path);
            lock(&self.store).admin_events.insert(0, event);
        }
        person.roles_of_apis().iter().any(|((owner, name), _)| *owner == client && *name == role)
    }
}

/// The admin event of a change by the realm's administrator.
fn event_of_change(provider: &Provider, operation: &str, resource: &str, path: &str) -> Value {
    let realm = &provider.realm.id;
    json!({
        "id": random::uuid(), "time": provider.world.now_ms(), "realmId": realm,
        "authDetails": {"realmId": realm, "clientId": "security-admin-console", "userId": ADMINISTRATOR, "ipAddress": "127.0.0.1"},
        "operationType": operation, "resourceType": resource, "resourcePath": path,
    })
}

/// `GET /admin/realms/{realm}/clients?clientId=`: an exact search; the id is not the client id.
pub(crate) async fn clients(
    State(provider): State<Arc<Provider>>,
    Path(realm): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let form = Form::of_query(query);
    answer(&provider, &headers, &realm, "view-clients", |_| {
        let asked = form.filled("clientId");
        let found: Vec<Value> = CLIENTS
            .iter()
            .filter(|client| asked.is_none_or(|asked| asked == client.id))
            .map(|client| json!({"id": uuid_of(client), "clientId": client.id, "publicClient": client.public, "enabled": client.enabled}))
            .collect();
        serve::json(200, &Value::Array(found))
    })
}

/// `GET /admin/realms/{realm}/users?username=&exact=true`.
pub(crate) async fn users(
    State(provider): State<Arc<Provider>>,
    Path(realm): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let form = Form::of_query(query);
    answer(&provider, &headers, &realm, "view-users", |_| {
        let asked = form.filled("username");
        let fits = |name: &str| {
            asked.is_none_or(|asked| if form.first("exact") == Some("true") { name == asked } else { name.contains(asked) })
        };
        let found: Vec<Value> = provider
            .realm
            .people
            .iter()
            .filter(|person| fits(&person.username))
            .map(|person| json!({"id": person.id, "username": person.username}))
            .collect();
        serve::json(200, &Value::Array(found))
    })
}

/// `GET …/clients/{id}/evaluate-scopes/generate-example-access-token?scope&userId&audience`: the content of the access token
/// the client would get for the user. Scopes and audiences it does not know are passed over, as the real server does.
pub(crate) async fn example_access_token(
    State(provider): State<Arc<Provider>>,
    Path((realm, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let form = Form::of_query(query);
    answer(&provider, &headers, &realm, "view-clients", |store| {
        let missing = |text: &str| serve::json(404, &json!({"error": text}));
        let Some(client) = CLIENTS.iter().find(|client| uuid_of(client) == id) else {
            return missing("Could not find client");
        };
        let Some(user) = form.filled("userId") else { return missing("No userId provided") };
        let Some(person) = provider.realm.person(user) else { return missing("No user found") };
        let known = |name: &&str| provider.realm.client(name).is_some();
        let audience: Vec<String> = words(form.first("audience").unwrap_or_default()).filter(known).map(str::to_owned).collect();
        let now = provider.world.now_s();
        let session = InSession { id: random::token(18), auth_time: None, by_cookie: false, ends: now + store.lifespans.sso_max };
        let order = Order {
            issuer: provider.issuer(),
            client,
            person,
            session: Some(&session),
            session_kind: "on",
            grant: "na",
            scope: form.first("scope").unwrap_or_default(),
            audience: &audience,
            now,
            lifespan: store.lifespans.access_token,
        };
        let minted = access(&provider, &order);
        let lacking: Vec<&str> = audience.iter().filter(|asked| !minted.audience.contains(asked)).map(String::as_str).collect();
        if !lacking.is_empty() {
            return missing(&format!("Requested audience not available: {}", lacking.join(", ")));
        }
        serve::json(200, &Value::Object(minted.claims))
    })
}

/// Answers if the bearer of the request may: a token of this realm that carries the role itself.
fn answer(
    provider: &Provider,
    headers: &HeaderMap,
    realm: &str,
    role: &str,
    serve_it: impl FnOnce(&Store) -> Response,
) -> Response {
    let store: MutexGuard<'_, Store> = lock(&provider.store);
    let valid = serve::bearer(headers).and_then(|token| provider.valid_access_token(&store, token));
    let Some(valid) = valid else {
        return serve::json(401, &json!({"error": "HTTP 401 Unauthorized"}));
    };
    // The roles of the token count, not those of the person: a narrowed token is a narrowed right.
    let roles = &valid.token.claims.get("resource_access").and_then(|owners| owners.pointer("/realm-management/roles"));
    if !roles.and_then(|roles| roles.as_array()).is_some_and(|roles| roles.contains(&json!(role))) {
        return serve::json(403, &json!({"error": "HTTP 403 Forbidden"}));
    }
    if realm != REALM {
        return serve::json(404, &json!({"error": "Realm not found."}));
    }
    serve_it(&store)
}

/// The id of a client in the admin API, which is not its client id. Made of its place in the table, so that it is stable.
fn uuid_of(client: &Client) -> String {
    uuid_of_id(client.id)
}

/// The same by the client id.
fn uuid_of_id(client: &str) -> String {
    let index = CLIENTS.iter().position(|other| other.id == client).unwrap_or_default();
    format!("b6cfa40e-9f4f-41d9-8002-{index:012x}")
}
