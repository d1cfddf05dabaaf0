//! The three words about a token as they are drawn: a column a speaker, a row a claim, and how the columns agree.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    finding::Finding,
    inspect::{ClaimValue, TokenView},
};

/// Whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The token itself, decoded.
    Token,
    /// The introspection endpoint (RFC 7662).
    Introspection,
    /// The userinfo endpoint (OpenID Connect Core 5.3).
    Userinfo,
}

/// Whether a speaker said anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// It was not asked yet.
    NotAsked,
    /// It can not be asked here; the words say why.
    Unavailable,
    /// It was asked and gave no answer that could be read; the words say what came.
    Refused,
    /// It answered.
    Said,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Source {
    /// Whose word it is.
    pub speaker: Speaker,
    /// Heading.
    pub title: String,
    /// Whether it said anything.
    pub heard: Heard,
    /// One line: verified or not, active or not, why it did not answer.
    pub words: String,
    /// Address that was asked.
    pub address: Option<String>,
    /// When, epoch milliseconds.
    pub read_ms: Option<i64>,
    /// Step in the journal.
    pub step: Option<i64>,
    /// `active` (RFC 7662 2.2), from introspection only.
    pub active: Option<bool>,
}

/// How the columns of a row stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// All who say it say the same.
    Agree,
    /// They say different things.
    Differ,
    /// Only one says it although several were heard.
    Alone,
    /// Nobody else was heard, so nothing can be said.
    Unheard,
}

/// One column's word in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Word {
    /// The value; none when it is not said.
    pub value: Option<ClaimValue>,
    /// Whether it is not what the first to say it says.
    pub differs: bool,
}

/// One claim in all columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TruthRow {
    /// Path.
    pub path: String,
    /// Short name.
    pub label: String,
    /// What each says, in the order of the sources.
    pub cells: Vec<Word>,
    /// How they stand.
    pub agreement: Agreement,
    /// The same in words, e.g. `introspection differs`.
    pub words: String,
    /// What the claim means.
    pub meaning: Option<String>,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TruthGroup {
    /// As in [`crate::inspect::ClaimGroup::id`].
    pub id: String,
    /// Heading.
    pub title: String,
    /// Rows.
    pub rows: Vec<TruthRow>,
}

/// Token, introspection and userinfo side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Truth {
    /// The token.
    pub token: TokenView,
    /// The columns: token, introspection, userinfo.
    pub sources: Vec<Source>,
    /// Claims by group.
    pub groups: Vec<TruthGroup>,
    /// What follows from the differences, worst first.
    pub findings: Vec<Finding>,
    /// Number of rows that differ.
    pub differences: usize,
    /// How many rows are left out.
    #[serde(default)]
    pub left_out: usize,
}
