//! What went wrong, as the window is told it: an id, a sentence and what to do.

use crate::http::NetFault;

/// A problem that ended a step, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable id.
    pub id: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
}

impl Problem {
    pub(crate) fn new(id: &str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { id: id.into(), message: message.into(), advice: advice.into() }
    }
}

impl From<NetFault> for Problem {
    fn from(fault: NetFault) -> Self {
        Self { id: fault.id.into(), message: fault.message, advice: fault.advice }
    }
}

/// Why something asked of a token cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TokenFault {
    /// Stable id: `no-such-token`, `evidence-only`, `no-token`, `bad-key`, `too-few`.
    pub id: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

pub(crate) fn no_such_token(id: &str) -> TokenFault {
    TokenFault {
        id: "no-such-token",
        message: format!("The token {id} is no longer on the shelf."),
        advice: "Select another token.".into(),
    }
}

pub(crate) fn evidence_only() -> TokenFault {
    TokenFault {
        id: "evidence-only",
        message: "Only the decoded claims of this token were kept; its text is gone since the app was closed.".into(),
        advice: "Obtain a new token by running the step again.".into(),
    }
}
