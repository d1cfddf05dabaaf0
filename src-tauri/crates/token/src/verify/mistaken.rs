//! What people paste instead of a key, told by its form: each with what to paste in its place.

use serde_json::Value;

use crate::{
    bounded,
    decode::{self, json},
};

/// What was pasted instead of a key, in a sentence.
pub(super) fn mistaken(text: &str) -> Option<&'static str> {
    if let Ok((value, _)) = json::read(text.as_bytes()) {
        let has = |name: &str| value.get(name).is_some();
        let empty = |value: &Value| match value {
            Value::Array(list) => list.is_empty(),
            Value::Object(object) => object.is_empty(),
            other => other.is_null(),
        };
        return match () {
            () if value.get("keys").is_some_and(empty) => Some("The set of keys has no keys in it. Read it again at its server."),
            () if has("jwks_uri") => Some(
                "These are a server's metadata. The keys stand at the address its jwks_uri names; paste what that answers, or connect to the server.",
            ),
            () if has("error") => {
                Some("This is an answer with an error, and no keys stand in it. Check the address it came from.")
            }
            () if has("alg") && !has("kty") => {
                Some("This is the header of a token, which only names a key by its kid. Paste the key itself.")
            }
            () => None,
        };
    }
    let small = bounded::up_to(text, 400).to_ascii_lowercase();
    let word = !text.contains(char::is_whitespace);
    if word && (small.starts_with("https://") || small.starts_with("http://")) {
        return Some("This is an address. Paste what it answers, or connect to the server: its keys are read then.");
    }
    if small.starts_with("<!doctype html") || small.contains("<html") {
        return Some("This is a web page and no key: a log in page, or an error where the keys were due.");
    }
    let bare = text.trim_start_matches("Bearer ").trim();
    if bare.matches('.').count() == 2 && decode::decode(bare).header.is_some() {
        return Some("This is a token and no key. Paste the key of whoever issued it.");
    }
    let pairs = text.split(':').count();
    let hex = text.split(':').all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
    ((hex && matches!(pairs, 16 | 20 | 32)) || text.starts_with("SHA256:") || text.starts_with("MD5:"))
        .then_some("This is a fingerprint, which names a key and is none. Paste the key or the certificate itself.")
}
