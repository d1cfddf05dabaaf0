//! Refusals of the gateway's OAuth endpoints.

use axum::response::Response;
use serde_json::json;

use super::state::Gateway;
use crate::serve;

/// A refused token request.
pub(crate) struct Refusal(pub u16, pub &'static str, pub String);

/// The error answer; `error_description` comes first at this server.
pub(crate) fn refused(gateway: &Gateway, Refusal(status, error, description): &Refusal) -> Response {
    let response = serve::json(*status, &json!({"error_description": description, "error": error}));
    if *status != 401 {
        return response;
    }
    let host = gateway.base.trim_start_matches("https://");
    serve::with_header(response, "www-authenticate", &format!("Basic realm={host}"))
}
