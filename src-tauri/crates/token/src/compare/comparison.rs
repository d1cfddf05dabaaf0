//! What a comparison says: the tokens side by side, and of each what it is against the first.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{table::Group, verdict::Verdict};
use crate::{finding::Finding, inspect::TokenView, lineage::Kinship};

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
