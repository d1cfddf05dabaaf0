//! What the gateway did behind a call, for whoever made the call.
//!
//! Simulation only: a real gateway keeps this in logs its operator reads. `GET /lab/activity/{id}` gives the HTTP
//! exchanges the gateway itself made under an `activityid`, with every token and secret replaced by a note of what it
//! was; the token's subject, holder, audience and id stay, since those are the point.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Value, json};

use super::state::{Exchange, Gateway};
use crate::form::Form;
use crate::world::lock;
use crate::{jose, random, serve};

/// Calls whose activity is kept.
const KEPT: usize = 500;

/// The id of the call being handled, echoed in its answer as WSO2 echoes it.
#[derive(Clone)]
pub(crate) struct ActivityId(pub String);

/// Gives every request an id, the caller's own if it sent a usable one, and puts it on the answer.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    let sent = request.headers().get("activityid").and_then(|value| value.to_str().ok());
    let usable = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let id = sent.filter(usable).map_or_else(random::uuid, str::to_owned);
    request.extensions_mut().insert(ActivityId(id.clone()));
    serve::with_header(next.run(request).await, "activityid", &id)
}

/// `GET /lab/activity/{id}`: the exchanges of that call in order; empty when the gateway made none or forgot.
pub(crate) async fn read(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>) -> Response {
    let state = lock(&gateway.state);
    let found: Vec<&Exchange> = state.activities.iter().filter(|(one, _)| *one == id).flat_map(|(_, made)| made).collect();
    serve::json(200, &json!(found))
}

/// Keeps an exchange under the id of the call it was made for.
pub(crate) fn keep(gateway: &Gateway, Extension(ActivityId(id)): &Extension<ActivityId>, exchange: Exchange) {
    let activities = &mut lock(&gateway.state).activities;
    if let Some((_, made)) = activities.iter_mut().rev().find(|(one, _)| one == id) {
        made.push(exchange);
        return;
    }
    if activities.len() == KEPT {
        activities.pop_front();
    }
    activities.push_back((id.clone(), vec![exchange]));
}

/// What may be said about a token.
pub(crate) fn describe(token: &str) -> String {
    let Some(parsed) = jose::parse(token) else {
        return "[opaque token]".to_owned();
    };
    let kind = match parsed.text("typ") {
        Some("Refresh") => "refresh token",
        Some("ID") => "ID token",
        _ if parsed.text("iss") == Some(crate::api::GATEWAY_ISSUER) => "gateway statement",
        _ => "access token",
    };
    let sub = parsed.text("preferred_username").or(parsed.text("sub")).unwrap_or("none");
    let mut text = format!("[{kind}, sub {sub}");
    if let Some(azp) = parsed.text("azp") {
        text.push_str(&format!(", azp {azp}"));
    }
    let audience = parsed.audience();
    if !audience.is_empty() {
        text.push_str(&format!(", aud {}", audience.join(" ")));
    }
    text.push_str(&format!(", jti {}]", parsed.text("jti").unwrap_or("none")));
    text
}

/// Headers with what must not be seen replaced.
pub(crate) fn safe_headers(headers: &[(String, String)]) -> Vec<[String; 2]> {
    let safe = |(name, value): &(String, String)| {
        let shown = match (name.as_str(), value.split_once(' ')) {
            ("authorization", Some(("Bearer", token))) => format!("Bearer {}", describe(token)),
            ("authorization", Some((scheme, _))) => {
                format!("{scheme} [credentials of client gateway]")
            }
            ("x-jwt-assertion", _) => describe(value),
            ("cookie" | "set-cookie", _) => "[cookie]".to_owned(),
            _ => value.clone(),
        };
        [name.clone(), shown]
    };
    headers.iter().map(safe).collect()
}

/// A form body with tokens and secrets replaced; it is text to read, not to send again.
pub(crate) fn safe_form(body: &str) -> String {
    let form = Form::parse(body.as_bytes());
    let pairs = form.pairs().iter().map(|(name, value)| match name.as_str() {
        "subject_token" | "actor_token" | "token" | "assertion" | "refresh_token" => {
            format!("{name}={}", describe(value))
        }
        "client_secret" | "password" => format!("{name}=[secret]"),
        _ => format!("{name}={value}"),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A JSON body with tokens replaced; any other body unchanged.
pub(crate) fn safe_body(body: &str) -> String {
    let Ok(Value::Object(mut members)) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    for name in ["access_token", "refresh_token", "id_token"] {
        if let Some(value) = members.get_mut(name) {
            *value = json!(describe(value.as_str().unwrap_or_default()));
        }
    }
    Value::Object(members).to_string()
}
