//! The table of a comparison as it is drawn: groups of rows, a cell a column, and what changed from one to the next.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::inspect::ClaimValue;

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
    /// One of the two cannot be read, so nothing is known.
    Unknown,
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
    /// The token cannot be read, so it is not known.
    Unknown,
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
        /// How many more there are that are not here.
        #[serde(default)]
        more: usize,
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
    /// Overall change: of the last column against the first, or of the first column that differs.
    pub change: Change,
    /// What happened from the first column to each; the first is always `same`.
    pub changes: Vec<Change>,
    /// Words of the last column, e.g. `narrowed 3 → 1`, `same`, `outlives +7 s`.
    pub change_text: String,
    /// One line saying what the claim means.
    pub meaning: Option<String>,
    /// True when a failed check points at this row (red edge).
    pub failed_check: bool,
    /// True when it differs in substance: neither new in every token nor a matter of the environment.
    pub substance: bool,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Group {
    /// As in [`crate::inspect::ClaimGroup::id`], or `environment`.
    pub id: String,
    /// Heading, e.g. `Audience and scope`.
    pub title: String,
    /// Words beside it, e.g. `2 of 2 narrowed`.
    pub summary: String,
    /// Folded at first: noise, the environment, and groups where all is equal.
    pub folded: bool,
    /// Rows in stable order.
    pub rows: Vec<Row>,
}

/// Id of the group.
pub const ENVIRONMENT: &str = "environment";
