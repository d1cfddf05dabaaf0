//! Access tokens of Entra for Microsoft's own APIs: their header has a `nonce`, and the signature covers the header with the
//! base64url SHA-256 of that nonce in its place. Whoever verifies the token as it stands finds the signature bad; only the API it is
//! for knows the trick, and that is its purpose.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::decode::Signed;

/// What was signed if the nonce of the header stands for its hash; none where the header has no such nonce.
pub(super) fn hashed(header: &Map<String, Value>, signed: &Signed) -> Option<Signed> {
    let nonce = header.get("nonce")?.as_str().filter(|nonce| !nonce.is_empty())?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&signed.protected).ok()?).ok()?;
    // In the bytes as they came, so that order and blanks of the header stay.
    let written = Value::from(nonce).to_string();
    let member = text.find("\"nonce\"")?;
    let at = member + text[member..].find(&written)?;
    let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, nonce.as_bytes()));
    let header = format!("{}\"{hash}\"{}", &text[..at], &text[at + written.len()..]);
    let protected = URL_SAFE_NO_PAD.encode(header);
    let payload = signed.input.strip_prefix(&signed.protected)?;
    Some(Signed { input: format!("{protected}{payload}"), protected, ..signed.clone() })
}
