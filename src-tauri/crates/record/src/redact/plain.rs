//! Redaction of running text and of addresses.

use url::Url;

use super::{
    mask::{DOTS, Nets},
    names,
    needles::{KnownSecrets, Needles},
    scan::redacted,
    tells::tells,
};
use crate::encode::form_decode;

/// An address with everything secret in its path, query, fragment and user part masked.
pub fn url(url: &Url, known: &KnownSecrets) -> String {
    address(url.as_str(), known.needles())
}

/// The same for an address as text, or a part of one; a broken one as well.
pub fn url_text(text: &str, known: &KnownSecrets) -> String {
    address(text, known.needles())
}

/// Running text: known values, `name=value` and `"name": "value"` by name, and everything that looks like a credential.
pub fn text(text: &str, known: &KnownSecrets) -> String {
    running(text, known.needles())
}

/// What a token says, or is said of one: known values, and what looks like a token or a key. Words that merely sound like
/// credentials stay.
pub fn claim(text: &str, known: &KnownSecrets) -> String {
    redacted(text, known.needles(), Nets::Claims)
}

pub(super) fn running(text: &str, needles: &Needles) -> String {
    redacted(text, needles, Nets::All)
}

/// An address as text, parsed only as far as needed, so that broken ones are redacted as well.
pub(super) fn address(address: &str, needles: &Needles) -> String {
    // First as a whole, so that no secret is torn apart by a sign in it.
    let address = running(address, needles);
    let (address, fragment) = address.split_once('#').map_or((address.as_str(), None), |(a, f)| (a, Some(f)));
    let (base, query) = address.split_once('?').map_or((address, None), |(a, q)| (a, Some(q)));
    let mut out = match base.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '\\']).unwrap_or(rest.len());
            let host = match rest[..end].rsplit_once('@') {
                Some((_, host)) => format!("{DOTS}@{host}"),
                None => rest[..end].to_owned(),
            };
            format!("{scheme}://{host}{}", path(&rest[end..]))
        }
        None => path(base),
    };
    for (sign, part) in [('?', query), ('#', fragment)] {
        if let Some(part) = part {
            out.push(sign);
            out.push_str(&pairs(part, needles));
        }
    }
    out
}

/// A path; a part of it that looks like a key (`/hooks/T0/B0/4fT9sKq2LmN8pQr1`) is one, and so is one that is told to be
/// (`/reset-password/k7Rb2x`, `/pathsecret-X7k2`).
fn path(path: &str) -> String {
    let (mut told, mut hook) = (false, false);
    let mut out = Vec::new();
    for part in path.split('/') {
        let small = part.to_ascii_lowercase();
        let tells = SECRET_IN_PATH.iter().any(|word| small.contains(word));
        let digits = part.bytes().any(|byte| byte.is_ascii_digit()) && part.bytes().any(|byte| byte.is_ascii_alphabetic());
        let value = digits && part.len() >= SHORTEST_IN_PATH && !is_id(part);
        out.push(if names::opaque(part) || value && (told || tells) { DOTS } else { part });
        // Behind a hook stand an id and then what opens it.
        hook |= small.ends_with("hook") || small.ends_with("hooks");
        told = tells || hook || AHEAD_OF_SECRET.contains(&small.as_str());
    }
    out.join("/")
}

/// Shortest part of a path that is a secret because of its name or of what stands before it, in bytes.
const SHORTEST_IN_PATH: usize = 6;
/// Words in a part of a path that make one of it, or of the next, if it has digits.
const SECRET_IN_PATH: [&str; 7] = ["secret", "token", "passw", "apikey", "api-key", "api_key", "credential"];
/// Parts of a path that are followed by what opens something by itself.
const AHEAD_OF_SECRET: [&str; 8] = ["reset", "invite", "invitation", "confirm", "activate", "magic", "otp", "key"];

/// An id as RFC 9562 writes it: it names something and opens nothing.
fn is_id(part: &str) -> bool {
    part.len() == 36 && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// What the names and looks of parameters tell, of a query that was read as text before.
fn pairs(query: &str, needles: &Needles) -> String {
    let masked: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value))
                if secret_parameter(name) && !value.is_empty() && !value.starts_with('[') && !tells(value.as_bytes()) =>
            {
                format!("{name}={DOTS}")
            }
            Some((name, value)) if names::opaque(value) && !names::public_parameter(name) => format!("{name}={DOTS}"),
            // However short it is, a known value may stand alone.
            Some((name, value)) => match needles.whole(&form_decode(value)) {
                Some(evidence) => format!("{name}={}", evidence.as_deref().unwrap_or(DOTS)),
                None => pair.to_owned(),
            },
            None => pair.to_owned(),
        })
        .collect();
    masked.join("&")
}

/// Whether a parameter is masked, also inside brackets (`user[password]`).
pub(super) fn secret_parameter(name: &str) -> bool {
    let name = form_decode(name);
    let inner = name.rsplit('[').next().unwrap_or_default().trim_end_matches(']');
    // The key of an API is called so in a query and a form; elsewhere the word names too much else.
    names::sensitive_parameter(&name) || names::sensitive_parameter(inner) || inner.eq_ignore_ascii_case("key")
}

/// The value at a path of claims or of a header, unless its name or its looks say that it is a secret.
pub fn claim_value(path: &str, value: String) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    if names::sensitive_member(name) && !value.is_empty() && value != "=" {
        return DOTS.into();
    }
    claim(&value, &KnownSecrets::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_path_is_masked_and_what_names_something_stays() {
        let none = KnownSecrets::default();
        for path in [
            "/orders/pathsecret-PLANT1/x",
            "/hooks/T01/k7Rb2x9Q",
            "/reset/k7Rb2x/now",
            "/api/secrets/hunter2-9",
            "/v1/apikey/abc123def/use",
            "/magic/1a2b3c",
            "/x/my-token-42x",
            "/password-reset/9f8e7d6c",
        ] {
            let shown = url_text(&format!("https://api.example.org{path}?page=2"), &none);
            assert!(
                shown.contains(DOTS) && shown.starts_with("https://api.example.org/") && shown.ends_with("?page=2"),
                "{path}: {shown}"
            );
        }
        for path in [
            "/realms/shop/protocol/openid-connect/token/introspect",
            "/oauth2/token",
            "/oauth2/v2.0/token",
            "/api/am/devportal/v3/applications/0f5c9a11-2222-4333-8444-5555b318aaaa/oauth-keys/0f5c9a11-2222-4333-8444-5555b318aaaa/secrets",
            "/realms/shop/login-actions/reset-credentials",
            "/secrets/v1/list",
            "/orders/2026-11-30/lines/17",
            "/admin/realms/platform2/users/alice77",
            "/token/0f5c9a11-2222-4333-8444-5555b318aaaa",
        ] {
            let url = format!("https://api.example.org{path}");
            assert_eq!(url_text(&url, &none), url);
        }
    }
}
