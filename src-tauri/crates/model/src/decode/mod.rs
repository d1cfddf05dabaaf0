//! Decoding: from any text to what can be read of it. It never fails (invariant 1).
//!
//! A person pastes what they have, and a tool that answers "invalid token" leaves them where they were. So
//! whatever can be read is read, and everything a strict receiver would refuse becomes a finding. Whether
//! a signature may be checked at all is decided here too, since only here the spelling is known.

pub mod json;
mod jwe;
mod notes;
pub mod opaque;
mod sd_jwt;
mod segment;
mod serialised;

use serde_json::{Map, Value};

use crate::{finding::Finding, token::TokenFormat};
use notes::{note, warning, wrong};

/// Longer texts are not decoded.
pub const MAX_SIZE: usize = 1024 * 1024;

/// What could be read of a text.
#[derive(Clone)]
pub struct Decoded {
    /// What it is made of.
    pub format: TokenFormat,
    /// JOSE header, members in their order.
    pub header: Option<Map<String, Value>>,
    /// Claims, members in their order; none when encrypted, opaque or no JSON object.
    pub claims: Option<Map<String, Value>>,
    /// What is remarkable about the text itself. What is remarkable about the claims says
    /// [`crate::token::findings`].
    pub findings: Vec<Finding>,
    /// Length of the token in bytes, without what was cut off around it.
    pub size: usize,
    pub(crate) signed: Signed,
}

/// The parts a verifier needs.
#[derive(Clone, Default)]
pub(crate) struct Signed {
    /// ASCII of the encoded header, a dot and the payload, exactly as received (RFC 7515 5.1).
    pub input: String,
    /// Signature octets; none when there are none or they can not be read.
    pub signature: Option<Vec<u8>>,
    /// Why a strict verifier must not even try.
    pub refuse: Option<String>,
}

impl std::fmt::Debug for Decoded {
    /// Says the shape only: claims are personal and the signature makes a token usable.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoded({:?}, {} bytes, {} findings)", self.format, self.size, self.findings.len())
    }
}

impl Decoded {
    fn empty(format: TokenFormat, size: usize) -> Self {
        Self { format, header: None, claims: None, findings: Vec::new(), size, signed: Signed::default() }
    }

    fn refuse(&mut self, reason: impl Into<String>) {
        self.signed.refuse.get_or_insert(reason.into());
    }
}

/// Reads a token. Never fails and never panics: what can not be read is said in the findings.
pub fn decode(text: &str) -> Decoded {
    if text.len() > MAX_SIZE {
        let mut decoded = Decoded::empty(TokenFormat::Opaque, text.len());
        decoded.findings.push(wrong(
            "too-large",
            "Too large",
            &format!("The text is {} bytes long; texts above {MAX_SIZE} bytes are not decoded.", text.len()),
            None,
        ));
        decoded.refuse("The text is too large to be decoded.");
        return decoded;
    }
    let (token, cut) = strip(text);
    let mut decoded = read(token);
    decoded.findings.splice(0..0, cut);
    decoded
}

/// Cuts off what is around a token: white space, quotes, the word Bearer.
pub(crate) fn strip(text: &str) -> (&str, Vec<Finding>) {
    let mut token = text.trim();
    let mut cut = Vec::new();
    for quote in ['"', '\'', '`'] {
        if token.len() > 1 && token.starts_with(quote) && token.ends_with(quote) {
            token = token[1..token.len() - 1].trim();
            cut.push(note("quotes-removed", "Quotes removed", "The text stood in quotes; they are no part of the token.", None));
        }
    }
    for scheme in ["Authorization:", "Bearer ", "DPoP "] {
        if let Some(head) = token.get(..scheme.len()).filter(|head| head.eq_ignore_ascii_case(scheme)) {
            token = token[head.len()..].trim_start();
            if scheme != "Authorization:" {
                let detail = "The word before the token belongs to the Authorization header, not to the token.";
                cut.push(note("bearer-prefix-removed", "Scheme removed", detail, Some("RFC 6750 2.1")));
            }
        }
    }
    (token, cut)
}

fn read(token: &str) -> Decoded {
    if token.starts_with('{')
        && let Some(decoded) = serialised::read(token)
    {
        return decoded;
    }
    let issuer_part = token.split('~').next().unwrap_or(token);
    let parts: Vec<&str> = issuer_part.split('.').collect();
    if token.contains('~') && parts.len() == 3 && looks_like_header(parts[0]) {
        return sd_jwt::read(token, compact(&parts, token.len()));
    }
    let jose = looks_like_header(parts[0]);
    match parts.len() {
        5 if jose => jwe::read(&parts, token.len()),
        3 if jose => compact(&parts, token.len()),
        2.. if jose => {
            let mut decoded = compact(&parts, token.len());
            let count = parts.len();
            let detail = format!(
                "A signed token has 3 parts and an encrypted one has 5, this text has {count}. It may have been cut when it was copied."
            );
            decoded.findings.insert(0, wrong("wrong-part-count", "Wrong number of parts", &detail, Some("RFC 7515 7.1")));
            decoded.refuse(format!("The text has {count} parts instead of 3, so there is no signature to check."));
            decoded
        }
        _ => {
            let mut decoded = Decoded::empty(TokenFormat::Opaque, token.len());
            decoded.findings = opaque::findings(token);
            decoded.refuse("The token is opaque: only its server can say whether it is genuine.");
            decoded
        }
    }
}

/// Whether a first part holds JSON: only then dots separate parts of a token.
fn looks_like_header(part: &str) -> bool {
    let (bytes, _) = segment::read(part);
    bytes.is_some_and(|bytes| matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) && json::read(&bytes).is_ok())
}

/// Reads a compact JWS: header, payload and signature, whatever is there of them.
fn compact(parts: &[&str], size: usize) -> Decoded {
    let mut decoded = Decoded::empty(TokenFormat::Jws, size);
    let payload = parts.get(1).copied().unwrap_or_default();
    let header = encoded(&mut decoded, parts[0], "header");
    let content = encoded(&mut decoded, payload, "payload");
    let signature = parts.get(2).and_then(|part| encoded(&mut decoded, part, "signature"));
    decoded.signed.input = format!("{}.{}", parts[0], payload);
    decoded.signed.signature = signature.filter(|bytes| !bytes.is_empty());
    read_header(&mut decoded, header.as_deref());
    read_payload(&mut decoded, content.as_deref());
    unsecured(&mut decoded);
    decoded
}

/// Reads one base64url part and notes what is wrong with its spelling (RFC 7515 2).
fn encoded(decoded: &mut Decoded, part: &str, name: &str) -> Option<Vec<u8>> {
    let (bytes, flaw) = segment::read(part);
    if let Some(flaw) = flaw {
        decoded.findings.push(notes::flaw(flaw, name));
        decoded.refuse(format!("The {name} is not strict base64url, a verifier refuses that before it looks at the signature."));
    }
    bytes
}

fn read_header(decoded: &mut Decoded, bytes: Option<&[u8]>) {
    let Some(bytes) = bytes else { return };
    match json::read(bytes) {
        Ok((Value::Object(header), odd)) => {
            decoded.header = Some(header);
            decoded.findings.extend(odd.into_iter().map(|oddity| notes::oddity(oddity, "header")));
        }
        Ok(_) => {
            decoded.findings.push(wrong(
                "header-not-object",
                "Header is no object",
                "The header must be a JSON object; every verifier refuses this token.",
                Some("RFC 7515 4"),
            ));
            decoded.refuse("The header is no JSON object.");
        }
        Err(broken) => {
            decoded.findings.push(notes::broken(broken, "header"));
            decoded.refuse("The header is no JSON.");
        }
    }
    if decoded.findings.iter().any(|finding| finding.id == "duplicate-member") {
        decoded.refuse("The header names a parameter twice, so its meaning depends on the reader (RFC 7515 4).");
    }
}

fn read_payload(decoded: &mut Decoded, bytes: Option<&[u8]>) {
    let Some(bytes) = bytes else { return };
    match json::read(bytes) {
        Ok((Value::Object(claims), odd)) => {
            decoded.claims = Some(claims);
            decoded.findings.extend(odd.into_iter().map(|oddity| notes::oddity(oddity, "claims")));
        }
        Ok(_) => decoded.findings.push(wrong(
            "payload-not-object",
            "Payload is no object",
            "The payload is JSON, but claims must be a JSON object; this is no JWT.",
            Some("RFC 7519 7.2"),
        )),
        Err(json::Broken::Syntax(0)) if bytes.is_empty() => decoded.findings.push(warning(
            "payload-empty",
            "No payload",
            "The payload is empty: a detached signature, or no JWT at all.",
            Some("RFC 7515 Appendix F"),
        )),
        Err(broken) => decoded.findings.push(notes::broken(broken, "payload")),
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

/// Builds findings for other parts of the crate in the same words.
pub(crate) use notes::{note as note_finding, warning as warning_finding, wrong as error_finding};

#[cfg(test)]
mod tests;
