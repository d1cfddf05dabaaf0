//! Who is asking: client authentication at the token, introspection, revocation and logout endpoints.
//!
//! Client secret by Basic header or in the body (RFC 6749 section 2.3.1), nothing else; the two names Keycloak gives one
//! failure (`unauthorized_client` for a bad secret, `invalid_client` for an unknown client) are kept.

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::Provider;
use super::assertion;
use super::realm::{Client, Proof, REALM};
use crate::form::Form;
use crate::serve;

/// A refused request: what the caller reads and what the audit event says.
pub(crate) struct Refusal {
    pub status: u16,
    pub error: &'static str,
    pub description: String,
    /// The `error` of the audit event; none when Keycloak writes no event.
    pub event: Option<&'static str>,
    /// The event's `reason` detail.
    pub reason: Option<String>,
    /// A member of the body beyond the two of RFC 6749 5.2.
    more: Option<Box<(&'static str, String)>>,
    challenge: bool,
}

impl Refusal {
    pub fn new(status: u16, error: &'static str, description: impl Into<String>, event: &'static str) -> Self {
        Refusal { status, error, description: description.into(), event: Some(event), reason: None, more: None, challenge: false }
    }

    /// A refusal Keycloak writes no event for.
    pub fn silent(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Refusal { event: None, ..Refusal::new(status, error, description, "") }
    }

    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The usual case: the reason is the description.
    pub fn because_so(self) -> Self {
        let reason = self.description.clone();
        self.because(reason)
    }

    /// With another member in the body.
    pub fn with(self, name: &'static str, value: String) -> Self {
        Refusal { more: Some(Box::new((name, value))), ..self }
    }

    pub fn body(&self) -> Value {
        let mut body = json!({"error": self.error, "error_description": self.description});
        if let Some((name, value)) = self.more.as_deref() {
            body[*name] = json!(value);
        }
        body
    }

    pub fn response(&self) -> Response {
        let response = serve::json(self.status, &self.body());
        if !self.challenge {
            return response;
        }
        serve::with_header(response, "www-authenticate", &format!("Basic realm=\"{REALM}\""))
    }
}

/// Finds and authenticates the client of a request. `named` is filled as soon as an id is known, for the event.
pub(crate) fn authenticate(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Form,
    named: &mut Option<String>,
) -> Result<&'static Client, Refusal> {
    const TEXT: &str = "Invalid client or Invalid client credentials";
    let realm = &provider.realm;
    let (id, secret) = match serve::basic(headers) {
        Some(Ok((id, secret))) => (Some(id), Some(secret)),
        Some(Err(())) => {
            let refusal = Refusal::new(401, "invalid_client", TEXT, "invalid_client_credentials");
            return Err(Refusal { challenge: true, ..refusal });
        }
        None => {
            // RFC 7523 3: the client may be named by its assertion alone.
            let named = form.filled("client_id").map(str::to_owned).or_else(|| assertion::subject(form));
            (named, form.first("client_secret").map(str::to_owned))
        }
    };
    let Some(id) = id else {
        return Err(Refusal::new(400, "invalid_client", "Missing client_id parameter", "invalid_client_credentials"));
    };
    *named = Some(id.clone());
    let Some(client) = realm.client(&id) else {
        return Err(Refusal::new(401, "invalid_client", TEXT, "client_not_found"));
    };
    if !client.enabled {
        return Err(Refusal::new(401, "invalid_client", TEXT, "client_disabled"));
    }
    if client.public {
        return Ok(client);
    }
    if client.proof != Proof::Secret {
        return assertion::check(provider, client, form).map(|()| client);
    }
    let right = realm.secret(client.id).zip(secret).is_some_and(|(right, given)| right.as_bytes().ct_eq(given.as_bytes()).into());
    if !right {
        return Err(Refusal::new(401, "unauthorized_client", TEXT, "invalid_client_credentials"));
    }
    Ok(client)
}
