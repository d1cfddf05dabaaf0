//! Encrypted tokens (RFC 7516): the header is readable, the claims are not without the key.

use serde_json::{Map, Value};

use super::{
    decoded::{Decoded, Sealed},
    notes::{note, warning, wrong},
    parts::{encoded, read_header},
    signed::merge,
};
use crate::inspect::TokenFormat;

/// More recipients than this are not read: each costs a try with every key.
pub const MAX_RECIPIENTS: usize = 16;

/// Reads the header and the parts of a compact JWE.
pub fn read(parts: &[&str], size: usize) -> Decoded {
    let mut decoded = Decoded::empty(TokenFormat::Jwe, size);
    let header = encoded(&mut decoded, parts[0], "header");
    read_header(&mut decoded, header.as_deref());
    let mut rest = parts[1..].iter().zip(["encrypted key", "initialization vector", "ciphertext", "tag"]);
    let mut next = || rest.next().and_then(|(part, name)| encoded(&mut decoded, part, name)).unwrap_or_default();
    let key = next();
    let (iv, ciphertext, tag) = (next(), next(), next());
    let header = decoded.header.clone().unwrap_or_default();
    describe(&mut decoded, key.is_empty());
    decoded.sealed =
        Some(Sealed { protected: parts[0].to_owned(), aad: None, iv, ciphertext, tag, recipients: vec![(header, key)] });
    decoded
}

/// Reads a JSON serialisation, general or flattened (RFC 7516 7.2).
pub fn serialised(outer: &Map<String, Value>, size: usize) -> Decoded {
    let mut decoded = Decoded::empty(TokenFormat::Jwe, size);
    let text = |object: &Map<String, Value>, name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let protected = text(outer, "protected");
    if !protected.is_empty() {
        let bytes = encoded(&mut decoded, &protected, "header");
        read_header(&mut decoded, bytes.as_deref());
    }
    if let Some(shared) = outer.get("unprotected").and_then(Value::as_object) {
        merge(&mut decoded, shared);
    }
    let all: Vec<&Map<String, Value>> = match outer.get("recipients").and_then(Value::as_array) {
        Some(list) => list.iter().filter_map(Value::as_object).collect(),
        None => vec![outer],
    };
    let common = decoded.clone();
    let mut recipients = Vec::new();
    for one in all.iter().take(MAX_RECIPIENTS) {
        let mut read = common.clone();
        if let Some(own) = one.get("header").and_then(Value::as_object) {
            merge(&mut read, own);
        }
        let key = encoded(&mut read, &text(one, "encrypted_key"), "encrypted key").unwrap_or_default();
        recipients.push((read.header.clone().unwrap_or_default(), key));
        // What is shown is the first recipient; the remarks on all of them count.
        if recipients.len() == 1 {
            decoded = read;
        } else {
            decoded.findings.extend(read.findings.into_iter().skip(common.findings.len()));
            decoded.signed.refuse = decoded.signed.refuse.take().or(read.signed.refuse);
        }
    }
    if all.len() > 1 {
        let detail = format!("The content is encrypted for {} recipients; the header of the first one is shown.", all.len());
        decoded.findings.push(note("several-recipients", "Several recipients", &detail, Some("RFC 7516 7.2.1")));
    }
    let mut part = |name: &str, words: &str| encoded(&mut decoded, &text(outer, name), words).unwrap_or_default();
    let (iv, ciphertext, tag) = (part("iv", "initialization vector"), part("ciphertext", "ciphertext"), part("tag", "tag"));
    let aad = outer.get("aad").and_then(Value::as_str).map(str::to_owned);
    describe(&mut decoded, recipients.first().is_none_or(|(_, key)| key.is_empty()));
    decoded.sealed = Some(Sealed { protected, aad, iv, ciphertext, tag, recipients });
    decoded
}

/// Remarks on the header of an encrypted token.
fn describe(decoded: &mut Decoded, no_key: bool) {
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
        let detail = format!(
            "With alg {} the encrypted key {}.",
            crate::shown::shown(alg),
            if no_key { "must not be empty" } else { "must be empty" }
        );
        found.push(wrong("jwe-encrypted-key", "Encrypted key misplaced", &detail, Some("RFC 7516 5.2")));
    }
    if text("enc").is_empty() {
        found.push(wrong("jwe-no-enc", "No enc", "The header names no content encryption.", Some("RFC 7516 4.1.2")));
    }
}
