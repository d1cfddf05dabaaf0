//! Token introspection (RFC 7662), with Keycloak's answer: the token's own claims, and three members more.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::client_auth::authenticate;
use super::events::Draft;
use super::issue::finish;
use super::refusal::Refusal;
use super::state::Provider;
use super::store::Store;
use crate::form::Form;
use crate::serve;
use crate::world::lock;

/// `POST .../token/introspect`.
pub(crate) async fn endpoint(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let mut draft = Draft::new("INTROSPECT_TOKEN");
    let mut store = lock(&provider.store);
    let result = introspect(&provider, &headers, &form, &mut store, &mut draft);
    finish(&provider, &mut store, draft, &result);
    match result {
        Ok(answer) => serve::json(200, &answer),
        Err(refusal) => refusal.response(),
    }
}

fn introspect(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Form,
    store: &mut Store,
    draft: &mut Draft,
) -> Result<Value, Refusal> {
    let client = authenticate(provider, headers, form, &mut draft.client)?;
    draft.detail("client_auth_method", "client-secret");
    if client.public {
        return Err(Refusal::new(403, "invalid_request", "Client not allowed.", "invalid_client").because_so());
    }
    let Some(text) = form.first("token") else {
        return Err(Refusal::new(400, "invalid_request", "Token not provided.", "invalid_request").because_so());
    };
    if let Some(refresh) = provider.refresh_token(text) {
        return Ok(refresh_answer(provider, store, client.id, &refresh));
    }
    let inactive = json!({"active": false});
    let Some(valid) = provider.valid_access_token(store, text) else {
        return Ok(inactive);
    };
    // Since 26.6.2 a client may only look into tokens meant for it.
    if !valid.token.audience().iter().any(|one| one == client.id) {
        return Ok(inactive);
    }
    draft.user = Some(valid.person.id.to_owned());
    draft.session = valid.token.text("sid").map(str::to_owned);
    let mut answer = valid.token.claims;
    answer.insert("client_id".to_owned(), json!(valid.client.id));
    answer.insert("username".to_owned(), json!(valid.person.username));
    answer.insert("token_type".to_owned(), json!("Bearer"));
    answer.insert("active".to_owned(), json!(true));
    Ok(Value::Object(answer))
}

/// A refresh token is for the client that holds it, and active as long as it could still be used.
fn refresh_answer(provider: &Provider, store: &Store, client: &str, token: &crate::jose::Parsed) -> Value {
    let now = provider.world.now_s();
    let held = token.text("sid").and_then(|sid| store.live(sid, now)).and_then(|session| session.clients.get(client));
    let unused = held.is_some_and(|held| !held.used_refresh.iter().any(|used| Some(used.as_str()) == token.text("jti")));
    if !unused || token.text("azp") != Some(client) || token.number("exp").unwrap_or_default() <= now {
        return json!({"active": false});
    }
    let mut answer = token.claims.clone();
    answer.insert("client_id".to_owned(), json!(client));
    answer.insert("active".to_owned(), json!(true));
    Value::Object(answer)
}
