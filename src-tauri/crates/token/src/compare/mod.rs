//! Comparison by meaning: what an exchange changed, claim by claim, with verdicts.
//!
//! Not a text diff: sets are compared as sets, times as durations, and every statement names the rows that
//! made it (product.md, "What a token comparison must say").

mod attenuation;
mod environment;
mod rows;
#[cfg(test)]
mod tests;
mod verdict;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

pub use attenuation::findings as attenuation;

use crate::{
    check::Report,
    decode::json::Exact,
    finding::Finding,
    inspect::{ClaimValue, TokenFormat, TokenKind, TokenView},
    lineage::Kinship,
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
    /// Texts of the numbers that the claims can not hold.
    pub exact: &'a Exact,
}

/// When a token ends, as far as anybody can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Its claims say when, or its response did.
    At(i64),
    /// It can be read and names no end.
    Never,
    /// It cannot be read, and nobody said.
    Unknown,
}

impl Column<'_> {
    /// Whether its claims are what introspection chose to say of a token that cannot be read: a member that is not there is not
    /// known, then (RFC 7662 2.2: all but `active` are OPTIONAL).
    fn is_told(&self) -> bool {
        self.claims.is_some() && matches!(self.view.format, TokenFormat::Opaque | TokenFormat::Jwe) && !self.view.decrypted
    }

    /// Whether nobody can know that it has none of these claims.
    fn may_hide(&self, names: &[&str]) -> bool {
        match self.claims {
            Some(claims) => self.is_told() && !names.iter().any(|name| claims.contains_key(*name)),
            None => true,
        }
    }

    fn end(&self) -> End {
        match self.view.expires_at {
            Some(at) => End::At(at),
            None if self.may_hide(&["exp"]) => End::Unknown,
            None => End::Never,
        }
    }

    /// Whether its end is that of a session for the server alone, which is no measure for the end of a token for an API.
    fn is_refresh(&self) -> bool {
        self.view.kind == TokenKind::Refresh
    }
}

/// Compares tokens, the subject first; a `report` marks what the last column is missing. For tokens whose kinship is not known.
pub fn compare(columns: &[Column<'_>], report: Option<&Report>) -> Comparison {
    let last = columns.len().saturating_sub(1);
    let reports: Vec<Option<&Report>> = (0..columns.len()).map(|index| report.filter(|_| index == last)).collect();
    compare_all(columns, &reports, &vec![Kinship::Unknown; columns.len()])
}

/// Compares tokens, each against the first. `reports` and `kin` go with the columns: the checks of each, and how it is related
/// to the first; what stands for the first itself is not read.
pub fn compare_all(columns: &[Column<'_>], reports: &[Option<&Report>], kin: &[Kinship]) -> Comparison {
    let mut table = rows::table(columns, reports);
    let kinship = |index: usize| kin.get(index).copied().unwrap_or_default();
    let apart: Vec<bool> = match columns.split_first() {
        Some((first, others)) => {
            others.iter().enumerate().map(|(index, other)| environment::apart(first, other, kinship(index + 1))).collect()
        }
        None => Vec::new(),
    };
    let environments = apart.contains(&true);
    if environments {
        environment::fold(&mut table, columns, &apart);
    }
    let all = table.iter().flat_map(|group| &group.rows);
    let pairs = match columns.split_first() {
        Some((first, others)) => others
            .iter()
            .enumerate()
            .map(|(index, other)| {
                let kinship = kinship(index + 1);
                let mut verdicts = verdict::verdicts(first, other, &table);
                let mut environment = Vec::new();
                if apart[index] {
                    environment::substance(
                        &mut verdicts,
                        first,
                        other,
                        ["B", "C", "D"].get(index).copied().unwrap_or("the other"),
                    );
                    environment = environment::statements(first, other, &table);
                }
                Against {
                    kinship,
                    verdicts,
                    environment,
                    // What one environment grants is no attenuation of what another does.
                    findings: if apart[index] { Vec::new() } else { attenuation::findings(first, other, kinship) },
                    changes: all
                        .clone()
                        .filter(|row| row.changes.get(index + 1).is_some_and(|change| rows::matters(*change)))
                        .count(),
                }
            })
            .collect(),
        None => Vec::new(),
    };
    Comparison {
        columns: columns.iter().map(|column| column.view.clone()).collect(),
        pairs,
        environments,
        rows: all.clone().count(),
        changes: all.clone().filter(|row| rows::differs(row)).count(),
        substance: all.filter(|row| row.substance).count(),
        left_out: 0,
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
    /// One side cannot be read, so nothing is stated.
    Unknown,
}

/// What is said of one column against the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Against {
    /// How the column is related to the first.
    pub kinship: Kinship,
    /// The eight statements; of two environments the seven of substance.
    pub verdicts: Vec<Verdict>,
    /// Of two environments: what is said of issuer, key and the user's id; empty otherwise.
    pub environment: Vec<Verdict>,
    /// Attenuation findings: outlives or exceeds the token it was made from.
    pub findings: Vec<Finding>,
    /// Number of rows that differ from the first.
    pub changes: usize,
}

/// Two to four tokens side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// The tokens, subject first.
    pub columns: Vec<TokenView>,
    /// The first against each other column, in their order.
    pub pairs: Vec<Against>,
    /// Claims by group.
    pub groups: Vec<Group>,
    /// Whether some of them come from two environments.
    pub environments: bool,
    /// Number of rows, all of them.
    pub rows: usize,
    /// Number of rows that changed.
    pub changes: usize,
    /// Number of rows that differ in substance.
    pub substance: usize,
    /// How many rows are left out.
    #[serde(default)]
    pub left_out: usize,
}
