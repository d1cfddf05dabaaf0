//! Refusals of the endpoints that clients ask, with the audit event of each.

use axum::response::Response;
use serde_json::{Value, json};

use super::realm::REALM;
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

    /// With a challenge in the answer (RFC 6749 section 5.2).
    pub fn challenging(self) -> Self {
        Refusal { challenge: true, ..self }
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
