//! What is left of a check when the text it was made over is gone.
//!
//! Only claims outlive the app, so nothing can be checked again. What was found while the text was there is still worth saying, as
//! something of the past: a token that was verified once never looks verified afterwards.

use super::{KeyEvidence, Verification};

/// How the reason of every kept token begins.
const KEPT: &str = "Kept as evidence: the claims were saved, the signature was not, so it can no longer be checked.";

impl Verification {
    /// The result for a token of which only claims are left. `decrypted` says that they were read with a key.
    #[must_use]
    pub fn as_evidence(&self, decrypted: bool) -> Self {
        match self {
            Self::Unverifiable { reason } if reason.starts_with(KEPT) => self.clone(),
            Self::Unverifiable { reason } if decrypted => Self::Unverifiable { reason: format!("{KEPT} {reason}") },
            Self::Unverifiable { .. } => Self::Unverifiable { reason: KEPT.into() },
            known => Self::Unverifiable { reason: format!("{KEPT} {}", known.past()) },
        }
    }

    /// The result of one signature of such a token.
    pub(super) fn remembered(&self) -> Self {
        Self::Unverifiable { reason: self.past() }
    }

    fn past(&self) -> String {
        match self {
            Self::Verified { key } => format!("While its text was at hand, {} verified it.", name(key)),
            Self::BadSignature { key, reason } => format!("While its text was at hand, it did not fit {}. {reason}", name(key)),
            Self::Unverifiable { reason } => reason.clone(),
            Self::Unsecured => "It had no signature.".into(),
        }
    }
}

/// `the key k1 (RSA 2048, pasted key)`.
fn name(key: &KeyEvidence) -> String {
    let kid = if key.kid.is_empty() { "a key".to_owned() } else { format!("the key {}", key.kid) };
    format!("{kid} ({}, {})", key.kind, key.source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_verified_is_said_and_never_looks_verified() {
        let key = KeyEvidence {
            kid: "k1".into(),
            alg: "RS256".into(),
            kind: "RSA 2048".into(),
            source: "https://id.test/keys".into(),
            read_ms: None,
            nonce_hashed: false,
        };
        let reason = |verification: Verification, decrypted| match verification.as_evidence(decrypted) {
            Verification::Unverifiable { reason } => reason,
            other => panic!("{other:?}"),
        };
        let was = reason(Verification::Verified { key: key.clone() }, false);
        assert_eq!(was, format!("{KEPT} While its text was at hand, the key k1 (RSA 2048, https://id.test/keys) verified it."));
        assert_eq!(reason(Verification::Unverifiable { reason: was.clone() }, false), was, "said once");
        let bad = Verification::BadSignature { key: KeyEvidence { kid: String::new(), ..key }, reason: "Changed.".into() };
        assert!(reason(bad, false).ends_with("it did not fit a key (RSA 2048, https://id.test/keys). Changed."));
        assert!(reason(Verification::Unsecured, false).ends_with("It had no signature."));
        let open = Verification::Unverifiable { reason: "Whoever has the key could have written it.".into() };
        assert_eq!(reason(open.clone(), false), KEPT);
        assert!(reason(open, true).ends_with("could have written it."));
    }
}
