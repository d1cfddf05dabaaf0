//! What came of the checks: each with its evidence, and what the API would answer to all of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Holds.
    Pass,
    /// Does not hold.
    Fail,
    /// Nothing is expected here.
    NotApplicable,
    /// Can not be told from what is at hand (e.g. signature of evidence).
    Unknown,
}

/// One check with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    /// Stable: `signature`, `issuer`, `audience`, `expiry`, `not-before`, `token-type`, `roles`, `scope`, `claim:<path>`, `lifetime`, `age`, `user`, `binding`, `active`, `roles-any`.
    pub id: String,
    /// Short word shown when it passes, e.g. `audience`.
    pub label: String,
    /// Sentence when it matters, e.g. `Role viewer of orders-api`.
    pub title: String,
    /// Result.
    pub outcome: CheckOutcome,
    /// What the API wants.
    pub expected: String,
    /// What the token has.
    pub found: String,
    /// Claim path it was looked for at.
    pub path: String,
    /// Members that are required and absent (dashed chips).
    pub missing: Vec<String>,
    /// One sentence of advice or evidence, e.g. `Role viewer is in realm_access, the API reads resource_access.orders-api`.
    pub advice: Option<String>,
    /// Rule it comes from, e.g. `RFC 9068 4`.
    pub rfc: Option<String>,
    /// Moment the found value is about, epoch seconds (end, begin, issue): the window says it anew as time passes.
    pub moment: Option<i64>,
}

impl Check {
    /// It with whatever hidden character of the token got into its texts written out ([`crate::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        use crate::shown::{made_sentence, made_visible};
        Self {
            title: made_sentence(self.title),
            expected: made_sentence(self.expected),
            found: made_sentence(self.found),
            path: made_sentence(self.path),
            missing: self.missing.into_iter().map(made_visible).collect(),
            advice: self.advice.map(made_sentence),
            ..self
        }
    }
}

/// All checks of one token against one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Report {
    /// Name of the resource, e.g. `orders-api`.
    pub resource: String,
    /// Status the API would answer: 200, 401 or 403; none when it cannot be told.
    pub answer: Option<u16>,
    /// Error code of RFC 6750 3.1 that goes with the status: `invalid_token` or `insufficient_scope`.
    pub error: Option<String>,
    /// Value of `WWW-Authenticate` that goes with it (RFC 6750 3, RFC 9449 7.1).
    pub challenge: Option<String>,
    /// Sentence, e.g. `orders-api would answer 403`.
    pub headline: String,
    /// Id of the check it would trip over first.
    pub first_failure: Option<String>,
    /// All checks in the order an API runs them.
    pub checks: Vec<Check>,
    /// Next moment a check will end otherwise because time passed, epoch seconds; none when none will.
    pub until_s: Option<i64>,
}
