//! Reading what a token endpoint answered (RFC 6749 5.1 and 5.2, RFC 8693 2.2).
//!
//! A refusal is a value like any other. An answer that is neither a token nor a refusal gets an id and a
//! sentence of its own, because "invalid response" helps nobody to find the proxy in between.

use serde_json::Value;

use super::json::{self, NotObject};
use crate::{operation::Pair, secret::Secret};

/// What a token endpoint issued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenResponse {
    /// `access_token`; in an exchange the issued token whatever its kind (RFC 8693 2.2.1).
    pub access_token: Option<Secret>,
    /// `id_token` (OpenID Connect Core 3.1.3.3).
    pub id_token: Option<Secret>,
    /// `refresh_token`.
    pub refresh_token: Option<Secret>,
    /// `token_type`, e.g. `Bearer`, `DPoP`, `N_A`.
    pub token_type: Option<String>,
    /// `expires_in`, seconds.
    pub expires_in: Option<i64>,
    /// `refresh_expires_in` (Keycloak), seconds; 0 = not issued or no end.
    pub refresh_expires_in: Option<i64>,
    /// `scope`; absent = as asked for.
    pub scope: Option<String>,
    /// `issued_token_type` (RFC 8693 2.2.1).
    pub issued_token_type: Option<String>,
    /// Members without a meaning here, in order; those named like secrets carry dots.
    pub other: Vec<Pair>,
}

/// A refusal in the words of RFC 6749 5.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OAuthError {
    /// `error`.
    pub error: String,
    /// `error_description`.
    pub description: Option<String>,
    /// `error_uri`.
    pub uri: Option<String>,
}

/// How an answer reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<T> {
    /// As it should be.
    Ok(T),
    /// The server said no, in the form the RFC gives.
    Refused(OAuthError),
    /// Neither; with a stable id, what happened, and what to do.
    Malformed {
        /// Stable, e.g. `token-html`.
        id: &'static str,
        /// What came instead.
        message: String,
        /// What to do.
        advice: String,
    },
}

/// Reads the answer of a token endpoint.
pub fn read_token_response(status: u16, content_type: &str, body: &[u8]) -> Reading<TokenResponse> {
    if (300..400).contains(&status) {
        return malformed(
            "token-redirect",
            format!(
                "The token endpoint answered with a redirect ({status}), which a token endpoint must not do; it was not followed."
            ),
            "Take the token endpoint from the server's metadata. A redirect usually means http instead of https, another host name, or a login page of a proxy in front.",
        );
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return malformed(
            "token-empty",
            format!("The token endpoint answered {status} with an empty body."),
            "Check that the address is the token endpoint, and the server's log for this time.",
        );
    }
    let object = match json::object(body) {
        Ok(object) => object,
        Err(_) if json::is_html(content_type, body) && status >= 500 => {
            return malformed(
                "token-server-error-html",
                format!("The token endpoint answered {status} with an HTML error page instead of JSON."),
                "The server or a proxy in front of it failed. Read the server's log for this time, then try again.",
            );
        }
        Err(_) if json::is_html(content_type, body) => {
            return malformed(
                "token-html",
                format!("The token endpoint answered {status} with an HTML page instead of JSON."),
                "The address is probably a login or error page. Take the token endpoint from the server's metadata.",
            );
        }
        Err(_) if content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") => {
            return malformed(
                "token-form-encoded",
                format!("The token endpoint answered {status} in form encoding instead of JSON."),
                "RFC 6749 5.1 asks for JSON. Some servers give it only for the header Accept: application/json.",
            );
        }
        Err(_) if content_type.to_ascii_lowercase().contains("xml") || body.trim_ascii_start().starts_with(b"<") => {
            return malformed(
                "token-xml",
                format!("The token endpoint answered {status} with XML instead of JSON."),
                "The address is probably that of a SOAP service or of an API at the gateway. Take the token endpoint from the server's metadata; WSO2's is on the control plane, as it comes https://localhost:9443/oauth2/token.",
            );
        }
        Err(NotObject::Syntax(place)) => {
            return malformed(
                "token-invalid-json",
                format!("The token endpoint answered {status}, and the body is not valid JSON ({place})."),
                "Look at the response below. A proxy may have cut or changed it; otherwise it is a fault of the server.",
            );
        }
        Err(NotObject::Type(kind)) => {
            return malformed(
                "token-not-object",
                format!("The token endpoint answered {status} with {kind} where a JSON object is due."),
                "Check that the address is the token endpoint.",
            );
        }
    };
    if let Some(name) = object.repeated.first() {
        return malformed(
            "token-duplicate-member",
            format!(
                "The answer has the member \"{name}\" more than once, so two readers could see two values; nothing of it was used."
            ),
            "This is a fault of the server or of something that changes its answers.",
        );
    }
    let members = object.members;
    let refusal = refusal(&members);
    match refusal {
        Some(error) if (200..300).contains(&status) => {
            let description = error.description.map(|text| format!(": {text}")).unwrap_or_default();
            malformed(
                "token-error-with-200",
                format!(
                    "The token endpoint answered {status}, as if it had worked, but with the error {}{description}.",
                    error.error
                ),
                "Treat it as a refusal. RFC 6749 5.2 asks for status 400 or 401; this server does not keep to it.",
            )
        }
        Some(error) => Reading::Refused(error),
        None if status == 404 => malformed(
            "token-not-there",
            "The server answered 404: there is no token endpoint at this address.".to_owned(),
            "Take the address from the server's metadata. WSO2 4.0 and later has none on the gateway's port; it is on the control plane, as it comes https://localhost:9443/oauth2/token.",
        ),
        None if !(200..300).contains(&status) => malformed(
            "token-refused-without-error",
            format!("The token endpoint answered {status} without the member \"error\", so it does not say why."),
            "Read the response below and the server's log for this time.",
        ),
        None => issued(members),
    }
}

/// The refusal in an object: the RFC's form, or the nested one some cloud services use.
fn refusal(members: &serde_json::Map<String, Value>) -> Option<OAuthError> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    match members.get("error")? {
        Value::String(error) => Some(OAuthError {
            error: error.clone(),
            description: text(members.get("error_description")),
            uri: text(members.get("error_uri")),
        }),
        Value::Object(nested) => Some(OAuthError {
            error: text(nested.get("status")).or_else(|| nested.get("code").map(plain)).unwrap_or_else(|| "error".into()),
            description: text(nested.get("message")),
            uri: None,
        }),
        Value::Null => None,
        other => Some(OAuthError { error: plain(other), description: text(members.get("error_description")), uri: None }),
    }
}

fn issued(mut members: serde_json::Map<String, Value>) -> Reading<TokenResponse> {
    match members.get("access_token") {
        None => {
            return malformed(
                "token-missing",
                "The token endpoint answered 200, but there is no access_token in the answer.".into(),
                "RFC 6749 5.1 requires it. Check that the address is the token endpoint, and which grant the client is allowed.",
            );
        }
        Some(Value::String(text)) if !text.is_empty() => {}
        Some(_) => {
            return malformed(
                "token-not-text",
                "The access_token in the answer is not a text or is empty.".into(),
                "RFC 6749 5.1 asks for a string. This is a fault of the server.",
            );
        }
    }
    // `shift_remove` keeps the order of what is left, which `other` shows.
    let secret = |members: &mut serde_json::Map<String, Value>, name: &str| match members.shift_remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(Secret::new(text)),
        _ => None,
    };
    let text = |members: &mut serde_json::Map<String, Value>, name: &str| match members.shift_remove(name) {
        Some(Value::String(text)) => Some(text),
        Some(Value::Array(items)) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
        _ => None,
    };
    let numbers = ["expires_in", "refresh_expires_in"].map(|name| {
        let value = members.get(name).and_then(json::seconds);
        if value.is_some() {
            members.shift_remove(name);
        }
        value
    });
    Reading::Ok(TokenResponse {
        access_token: secret(&mut members, "access_token"),
        id_token: secret(&mut members, "id_token"),
        refresh_token: secret(&mut members, "refresh_token"),
        token_type: text(&mut members, "token_type"),
        expires_in: numbers[0],
        refresh_expires_in: numbers[1],
        scope: text(&mut members, "scope"),
        issued_token_type: text(&mut members, "issued_token_type"),
        other: members
            .iter()
            .map(|(name, value)| Pair {
                name: name.clone(),
                value: if crate::redact::sensitive_member(name) { crate::redact::DOTS.into() } else { plain(value) },
            })
            .collect(),
    })
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn malformed<T>(id: &'static str, message: String, advice: &str) -> Reading<T> {
    Reading::Malformed { id, message, advice: advice.into() }
}
