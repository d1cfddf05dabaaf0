//! An answer that can not be used, with what to do about it.

/// An answer that can not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Stable, e.g. `discovery-other-issuer`.
    pub id: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
}

pub(super) fn malformed(id: &'static str, message: String, advice: &str) -> Malformed {
    Malformed { id, message, advice: advice.into() }
}
