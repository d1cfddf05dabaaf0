//! One line on the shelf: what is known of a token without its text.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    kind::{TokenFormat, TokenKind},
    obtained::Obtained,
    provenance::{Provenance, place_words},
    shelf_group::ShelfGroup,
    verification::Verification,
};

/// The state the shelf draws as a glyph and says as a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// Verified and within its lifetime.
    Valid,
    /// Verified, less than 60 s left.
    Expiring,
    /// Lifetime over.
    Expired,
    /// Signature does not fit, or unsecured.
    Bad,
    /// Readable, signature not checked.
    Unverified,
    /// Not readable; what the server says of it (introspection) decides.
    Opaque,
}

/// One line on the shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TokenView {
    /// Stable id inside this installation.
    pub id: String,
    /// Main word on the shelf, e.g. `access`, `portal → orders-api`, `billing-app`.
    pub label: String,
    /// Second, quiet word: client or origin, e.g. `frontend`.
    pub note: String,
    /// Words of the heading it stands under on the shelf: a user name, `Applications` or `Pasted`.
    pub group: String,
    /// What that heading is; a person without a name in records of earlier releases.
    #[serde(default)]
    pub shelf: ShelfGroup,
    /// Readable owner, e.g. `alice`; the client for tokens without a user.
    pub who: String,
    /// What it is used for.
    pub kind: TokenKind,
    /// What it is made of.
    pub format: TokenFormat,
    /// Signature result.
    pub verification: Verification,
    /// Token this one was obtained with.
    pub parent: Option<String>,
    /// Step that produced it; none for pasted tokens.
    pub step: Option<i64>,
    /// How it came to be here; unknown in records of earlier releases.
    #[serde(default)]
    pub obtained: Obtained,
    /// Where it came from in words, e.g. `token exchange by portal` or `the clipboard`.
    pub origin: String,
    /// `iss`, if any.
    pub issuer: Option<String>,
    /// The profile and issuer it came from; none where that is not known, e.g. in records of earlier releases.
    #[serde(default)]
    pub provenance: Option<Provenance>,
    /// `azp` or `client_id`.
    pub client: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `aud` as a list.
    pub audience: Vec<String>,
    /// `scope` as a list.
    pub scope: Vec<String>,
    /// What its response granted: `scope` of the answer, or what was asked for where the answer has none (RFC 6749 5.1). None where
    /// no response is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub granted: Option<Vec<String>>,
    /// `jti`.
    pub jti: Option<String>,
    /// `sid`.
    pub session: Option<String>,
    /// `iat`, epoch seconds.
    pub issued_at: Option<i64>,
    /// `exp` (or `expires_in` counted from receipt), epoch seconds.
    pub expires_at: Option<i64>,
    /// Length of the text in bytes.
    pub size: usize,
    /// `alg` of the header.
    pub alg: Option<String>,
    /// `kid` of the header.
    pub kid: Option<String>,
    /// True when only decoded evidence is left (claims without signature, e.g. after a restart): it can be
    /// compared and checked, not sent.
    pub evidence_only: bool,
    /// True when introspection said so: `active` of RFC 7662; none when never asked.
    pub active: Option<bool>,
    /// True when its claims were read by decrypting it with a key the user gave; that says nothing about who wrote it.
    #[serde(default)]
    pub decrypted: bool,
    /// Issued by the built-in lab.
    pub simulated: bool,
    /// How many findings of weight warning or error it has.
    pub findings: usize,
}

/// Where a token came from in words; none where it is not known.
pub fn from_words(token: &TokenView) -> Option<String> {
    match (&token.provenance, &token.issuer) {
        (Some(from), _) => Some(from.words()),
        (None, Some(issuer)) => Some(place_words("", issuer)),
        (None, None) => None,
    }
}
