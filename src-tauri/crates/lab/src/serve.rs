//! Answers as all servers of the lab give them, and credentials as all of them read them.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

/// Headers as text pairs in the order the library keeps them.
pub(crate) fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

/// A JSON answer. Every JSON answer of these servers is about tokens, so none is to be stored (RFC 6749 section 5.1).
pub(crate) fn json(status: u16, body: &Value) -> Response {
    let mut response = text(status, "application/json", body.to_string());
    response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, axum::http::HeaderValue::from_static("no-cache"));
    response
}

/// An answer with a body of the given media type.
pub(crate) fn text(status: u16, media_type: &'static str, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, media_type)], body).into_response()
}

/// Adds a header whose value we made ourselves; one that can not be a header value is left out.
pub(crate) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    if let Ok(value) = value.parse() {
        response.headers_mut().append(name, value);
    }
    response
}

/// The token of an `Authorization: Bearer` header (RFC 6750 section 2.1); the scheme is case-insensitive.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("authorization")?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The id and secret of `Authorization: Basic`, both form-decoded as RFC 6749 section 2.3.1 asks.
/// None without such a header, an error when it can not be read.
pub(crate) fn basic(headers: &HeaderMap) -> Option<Result<(String, String), ()>> {
    use base64::Engine as _;
    let value = headers.get("authorization")?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(credentials.trim()).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = text.as_deref().and_then(|text| text.split_once(':'));
    Some(pair.map(|(id, secret)| (form_decoded(id), form_decoded(secret))).ok_or(()))
}

fn form_decoded(text: &str) -> String {
    // One value without a name parses as a name with an empty value; `=` and `&` inside would end it early.
    let guarded = text.replace('=', "%3D").replace('&', "%26");
    url::form_urlencoded::parse(guarded.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}
