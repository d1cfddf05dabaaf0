//! Decoding: from any text to what can be read of it. It never fails (invariant 1).
//!
//! A person pastes what they have, and a tool that answers "invalid token" leaves them where they were. So
//! whatever can be read is read, and everything a strict receiver would refuse becomes a finding. Whether
//! a signature may be checked at all is decided here too, since only here the spelling is known.

mod decoded;
mod dpop;
pub mod json;
mod jwe;
mod key_binding;
mod layout;
pub mod named;
mod notes;
pub mod opaque;
mod parts;
mod proof;
mod saml;
mod sd_jwt;
mod segment;
mod serialised;
mod signed;

use crate::{finding::Finding, inspect::TokenFormat};
pub use decoded::Decoded;
pub(crate) use decoded::{Sealed, Signed};
pub use layout::laid_out;
use notes::{note, wrong};
pub(crate) use proof::{is_proof, proof_thumbprint};
pub use saml::{GROUP as SAML, assertion_in, assertion_xml, is_assertion, reaches_assertion};
pub use segment::bytes_of;
use signed::compact;
pub(crate) use signed::{Parts, jws};

/// Longer texts are not decoded.
pub const MAX_SIZE: usize = 1024 * 1024;

/// Reads a token. Never fails and never panics: what can not be read is said in the findings.
pub fn decode(text: &str) -> Decoded {
    if text.len() > MAX_SIZE {
        let mut decoded = Decoded::empty(TokenFormat::Opaque, text.len());
        decoded.findings.push(wrong(
            "too-large",
            "Too large",
            &format!("The text is {} bytes long; texts above {MAX_SIZE} bytes are not decoded.", text.len()),
            Some("RFC 8259 9"),
        ));
        decoded.refuse("The text is too large to be decoded.");
        return decoded;
    }
    let (token, cut) = strip(text);
    let mut decoded = read(token);
    if decoded.is_dpop_proof() && decoded.format == TokenFormat::Jws {
        dpop::examine(&mut decoded);
    }
    decoded.findings.splice(0..0, cut);
    decoded
}

/// Quotes a copied token may stand in.
pub const QUOTES: [char; 3] = ['"', '\'', '`'];
/// Name of the header a token is sent in, with what ends it.
pub const AUTHORIZATION: &str = "Authorization:";

/// Cuts off what is around a token: white space, quotes, the word Bearer.
pub fn strip(text: &str) -> (&str, Vec<Finding>) {
    let mut token = text.trim();
    let mut cut: Vec<Finding> = Vec::new();
    let mut say = |finding: Finding| {
        if !cut.iter().any(|said| said.id == finding.id) {
            cut.push(finding);
        }
    };
    // Quotes stand around the header as well as inside it, around its value.
    loop {
        let before = token.len();
        for quote in QUOTES {
            if token.len() > 1 && token.starts_with(quote) && token.ends_with(quote) {
                token = token[1..token.len() - 1].trim();
                let detail = "The text stood in quotes; they are no part of the token.";
                say(note("quotes-removed", "Quotes removed", detail, Some("RFC 6750 2.1")));
            }
        }
        for scheme in [AUTHORIZATION, "Bearer ", "DPoP "] {
            if let Some(head) = token.get(..scheme.len()).filter(|head| head.eq_ignore_ascii_case(scheme)) {
                token = token[head.len()..].trim_start();
                if scheme != AUTHORIZATION {
                    let detail = "The word before the token belongs to the Authorization header, not to the token.";
                    say(note("bearer-prefix-removed", "Scheme removed", detail, Some("RFC 6750 2.1")));
                }
            }
        }
        if token.len() == before {
            return (token, cut);
        }
    }
}

fn read(token: &str) -> Decoded {
    if token.starts_with('{')
        && let Some(decoded) = serialised::read(token)
    {
        return decoded;
    }
    if let Some(decoded) = saml::read(token) {
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
        3 if jose => {
            let mut decoded = compact(&parts, token.len());
            sd_jwt::undisclosed(&mut decoded);
            decoded
        }
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

/// Builds findings for other parts of the crate in the same words.
pub use notes::{NUMBER_TOO_LARGE, note as note_finding, warning as warning_finding, wrong as error_finding};

#[cfg(test)]
mod tests;
