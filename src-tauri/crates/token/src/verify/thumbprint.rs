//! The name of a key that follows from its numbers (RFC 7638): how a token says which key its holder must prove.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// SHA-256 thumbprint of a JWK in base64url; none when a member that counts is missing or no text.
pub fn thumbprint(jwk: &Map<String, Value>) -> Option<String> {
    // The members in the order RFC 7638 3.2 and RFC 8037 2 hash them.
    let names: &[&str] = match jwk.get("kty")?.as_str()? {
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        "RSA" => &["e", "kty", "n"],
        "oct" => &["k", "kty"],
        _ => return None,
    };
    let members: Option<Map<String, Value>> = names
        .iter()
        .map(|name| jwk.get(*name).filter(|value| value.is_string()).map(|value| ((*name).to_owned(), value.clone())))
        .collect();
    let canonical = Value::Object(members?).to_string();
    Some(URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes())))
}
