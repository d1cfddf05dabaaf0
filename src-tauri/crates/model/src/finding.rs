//! Findings: what is remarkable about a token, each with a stable id, a weight, a source and one sentence.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing, nothing is wrong.
    Note,
    /// Legal, but a reviewer would ask about it.
    Warning,
    /// A conforming receiver refuses this.
    Error,
}

/// One remark about a token or a pair of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Stable, kebab-case, e.g. `alg-none`, `duplicate-member`, `outlives-subject`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// Two or three words for a list.
    pub title: String,
    /// One sentence for people: what it is and what follows from it.
    pub detail: String,
    /// Where the rule stands, e.g. `RFC 8725 3.1`.
    pub rfc: Option<String>,
    /// Claim or header path it is about, e.g. `header.alg` or `claims.aud`.
    pub path: Option<String>,
}
