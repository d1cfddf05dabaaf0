//! What the check of a signature came to, and what is shown of the key it was checked with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::shown::made_sentence;

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
