//! What an API would say beside its status: error code and `WWW-Authenticate` (RFC 6750 3, RFC 9449 7.1).

use super::{
    expectations::{Binding, Expectations},
    report::Check,
};

/// Error code for a status.
pub fn error(status: u16) -> Option<&'static str> {
    match status {
        401 => Some("invalid_token"),
        403 => Some("insufficient_scope"),
        _ => None,
    }
}

/// The header's value for the check that failed first.
pub fn challenge(status: u16, check: &Check, wanted: &Expectations) -> Option<String> {
    let error = error(status)?;
    let scheme = if wanted.binding == Binding::Dpop { "DPoP" } else { "Bearer" };
    let mut value = format!("{scheme} error=\"{error}\", error_description=\"{}\"", quotable(&check.title));
    if check.id == "scope" {
        value.push_str(&format!(", scope=\"{}\"", quotable(&wanted.scope.join(" "))));
    }
    Some(value)
}

/// RFC 6750 3: no quotes, no backslashes, nothing outside ASCII.
fn quotable(text: &str) -> String {
    let allowed = |letter: char| matches!(letter, ' '..='~') && letter != '"' && letter != '\\';
    text.chars().map(|letter| if allowed(letter) { letter } else { '?' }).collect()
}
