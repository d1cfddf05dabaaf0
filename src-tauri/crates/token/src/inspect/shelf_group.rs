//! Under which heading a token stands on the shelf.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Obtained;

/// Heading of a token on the shelf. What is done with a heading goes by this: a person may be called like one of the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShelfGroup {
    /// Tokens of one user.
    Person {
        /// Readable name; empty where a record of an earlier release has no heading of its own kind.
        name: String,
    },
    /// Tokens without a user.
    Applications,
    /// Pasted, or dropped as a file.
    Pasted,
    /// Predictions of a server.
    Predicted,
    /// What a gateway keeps of an exchange it made by itself. Nobody else has their text, so they are there to be compared.
    KeptByGateway,
}

impl Default for ShelfGroup {
    fn default() -> Self {
        Self::Person { name: String::new() }
    }
}

impl ShelfGroup {
    /// Of a record of an earlier release, which had the words of the heading alone.
    pub fn of_earlier_words(group: &str, obtained: Obtained, step: Option<i64>) -> Self {
        match (group, obtained) {
            ("Predicted", Obtained::Predicted) => Self::Predicted,
            ("Kept by the gateway", Obtained::KeptByGateway) => Self::KeptByGateway,
            ("Pasted", _) if step.is_none() => Self::Pasted,
            ("Applications", _) => Self::Applications,
            _ => Self::Person { name: group.to_owned() },
        }
    }

    /// The words of the heading.
    pub fn words(&self) -> &str {
        match self {
            Self::Person { name } => name,
            Self::Applications => "Applications",
            Self::Pasted => "Pasted",
            Self::Predicted => "Predicted",
            Self::KeptByGateway => "Kept by the gateway",
        }
    }

    /// It with the name of its person, if it has one, as `change` makes it.
    #[must_use]
    pub fn with_name(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Person { name } => Self::Person { name: change(name) },
            other => other,
        }
    }
}
