//! Errors that reach the window, by who is to blame. The window has one table from kind to place.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Something typed or pasted; `field` says where.
    Input,
    /// The server's answer could not be used.
    Server,
    /// The server could not be reached.
    Network,
    /// The server said no.
    Refused,
    /// The user stopped it.
    Cancelled,
    /// A file, keychain or other part of this machine failed.
    Storage,
    /// Our mistake.
    Bug,
}

/// A command that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fault {
    /// Who is to blame.
    pub kind: FaultKind,
    /// Stable id, e.g. `not-a-url`, `issuer-mismatch`.
    pub id: String,
    /// What happened, one sentence.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// Field it belongs to.
    pub field: Option<String>,
    /// Step in the journal, when one was made.
    pub step: Option<i64>,
}
