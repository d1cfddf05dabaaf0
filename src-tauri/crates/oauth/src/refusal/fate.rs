//! Why a server takes a token no longer, as its userinfo tells it.

use super::when::Proof;

/// Why userinfo does not take a token that is whole, of its realm and not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its session is over.
    SessionOver,
    /// It was revoked.
    Revoked,
    /// Its user is disabled.
    UserDisabled,
    /// The client it was issued to is disabled.
    OriginDisabled,
    /// A not-before is later.
    NotBefore,
}

impl Fate {
    /// As evidence, without a full stop.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::SessionOver => "asked about the same token, it knows no session of it",
            Self::Revoked => "asked about the same token, it finds it revoked",
            Self::UserDisabled => "asked about the same token, it says that the user is disabled",
            Self::OriginDisabled => "asked about the same token, it says that the client is disabled",
            Self::NotBefore => "asked about the same token, it finds it older than a not-before",
        }
    }

    /// The fate that would settle a cause.
    pub(crate) fn of(proof: Proof) -> Option<Self> {
        match proof {
            Proof::SessionOver => Some(Self::SessionOver),
            Proof::Revoked => Some(Self::Revoked),
            Proof::UserDisabled => Some(Self::UserDisabled),
            Proof::OriginDisabled => Some(Self::OriginDisabled),
            Proof::NotBefore => Some(Self::NotBefore),
            _ => None,
        }
    }
}
