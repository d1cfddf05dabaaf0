//! Comparison by meaning: what an exchange changed, claim by claim, with verdicts.
//!
//! Not a text diff: sets are compared as sets, times as durations, and every statement names the rows that
//! made it (product.md, "What a token comparison must say").

mod attenuation;
mod rows;
#[cfg(test)]
mod tests;
mod verdict;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{
    check::Report,
    finding::Finding,
    token::{ClaimValue, TokenView},
};

/// One token of a comparison.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// Its shelf line.
    pub view: TokenView,
    /// Its header; none for opaque tokens.
    pub header: Option<&'a Map<String, Value>>,
    /// Its claims, or what introspection said of an opaque token.
    pub claims: Option<&'a Map<String, Value>>,
}

/// Compares tokens, the subject first. Verdicts and findings are about the first against the last column;
/// a `report` marks what the last column is missing.
pub fn compare(columns: &[Column<'_>], report: Option<&Report>) -> Comparison {
    let table = rows::table(columns, report);
    let all = table.iter().flat_map(|group| &group.rows);
    let differs = |row: &&Row| rows::differs(row);
    let (verdicts, findings) = match columns {
        [first, .., last] => (verdict::verdicts(first, last, &table), attenuation::findings(first, last)),
        _ => (Vec::new(), Vec::new()),
    };
    Comparison {
        columns: columns.iter().map(|column| column.view.clone()).collect(),
        verdicts,
        findings,
        rows: all.clone().count(),
        changes: all.filter(differs).count(),
        groups: table,
    }
}

/// How one claim differs from subject to issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Equal.
    Same,
    /// Only in the issued token.
    Added,
    /// Only in the subject token.
    Removed,
    /// Set lost members and won none.
    Narrowed,
    /// Set won members and lost none.
    Widened,
    /// Another value, or a set that both lost and won.
    Replaced,
    /// A time later than in the subject so that the issued token lives longer than it.
    Outlives,
    /// A time earlier than in the subject.
    Shorter,
}

/// A chip of a set in one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Member {
    /// The text.
    pub text: String,
    /// What happened to it, seen from this column.
    pub mark: Mark,
}

/// Sign on a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// In all columns.
    Kept,
    /// In the first column, lost later.
    Removed,
    /// Not in the first column.
    Added,
    /// Required by a check and absent; a dashed chip where it should have been.
    Missing,
}

/// One column's cell of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cell {
    /// The token has no such claim.
    Absent,
    /// The same as the first column (said once).
    Equal,
    /// A value of its own.
    Value {
        /// The value.
        value: ClaimValue,
    },
    /// A set with marks: kept first, then removed or added, then missing.
    Members {
        /// Chips in order.
        members: Vec<Member>,
    },
}

/// One claim across all columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Row {
    /// Path, e.g. `resource_access.orders-api.roles`.
    pub path: String,
    /// Short name in the first column.
    pub label: String,
    /// Cells, one a column.
    pub cells: Vec<Cell>,
    /// Overall change (first against last column).
    pub change: Change,
    /// Words of the last column, e.g. `narrowed 3 → 1`, `same`, `outlives +7 s`.
    pub change_text: String,
    /// One line saying what the claim means.
    pub meaning: Option<String>,
    /// True when a failed check points at this row (red edge).
    pub failed_check: bool,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Group {
    /// As in [`crate::token::ClaimGroup::id`].
    pub id: String,
    /// Heading, e.g. `Audience and scope`.
    pub title: String,
    /// Words beside it, e.g. `2 of 2 narrowed`.
    pub summary: String,
    /// Folded at first: noise, and groups where all is equal.
    pub folded: bool,
    /// Rows in stable order.
    pub rows: Vec<Row>,
}

/// One statement about the pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Verdict {
    /// `identity`, `requester`, `audience`, `scope`, `roles`, `lifetime`, `issuer`, `binding`.
    pub id: String,
    /// Label, e.g. `Audience`.
    pub label: String,
    /// What class it has (decides ink and glyph).
    pub tone: VerdictTone,
    /// The strong word, e.g. `narrowed`, `preserved`, `outlives`.
    pub word: String,
    /// The quiet rest, e.g. `3 → 1`, `frontend → portal`, `by 7 s`.
    pub rest: String,
    /// Paths of the rows that made it (it filters them).
    pub paths: Vec<String>,
}

/// Class of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictTone {
    /// Nothing changed.
    Same,
    /// Changed, neither more nor less.
    Changed,
    /// Less than before.
    Narrowed,
    /// More than before: a warning.
    Widened,
    /// Something came.
    Added,
    /// Something went.
    Removed,
    /// Issued lives longer than subject: a warning.
    Outlives,
    /// Not there on either side.
    None,
}

/// Two to four tokens side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// The tokens, subject first.
    pub columns: Vec<TokenView>,
    /// Statements about first against last column.
    pub verdicts: Vec<Verdict>,
    /// Claims by group.
    pub groups: Vec<Group>,
    /// Attenuation findings: outlives, wider than parent.
    pub findings: Vec<Finding>,
    /// Number of rows, all of them.
    pub rows: usize,
    /// Number of rows that changed.
    pub changes: usize,
}
