//! Checks: would an API with these expectations accept this token?
//!
//! Every check runs; the report says what the API would answer and on which check it would trip first.

mod advice;
mod derive;
mod rights;
mod run;
#[cfg(test)]
mod tests;
mod trust;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use derive::derive;
pub use run::run;

/// What a resource expects of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Expectations {
    /// Allowed `iss` values; empty = not checked.
    pub issuer: Vec<String>,
    /// At least one of these must be in `aud`; empty = not checked.
    pub audience: Vec<String>,
    /// Expected `typ` claim or header, e.g. `Bearer` or `at+jwt`; empty = not checked.
    pub token_type: String,
    /// All of these roles must be there.
    pub roles_all: Vec<String>,
    /// At least one of these must be there.
    pub roles_any: Vec<String>,
    /// Where roles are read, as a path: `realm_access.roles` or `resource_access.orders-api.roles`.
    pub roles_path: String,
    /// All of these scopes must be in `scope`.
    pub scope: Vec<String>,
    /// Claims that must be there, optionally with an exact value.
    pub claims: Vec<RequiredClaim>,
    /// Whether the API needs a user behind the token (not only an application).
    pub needs_user: bool,
    /// Longest allowed `exp - iat` in seconds; 0 = not checked.
    pub max_lifetime_s: i64,
    /// Longest allowed age `now - iat` in seconds; 0 = not checked.
    pub max_age_s: i64,
    /// Tolerated clock difference in seconds.
    pub clock_tolerance_s: i64,
    /// Whether the API verifies the signature (an API that does not is itself a finding).
    pub signature: bool,
}

/// A claim an API insists on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequiredClaim {
    /// Path, e.g. `email_verified`.
    pub path: String,
    /// Exact value as text; empty = any.
    pub value: String,
}

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
    /// Stable: `signature`, `issuer`, `audience`, `expiry`, `not-before`, `token-type`, `roles`, `scope`, `claim:<path>`, `lifetime`, `age`, `user`.
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
}

/// All checks of one token against one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Report {
    /// Name of the resource, e.g. `orders-api`.
    pub resource: String,
    /// Status the API would answer: 200, 401 or 403; none when it cannot be told.
    pub answer: Option<u16>,
    /// Sentence, e.g. `orders-api would answer 403`.
    pub headline: String,
    /// Id of the check it would trip over first.
    pub first_failure: Option<String>,
    /// All checks in the order an API runs them.
    pub checks: Vec<Check>,
}
