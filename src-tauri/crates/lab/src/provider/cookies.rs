//! The two cookies of the provider, and reading cookies at all.

use axum::http::HeaderMap;
use axum::response::Response;

use super::store::Store;
use crate::serve;

/// The single sign-on session of a browser.
pub(crate) const IDENTITY: &str = "KEYCLOAK_IDENTITY";
/// Ties a login form to the browser it was shown in.
pub(crate) const LOGIN: &str = "AUTH_SESSION_ID";

/// The value of a cookie of the request.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all("cookie").into_iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
}

/// The live session of the browser that sent these headers.
pub(crate) fn browser_session(store: &Store, headers: &HeaderMap, now: i64) -> Option<String> {
    value(headers, IDENTITY).and_then(|value| store.by_cookie(value, now)).map(|session| session.id.clone())
}

/// Cookies for this realm only, out of reach of scripts. No `Secure`: the lab speaks plain http on loopback.
pub(crate) fn set(response: Response, realm: &str, name: &str, value: &str) -> Response {
    let cookie = format!("{name}={value}; Path=/realms/{realm}/; HttpOnly; SameSite=Lax");
    serve::with_header(response, "set-cookie", &cookie)
}
