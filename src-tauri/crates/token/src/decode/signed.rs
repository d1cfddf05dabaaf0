//! One signature over one payload: reading it, and what a verifier needs of it afterwards.
//!
//! The payload is base64url, or, with `b64` false (RFC 7797), the text itself; it may also be missing because it
//! travels elsewhere (RFC 7515 Appendix F). Which of these it is decides what the signature was made over, so all
//! three are told apart here and nowhere else.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    decoded::Decoded,
    json,
    notes::{self, note, warning, wrong},
    parts::{encoded, read_header},
    segment,
};
use crate::{inspect::TokenFormat, shown::shown};

/// A signature with its header and what it signs, as the serialisation gave them.
pub(crate) struct Parts<'a> {
    /// Encoded protected header; empty when there is none.
    pub protected: &'a str,
    /// Parameters the signature does not cover (RFC 7515 7.2.1).
    pub unprotected: Option<&'a Map<String, Value>>,
    /// Payload as it stands in the text.
    pub payload: &'a str,
    /// Encoded signature.
    pub signature: Option<&'a str>,
}

/// Reads one signature of a token.
pub(crate) fn jws(parts: &Parts<'_>, size: usize) -> Decoded {
    let mut decoded = Decoded::empty(TokenFormat::Jws, size);
    if !parts.protected.is_empty() || parts.unprotected.is_none() {
        let header = encoded(&mut decoded, parts.protected, "header");
        read_header(&mut decoded, header.as_deref());
    }
    // Only the protected header may say so (RFC 7797 3).
    let plain = decoded.header.as_ref().and_then(|header| header.get("b64")) == Some(&Value::Bool(false));
    if let Some(unprotected) = parts.unprotected {
        merge(&mut decoded, unprotected);
    }
    let payload = if plain { Some(unencoded(parts.payload)) } else { encoded(&mut decoded, parts.payload, "payload") };
    let signature = parts.signature.and_then(|part| encoded(&mut decoded, part, "signature"));
    decoded.signed.protected = parts.protected.to_owned();
    decoded.signed.input = format!("{}.{}", parts.protected, parts.payload);
    decoded.signed.signature = signature.filter(|bytes| !bytes.is_empty());
    decoded.signed.encoded = parts.signature.unwrap_or_default().to_owned();
    decoded.signed.detached = parts.payload.is_empty();
    decoded.signed.plain = plain;
    read_payload(&mut decoded, payload.as_deref());
    unsecured(&mut decoded);
    decoded
}

/// Reads a compact JWS: header, payload and signature, whatever is there of them.
pub(super) fn compact(parts: &[&str], size: usize) -> Decoded {
    let payload = parts.get(1).copied().unwrap_or_default();
    jws(&Parts { protected: parts[0], unprotected: None, payload, signature: parts.get(2).copied() }, size)
}

impl Decoded {
    /// Whether the payload stands in the text as it is, so that it may hold spaces and anything else (RFC 7797).
    pub fn is_plain(&self) -> bool {
        self.signed.plain
    }

    /// The same token with the payload that was sent apart from it (RFC 7515 Appendix F).
    #[must_use]
    pub fn with_content(mut self, content: &str) -> Self {
        if self.signed.detached {
            self.findings.retain(|finding| finding.id != "payload-empty");
            let payload = if self.signed.plain { content.to_owned() } else { URL_SAFE_NO_PAD.encode(content) };
            self.signed.input = format!("{}.{payload}", self.signed.protected);
            self.signed.detached = content.is_empty();
            read_payload(&mut self, Some(content.as_bytes()));
        }
        self.others = std::mem::take(&mut self.others).into_iter().map(|other| other.with_content(content)).collect();
        self
    }
}

/// The octets an unencoded payload stands for. Claims in base64url are read all the same: a JWT must not use `b64`
/// (RFC 7797 7), and whoever looks at one that does wants to see what it claims.
fn unencoded(payload: &str) -> Vec<u8> {
    match segment::read(payload) {
        (Some(bytes), None) if matches!(json::read(&bytes), Ok((Value::Object(_), _))) => bytes,
        _ => payload.as_bytes().to_vec(),
    }
}

/// Adds parameters that are not protected. A name in both places makes the token void (RFC 7515 7.2.1), and what a
/// verifier has to understand must be protected (RFC 7515 4.1.11, RFC 7797 3).
pub(super) fn merge(decoded: &mut Decoded, unprotected: &Map<String, Value>) {
    let header = decoded.header.get_or_insert_with(Map::new);
    let mut shared = None;
    let mut critical = None;
    for (name, value) in unprotected.iter().filter(|(name, _)| *name != "disclosures" && *name != "kb_jwt") {
        if header.contains_key(name) {
            shared.get_or_insert(name);
        } else {
            header.insert(name.clone(), value.clone());
        }
        if name == "crit" || name == "b64" {
            critical.get_or_insert(name);
        }
    }
    let detail = "Some header parameters are not covered by the signature.";
    decoded.findings.push(note("unprotected-header", "Unprotected header", detail, Some("RFC 7515 7.2.1")));
    if let Some(name) = shared {
        let detail =
            format!("{} stands in the protected and in the unprotected header; every verifier refuses that.", shown(name));
        decoded.findings.push(wrong("header-shared-name", "Parameter stands twice", &detail, Some("RFC 7515 7.2.1")));
        decoded.refuse(format!(
            "{} stands in the protected and in the unprotected header, which voids the token (RFC 7515 7.2.1).",
            shown(name)
        ));
    }
    if let Some(name) = critical {
        let detail = format!("{name} must be protected by the signature and is not; every verifier refuses that.");
        decoded.findings.push(wrong("crit-unprotected", "Unprotected crit", &detail, Some("RFC 7515 4.1.11")));
        decoded.refuse(format!("{name} is not protected by the signature, so the token must be refused (RFC 7515 4.1.11)."));
    }
}

pub(super) fn read_payload(decoded: &mut Decoded, bytes: Option<&[u8]>) {
    let Some(bytes) = bytes else { return };
    let text = || std::str::from_utf8(bytes).ok().map(str::to_owned);
    match json::read(bytes) {
        Ok((Value::Object(claims), odd)) => {
            decoded.claims = Some(claims);
            decoded.spelled.claims = text();
            decoded.findings.extend(odd.into_iter().map(|oddity| notes::oddity(oddity, "claims")));
        }
        Ok(_) => {
            decoded.content = text();
            decoded.findings.push(wrong(
                "payload-not-object",
                "Payload is no object",
                "The payload is JSON, but claims must be a JSON object; this is no JWT.",
                Some("RFC 7519 7.2"),
            ));
        }
        Err(json::Broken::Syntax(0)) if bytes.is_empty() => decoded.findings.push(warning(
            "payload-empty",
            "No payload",
            "The payload is empty: it travels apart from its signature, or this is no JWT at all.",
            Some("RFC 7515 Appendix F"),
        )),
        Err(broken) => {
            decoded.content = text();
            decoded.findings.push(notes::broken(broken, "payload"));
        }
    }
}

/// Notes a missing signature, and `none` in whatever spelling.
fn unsecured(decoded: &mut Decoded) {
    let header = decoded.header.as_ref();
    let alg = header.and_then(|header| header.get("alg")).and_then(Value::as_str).unwrap_or_default();
    let none = alg.eq_ignore_ascii_case("none");
    let missing = decoded.signed.signature.is_none();
    if none && !missing {
        let detail = "The header says alg none and yet a signature part is there. Nothing can be checked with it.";
        decoded.findings.push(wrong("signature-not-empty", "Signature without algorithm", detail, Some("RFC 7518 3.6")));
    }
    if missing && decoded.signed.refuse.is_none() {
        let detail = "There is no signature: anybody can write such a token.";
        decoded.findings.push(wrong("unsigned", "Not signed", detail, Some("RFC 8725 3.2")));
    }
}
