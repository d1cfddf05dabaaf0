//! What could be read of a text, and what a verifier or a holder of a key needs of it afterwards.

use serde_json::{Map, Value};

use super::json;
use crate::{
    finding::Finding,
    inspect::{ClaimGroup, TokenFormat},
};

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
    pub(super) fn empty(format: TokenFormat, size: usize) -> Self {
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
    pub(super) fn refuse_all(&mut self, reason: &str) {
        self.refuse(reason);
        self.others.iter_mut().for_each(|other| other.refuse(reason));
    }

    pub(super) fn refuse(&mut self, reason: impl Into<String>) {
        self.signed.refuse.get_or_insert(reason.into());
    }
}

/// The parts a verifier needs.
#[derive(Clone, Default)]
pub(crate) struct Signed {
    /// Encoded protected header, exactly as received; empty when there is none.
    pub protected: String,
    /// ASCII of the encoded header, a dot and the payload, exactly as received (RFC 7515 5.1).
    pub input: String,
    /// Signature octets; none when there are none or they can not be read.
    pub signature: Option<Vec<u8>>,
    /// The same as it stands in the text.
    pub encoded: String,
    /// The payload travels elsewhere, or is empty.
    pub detached: bool,
    /// The payload is signed as it stands, not as base64url (RFC 7797).
    pub plain: bool,
    /// Why a strict verifier must not even try.
    pub refuse: Option<String>,
}

/// The parts a holder of the key needs.
#[derive(Clone, Default)]
pub(crate) struct Sealed {
    /// Encoded protected header, exactly as received.
    pub protected: String,
    /// Encoded additional authenticated data, exactly as received (RFC 7516 5.1 step 14).
    pub aad: Option<String>,
    /// Initialization vector.
    pub iv: Vec<u8>,
    /// Content.
    pub ciphertext: Vec<u8>,
    /// Authentication tag.
    pub tag: Vec<u8>,
    /// For each recipient the header that holds for it and its encrypted key.
    pub recipients: Vec<(Map<String, Value>, Vec<u8>)>,
}
