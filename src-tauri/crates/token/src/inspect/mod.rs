//! What the window is told about a token: a summary for the shelf and a full reading for the inspector.
//!
//! The text of a token is a [`crate::secret::Secret`] and is in neither of them.

mod findings;
mod header;
mod kin;
mod memory;
mod obtained;
mod provenance;
mod reading;
mod shelf_group;
#[cfg(test)]
mod tests;
mod times;
mod view;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use findings::{findings, with_text};
pub use kin::{Relative, relations};
pub use obtained::Obtained;
pub use provenance::{Provenance, from_words, origin_of, place_words};
pub use reading::{Keep, Reading, reading};
pub use shelf_group::ShelfGroup;
pub use view::{EXPIRING_S, Origin, inspection, kind_of, state, view};

use crate::{
    finding::Finding,
    shown::{made_sentence, made_visible},
};

/// The kind of thing a text turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenFormat {
    /// Signed JWT or other compact JWS (RFC 7515), or a JSON serialisation of one.
    Jws,
    /// Encrypted (RFC 7516); only header and sizes can be read without the key.
    Jwe,
    /// SD-JWT with disclosures (RFC 9901).
    SdJwt,
    /// Assertion of SAML 2.0 (RFC 7522): shown, and its signature is not checked here.
    Saml,
    /// No structure a client could read (RFC 6749 1.4).
    Opaque,
}

/// What the token is used for, as far as the response that carried it or its own claims say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Access token.
    Access,
    /// OpenID Connect ID token.
    Id,
    /// Refresh token.
    Refresh,
    /// Anything else that was pasted or issued.
    Other,
}

/// Result of checking the signature (invariant: an unverified token never looks verified).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Verification {
    /// A trusted key fits.
    Verified {
        /// Which key did it.
        key: KeyEvidence,
    },
    /// A key with the right `kid` was found and the signature does not fit it.
    BadSignature {
        /// The key that was tried.
        key: KeyEvidence,
        /// One sentence saying why.
        reason: String,
    },
    /// Nothing can be said, and why (no key, unknown kid, opaque, evidence without signature).
    Unverifiable {
        /// One sentence saying why and what would help.
        reason: String,
    },
    /// `alg` is `none` or there is no signature part.
    Unsecured,
}

impl Verification {
    /// It with whatever hidden character got into its reason written out ([`crate::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        match self {
            Self::BadSignature { key, reason } => Self::BadSignature { key, reason: made_sentence(reason) },
            Self::Unverifiable { reason } => Self::Unverifiable { reason: made_sentence(reason) },
            Self::Verified { .. } | Self::Unsecured => self,
        }
    }
}

/// What is shown of the key that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeyEvidence {
    /// `kid` of the key, empty when it has none.
    pub kid: String,
    /// Algorithm used, e.g. `RS256`.
    pub alg: String,
    /// Readable kind and size, e.g. `RSA 2048` or `EC P-256`.
    pub kind: String,
    /// Where the key came from: a JWKS address, or "pasted key".
    pub source: String,
    /// When it was read there, epoch milliseconds.
    pub read_ms: Option<i64>,
    /// It fits only once the `nonce` of the header is replaced by its hash, as Entra signs for its own APIs.
    #[serde(default)]
    #[ts(skip)]
    pub nonce_hashed: bool,
}

/// One of several signatures over the same payload (RFC 7515 7.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignatureView {
    /// `alg` of its header.
    pub alg: Option<String>,
    /// `kid` of its header.
    pub kid: Option<String>,
    /// What the check of this signature alone gave.
    pub verification: Verification,
}

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

/// How a value is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClaimValue {
    /// One piece of text (strings, numbers, booleans as JSON writes them).
    Text {
        /// The text, exact.
        text: String,
    },
    /// A set, drawn as chips.
    Set {
        /// Members in their order.
        members: Vec<String>,
        /// How many more there are that are not here.
        #[serde(default)]
        more: usize,
    },
    /// A point in time.
    Time {
        /// Epoch seconds.
        epoch: i64,
    },
    /// A nested object or a mixed list, as compact JSON.
    Json {
        /// The text.
        text: String,
    },
}

impl ClaimValue {
    /// It with the hidden characters of its texts written out ([`crate::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        match self {
            Self::Text { text } => Self::Text { text: made_visible(text) },
            Self::Set { members, more } => Self::Set { members: members.into_iter().map(made_visible).collect(), more },
            Self::Json { text } => Self::Json { text: crate::shown::json(&text).into_owned() },
            Self::Time { .. } => self,
        }
    }
}

/// One claim or header parameter of one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClaimRow {
    /// Path shown, e.g. `realm_access.roles`.
    pub path: String,
    /// Short name shown in the first column, e.g. `realm` inside the group Roles.
    pub label: String,
    /// The value.
    pub value: ClaimValue,
    /// One line saying what this claim means; none for unknown claims.
    pub meaning: Option<String>,
}

/// Claims that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClaimGroup {
    /// Stable: `identity`, `audience`, `roles`, `lifetime`, `profile`, `issuer`, `binding`, `other`, `noise`.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Rows in stable order.
    pub rows: Vec<ClaimRow>,
}

/// Everything the inspector shows of one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Inspection {
    /// The shelf line.
    pub token: TokenView,
    /// Claims by group.
    pub groups: Vec<ClaimGroup>,
    /// JOSE header parameters in their order.
    pub header: Vec<ClaimRow>,
    /// How many rows of both are left out.
    #[serde(default)]
    pub left_out: usize,
    /// Everything remarkable, worst first.
    pub findings: Vec<Finding>,
    /// Every signature on its own; empty when there is only one.
    pub signatures: Vec<SignatureView>,
    /// Claims as JSON, laid out in lines; member order, repeated members and numbers exactly as they were written.
    pub json: String,
    /// Lines of `json` in all, when only its beginning is here; else 0.
    #[serde(default)]
    pub json_lines: usize,
    /// Payload that is text and no set of claims.
    pub content: Option<String>,
    /// Lines of `content` in all, when only its beginning is here; else 0.
    #[serde(default)]
    pub content_lines: usize,
    /// Header as JSON, as exact as `json`.
    pub header_json: String,
    /// Lines of `header_json` in all, when only its beginning is here; else 0.
    #[serde(default)]
    pub header_lines: usize,
    /// For opaque tokens: where the shown claims come from, e.g. `introspection at https://…`.
    pub claims_source: Option<String>,
}
