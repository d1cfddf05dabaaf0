//! Decoding: from any text to what can be read of it. It never fails (invariant 1).
//!
//! A person pastes what they have, and a tool that answers "invalid token" leaves them where they were. So
//! whatever can be read is read, and everything a strict receiver would refuse becomes a finding. Whether
//! a signature may be checked at all is decided here too, since only here the spelling is known.

mod dpop;
pub mod json;
mod jwe;
mod key_binding;
mod layout;
pub mod named;
mod notes;
pub mod opaque;
mod saml;
mod sd_jwt;
mod segment;
mod serialised;
mod signed;

use serde_json::{Map, Value};

use crate::{
    finding::Finding,
    inspect::{ClaimGroup, TokenFormat},
};
pub(crate) use dpop::{is_proof, proof_thumbprint};
pub(crate) use jwe::Sealed;
pub use layout::laid_out;
use notes::{note, wrong};
pub use saml::{GROUP as SAML, assertion_in, assertion_xml, is_assertion, reaches_assertion};
pub(crate) use signed::{Parts, Signed, jws};

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
    /// [`crate::inspect::findings`].
    pub findings: Vec<Finding>,
    /// Length of the token in bytes, without what was cut off around it.
    pub size: usize,
    /// Payload that is text and no set of claims.
    pub content: Option<String>,
    /// Facts that are neither header nor claims: disclosures, key binding.
    pub groups: Vec<ClaimGroup>,
    pub(crate) spelled: Spelled,
    pub(crate) signed: Signed,
    pub(crate) sealed: Option<Sealed>,
    /// The further signatures of a JSON serialisation, each read with its own header.
    pub(crate) others: Vec<Decoded>,
}

/// The JSON of a token as it was written, where that is known.
#[derive(Clone, Default)]
pub(crate) struct Spelled {
    /// Text of the header.
    pub header: Option<String>,
    /// Text of the claims.
    pub claims: Option<String>,
    /// Numbers of claims that are not written in one text, because some were disclosed.
    pub numbers: json::Exact,
}

impl std::fmt::Debug for Decoded {
    /// Says the shape only: claims are personal and the signature makes a token usable.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoded({:?}, {} bytes, {} findings)", self.format, self.size, self.findings.len())
    }
}

impl Decoded {
    fn empty(format: TokenFormat, size: usize) -> Self {
        Self {
            format,
            header: None,
            claims: None,
            findings: Vec::new(),
            size,
            content: None,
            groups: Vec::new(),
            spelled: Spelled::default(),
            signed: Signed::default(),
            sealed: None,
            others: Vec::new(),
        }
    }

    /// Header of one of its signatures, counted from 0.
    pub fn header_of(&self, signature: usize) -> Option<&Map<String, Value>> {
        let one = if signature == 0 { Some(self) } else { self.others.get(signature - 1) };
        one.and_then(|one| one.header.as_ref())
    }

    /// Whether one of its signatures is made with a shared secret by its own header.
    pub fn asks_for_secret(&self) -> bool {
        let by = |one: &Self| {
            one.header
                .as_ref()
                .and_then(|header| header.get("alg"))
                .and_then(Value::as_str)
                .is_some_and(|alg| alg.starts_with("HS"))
        };
        by(self) || self.others.iter().any(by)
    }

    /// Texts of the claims that their values can not hold.
    pub fn exact(&self) -> json::Exact {
        match &self.spelled.claims {
            Some(text) => json::exact(text).into_iter().collect(),
            None => self.spelled.numbers.clone(),
        }
    }

    /// Refuses every signature of the token.
    fn refuse_all(&mut self, reason: &str) {
        self.refuse(reason);
        self.others.iter_mut().for_each(|other| other.refuse(reason));
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

/// The octets of a base64url part, whatever is wrong with its spelling.
pub fn bytes_of(part: &str) -> Option<Vec<u8>> {
    segment::read(part).0
}

/// Whether a first part holds JSON: only then dots separate parts of a token.
fn looks_like_header(part: &str) -> bool {
    let (bytes, _) = segment::read(part);
    bytes.is_some_and(|bytes| matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) && json::read(&bytes).is_ok())
}

/// Reads a compact JWS: header, payload and signature, whatever is there of them.
fn compact(parts: &[&str], size: usize) -> Decoded {
    let payload = parts.get(1).copied().unwrap_or_default();
    jws(&Parts { protected: parts[0], unprotected: None, payload, signature: parts.get(2).copied() }, size)
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
            decoded.spelled.header = std::str::from_utf8(bytes).ok().map(str::to_owned);
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

/// Builds findings for other parts of the crate in the same words.
pub use notes::{NUMBER_TOO_LARGE, note as note_finding, warning as warning_finding, wrong as error_finding};

#[cfg(test)]
mod tests;
