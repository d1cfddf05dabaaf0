//! Encrypted tokens (RFC 7516): the header is readable, the claims are not without the key.

use super::{
    Decoded, encoded,
    notes::{note, warning, wrong},
    read_header,
};
use crate::token::TokenFormat;

/// Reads the header and the sizes of a compact JWE.
pub fn read(parts: &[&str], size: usize) -> Decoded {
    let mut decoded = Decoded::empty(TokenFormat::Jwe, size);
    let header = encoded(&mut decoded, parts[0], "header");
    read_header(&mut decoded, header.as_deref());
    for (part, name) in parts[1..].iter().zip(["encrypted key", "initialization vector", "ciphertext", "tag"]) {
        encoded(&mut decoded, part, name);
    }
    describe(&mut decoded, parts[1].is_empty());
    decoded
}

/// Remarks on the header of an encrypted token.
pub fn describe(decoded: &mut Decoded, no_key: bool) {
    let header = decoded.header.clone().unwrap_or_default();
    let text = |name: &str| header.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let found = &mut decoded.findings;
    let detail = "The claims are encrypted: only the holder of the key reads them. The header is readable by anybody.";
    found.push(note("jwe", "Encrypted", detail, Some("RFC 7516")));
    let alg = text("alg");
    if alg == "dir" || alg.starts_with('A') || alg.starts_with("PBES2") {
        let detail = "Sender and receiver share the key, so it proves nothing about who of them wrote the token.";
        found.push(note("jwe-dir", "Shared key", detail, Some("RFC 7518 4.5")));
    }
    if alg == "RSA1_5" {
        let detail = "RSA1_5 is open to padding oracles; use RSA-OAEP-256 or ECDH-ES.";
        found.push(warning("jwe-rsa1-5", "RSA1_5", detail, Some("RFC 8725 3.2")));
    }
    if header.contains_key("zip") {
        let detail = "The content is compressed before encryption. Receivers must limit the size it grows to.";
        found.push(warning("jwe-zip", "Compressed", detail, Some("RFC 8725 3.6")));
    }
    if no_key != matches!(alg, "dir" | "ECDH-ES") && !alg.is_empty() {
        let detail = format!("With alg {alg} the encrypted key {}.", if no_key { "must not be empty" } else { "must be empty" });
        found.push(wrong("jwe-encrypted-key", "Encrypted key misplaced", &detail, Some("RFC 7516 5.2")));
    }
    if text("enc").is_empty() {
        found.push(wrong("jwe-no-enc", "No enc", "The header names no content encryption.", Some("RFC 7516 4.1.2")));
    }
    decoded.refuse("The token is encrypted, so its content can not be checked without the key.");
}
