//! Claims and header parameters as they are shown: a value, a row, and the rows that belong together.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::shown::made_visible;

/// How a value is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClaimValue {
    /// One piece of text (strings, numbers, booleans as JSON writes them).
    Text {
        /// The text, exact.
        text: String,
    },
    /// A set, drawn as chips.
    Set {
        /// Members in their order.
        members: Vec<String>,
        /// How many more there are that are not here.
        #[serde(default)]
        more: usize,
    },
    /// A point in time.
    Time {
        /// Epoch seconds.
        epoch: i64,
    },
    /// A nested object or a mixed list, as compact JSON.
    Json {
        /// The text.
        text: String,
    },
}

impl ClaimValue {
    /// It with the hidden characters of its texts written out ([`crate::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        match self {
            Self::Text { text } => Self::Text { text: made_visible(text) },
            Self::Set { members, more } => Self::Set { members: members.into_iter().map(made_visible).collect(), more },
            Self::Json { text } => Self::Json { text: crate::shown::json(&text).into_owned() },
            Self::Time { .. } => self,
        }
    }
}

/// One claim or header parameter of one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClaimRow {
    /// Path shown, e.g. `realm_access.roles`.
    pub path: String,
    /// Short name shown in the first column, e.g. `realm` inside the group Roles.
    pub label: String,
    /// The value.
    pub value: ClaimValue,
    /// One line saying what this claim means; none for unknown claims.
    pub meaning: Option<String>,
}

/// Claims that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClaimGroup {
    /// Stable: `identity`, `audience`, `roles`, `lifetime`, `profile`, `issuer`, `binding`, `other`, `noise`.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Rows in stable order.
    pub rows: Vec<ClaimRow>,
}
